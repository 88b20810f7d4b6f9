import type { Profile } from '../../electron/contract/entities/profiles.ts';
import { DIALECTS, resolveServer, type Ability, type ServerKind } from '../../electron/contract/catalogue/servers.ts';
import { imageFieldLabel } from './probe-labels.ts';

/** What a person can set right about a server, in the order of the form. */
export const OVERRIDABLE = [
  { ability: 'create', label: 'Create' },
  { ability: 'edit', label: 'Edit' },
  { ability: 'variation', label: 'Variations' },
  { ability: 'streaming', label: 'Streaming' },
] as const;

/** What holds of an ability where the person says nothing, and where that comes from: "yes, found", "no, known of LiteLLM". */
export function detectedLabel(ability: Ability, kind: ServerKind, profile: Profile | null): string {
  // What was found belongs to the kind of server that was asked.
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
