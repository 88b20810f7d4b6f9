import type { ProfileId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { Preferences } from '../../preferences/preferences.ts';
import type { ProfileConnection } from '../../preferences/profile-connection.ts';

export interface Connections {
  /**
   * The connection of a profile with its key, which must not leave the main process. Starts the demo server at its first use.
   * @throws StudioError `not-found` for an unknown profile, `key-missing` when the profile needs a key and has none, `profile-invalid` when
   *   an environment variable cannot be used, `server-unreachable` when the demo server does not start
   */
  connect(profileId: ProfileId): Promise<ProfileConnection>;
  close(): Promise<void>;
}

/** @param startDemo starts the built-in server on loopback and returns its base URL */
export function createConnections(
  preferences: Preferences,
  startDemo: () => Promise<{ baseUrl: string; close(): Promise<void> }>,
): Connections {
  let demo: ReturnType<typeof startDemo> | null = null;
  return {
    async connect(profileId) {
      const profile = await preferences.connectionOf(profileId);
      if (profile.kind === 'demo') {
        demo ??= startDemo().catch((cause: unknown) => {
          demo = null;
          throw new StudioError(
            {
              code: 'server-unreachable',
              detail: { kind: 'demo-server-down' },
            },
            { cause },
          );
        });
        return { ...profile, baseUrl: (await demo).baseUrl };
      }
      return profile;
    },
    async close() {
      await demo?.then((server) => server.close()).catch(() => undefined);
    },
  };
}
