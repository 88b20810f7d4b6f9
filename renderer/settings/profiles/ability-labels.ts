import type { Profile } from '../../../electron/contract/entities/profiles.ts';
import {
  DIALECTS,
  resolveServer,
  type Ability,
  type ServerKind,
} from '../../../electron/contract/catalogue/servers.ts';
import { imageFieldLabel } from '../server/probe-labels.ts';

/** Capabilities that a person can override, in the order of the form. */
export const OVERRIDABLE = [
  { ability: 'create', label: 'Create' },
  { ability: 'edit', label: 'Edit' },
  { ability: 'variation', label: 'Variations' },
  { ability: 'streaming', label: 'Streaming' },
] as const;

/** The value of a capability without an override, and its source: "yes, found", "no, known of LiteLLM". */
export function detectedLabel(ability: Ability, kind: ServerKind, profile: Profile | null): string {
  // Findings apply only to the kind of server that was probed.
  const found = profile?.server === kind ? profile.found : null;
  const server = resolveServer({ server: kind, found, overrides: {} });
  const isFound = found?.lines.some((line) => line.ability === ability && line.finding !== 'unknown') ?? false;
  const source = isFound ? 'found' : kind === 'compatible' ? 'assumed' : `known of ${DIALECTS[kind].name}`;
  const value =
    ability === 'imageField'
      ? imageFieldLabel(server.imageField)
      : (ability === 'streaming' ? server.streaming : server.operations.includes(ability))
        ? 'yes'
        : 'no';
  return `${value}, ${source}`;
}
