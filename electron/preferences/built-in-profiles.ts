import type { ProfileId } from '../contract/entities/ids.ts';
import { DEFAULT_PROFILE_FIELDS, type Profile } from '../contract/entities/profiles.ts';
import { guessServer } from '../contract/catalogue/servers.ts';
import { makeKeyHint } from './api-key.ts';
import type { EnvironmentProfile } from './environment-profile.ts';
import { defaultApiVersion } from './profile-draft.ts';

export const DEMO_PROFILE = 'demo' as ProfileId;
export const ENVIRONMENT_PROFILE = 'environment' as ProfileId;

/** The demo profile. Its base URL is known only while the demo server runs; the caller fills it in. */
export const DEMO: Profile = {
  id: DEMO_PROFILE,
  kind: 'demo',
  name: 'Demo server',
  baseUrl: '',
  organisation: null,
  project: null,
  key: 'not-needed',
  keyHint: null,
  ...DEFAULT_PROFILE_FIELDS,
  free: true,
};

/** Returns the environment's profile for the screen, without its key. */
export function buildEnvironmentProfile({
  baseUrl,
  organisation,
  project,
  apiKey,
  apiVersion,
}: EnvironmentProfile): Profile {
  const rest = { organisation, project, key: 'environment', keyHint: makeKeyHint(apiKey) } as const;
  const server = guessServer(baseUrl);
  const known = { ...DEFAULT_PROFILE_FIELDS, server, apiVersion: apiVersion ?? defaultApiVersion(server) };
  return { id: ENVIRONMENT_PROFILE, kind: 'environment', name: 'Environment', baseUrl, ...rest, ...known };
}
