import type { StudioApi } from '../../electron/contract/api.ts';
import type { HostInfo, Profile, Settings } from '../../electron/contract/entities.ts';

/** Settings and what the host can do. Both are null until `load` has come back once. */
export class Preferences {
  settings = $state.raw<Settings | null>(null);
  host = $state.raw<HostInfo | null>(null);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** The profile that requests go to, or null before one is chosen. */
  get profile(): Profile | null {
    const settings = this.settings;
    return settings?.profiles.find((profile) => profile.id === settings.profileId) ?? null;
  }

  async load(): Promise<void> {
    const [settings, host] = await Promise.all([this.#studio.settings.get({}), this.#studio.host.describe({})]);
    this.settings = settings;
    this.host = host;
  }
}
