import type { StudioApi } from '../../electron/contract/api.ts';
import type { HostInfo } from '../../electron/contract/entities/host.ts';
import type { Profile } from '../../electron/contract/entities/profiles.ts';
import type { Settings } from '../../electron/contract/entities/settings.ts';

/** Settings and what the host can do. Both are null until `load` has come back once. */
export class Preferences {
  settings = $state.raw<Settings | null>(null);
  host = $state.raw<HostInfo | null>(null);
  readonly #studio: StudioApi;
  #counting: Promise<void> | null = null;
  #again = false;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** The profile that requests go to, or null before one is chosen. */
  get profile(): Profile | null {
    const settings = this.settings;
    return settings?.profiles.find((profile) => profile.id === settings.profileId) ?? null;
  }

  async load(): Promise<void> {
    const [settings, host] = await Promise.all([this.#studio.settings.get({}), this.#studio.host.info({})]);
    this.settings = settings;
    this.host = host;
  }

  /** Asks anew what the library holds; images come and go without any settings event. Calls during a call make one more round. */
  recount(): Promise<void> {
    this.#again = true;
    this.#counting ??= this.#rounds().finally(() => (this.#counting = null));
    return this.#counting;
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const { library } = await this.#studio.settings.get({});
        // Only this part: the rest may have been changed, and told by an event, while the answer was on its way.
        if (this.settings) this.settings = { ...this.settings, library };
      } catch {
        // The count stays as it was; the gallery asks at the same moment and says what is wrong.
      }
    }
  }
}
