import type { Profile, ProfileKind } from '../contract/entities/profiles.ts';
import { DECISIVE_FIELDS } from '../contract/entities/settings-damage.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import { resolveServer, type Server } from '../contract/catalogue/servers.ts';
import { requiresApiKey } from './base-url.ts';
import type { EnvironmentProfile } from './environment-profile.ts';
import type { ProxySettings } from './proxy-settings.ts';
import type { Secrets } from './secrets.ts';
import type { SettingsFile } from './settings-file.ts';

/** Connection settings of a profile. Main process only: contains the key, and possibly a proxy's password. */
export interface ProfileConnection {
  name: string;
  kind: ProfileKind;
  baseUrl: string;
  /** Null: no key is sent; local servers may not need one. */
  apiKey: string | null;
  organisation: string | null;
  project: string | null;
  /** The profile's server: its kind's dialect, probe findings and the person's overrides. */
  server: Server;
  apiVersion: string | null;
  deployments: Readonly<Record<string, string>>;
  /** The HTTP proxy for this base URL, with its password, or null. */
  proxy: string | null;
  /** The server doesn't bill. */
  free: boolean;
  concurrency: number;
}

/** What a connection is resolved from. */
export interface ConnectionSources {
  settings: SettingsFile;
  secrets: Secrets;
  environment: EnvironmentProfile | null;
  proxy: ProxySettings;
}

/**
 * Returns the connection settings of a profile, including the key.
 * @throws `key-missing` if the server requires a key or the stored one can't be decrypted; `profile-invalid` if the environment's variables
 *   are invalid, or if a part of the profile that decides who pays was damaged
 */
export function resolveConnection(profile: Profile, sources: ConnectionSources): ProfileConnection {
  const { settings, secrets, environment } = sources;
  const { id, name, kind, baseUrl, organisation, project, apiVersion, deployments, free, concurrency } = profile;
  if (kind === 'environment' && environment?.fault) throw environment.fault;
  if (kind === 'saved') refuseDamaged(profile, settings);
  const apiKey = kind === 'environment' ? (environment?.apiKey ?? null) : secrets.keyOf({ id, baseUrl });
  if (kind === 'saved' && apiKey === null) refuseWithoutKey(profile, secrets);
  const server = resolveServer(profile);
  const proxy = kind === 'demo' ? null : sources.proxy.addressFor(baseUrl, settings.proxy);
  const account = { apiKey, organisation, project };
  return { name, kind, baseUrl, ...account, server, apiVersion, deployments, proxy, free, concurrency };
}

function refuseWithoutKey({ id, name, baseUrl }: Profile, secrets: Secrets): void {
  const unreadable = secrets.isUnreadable({ id, baseUrl });
  if (!unreadable && !requiresApiKey(baseUrl)) return;
  const reason = unreadable
    ? `The key of “${name}” can’t be read on this computer.`
    : `The profile “${name}” has no key.`;
  throw new StudioError({ code: 'key-missing', message: notSent(`${reason} Enter the key in Settings.`) });
}

/** A lost organisation or project isn't replaced by none: another account would pay. */
function refuseDamaged({ id, name, baseUrl }: Profile, settings: SettingsFile): void {
  const rows = settings.damage ?? [];
  const isDamaged = rows.some(({ field, profileId }) => profileId === id && DECISIVE_FIELDS.has(field));
  if (!isDamaged && baseUrl !== '') return;
  const message = notSent(`Part of the profile “${name}” was damaged. Check it in Settings and save it.`);
  throw new StudioError({ code: 'profile-invalid', message });
}
