import { PLAIN_PROFILE, type Profile, type ProfileId } from '../contract/entities.ts';
import { guessServer } from '../contract/catalogue/servers.ts';
import { hintOf } from './api-key.ts';
import type { EnvironmentProfile } from './environment-profile.ts';
import { usualApiVersion } from './profile-draft.ts';

export const DEMO_PROFILE = 'demo' as ProfileId;
export const ENVIRONMENT_PROFILE = 'environment' as ProfileId;

/** Always there. Its address is known only while it runs: whoever starts it fills it in. */
export const DEMO: Profile = {
  id: DEMO_PROFILE,
  kind: 'demo',
  name: 'Demo server',
  baseUrl: '',
  organisation: null,
  project: null,
  key: 'not-needed',
  keyHint: null,
  ...PLAIN_PROFILE,
  free: true,
};

/** The environment's profile as the screen sees it: without its key. */
export function describeEnvironment({
  baseUrl,
  organisation,
  project,
  apiKey,
  apiVersion,
}: EnvironmentProfile): Profile {
  const rest = { organisation, project, key: 'environment', keyHint: hintOf(apiKey) } as const;
  const server = guessServer(baseUrl);
  const known = { ...PLAIN_PROFILE, server, apiVersion: apiVersion ?? usualApiVersion(server) };
  return { id: ENVIRONMENT_PROFILE, kind: 'environment', name: 'Environment', baseUrl, ...rest, ...known };
}
