import type { StudioApi } from '../../electron/contract/api.ts';
import type { EndpointName } from '../../electron/contract/endpoints.ts';
import { isAllowedReadOnly } from '../../electron/contract/read-only.ts';
import type { HostInfo } from '../../electron/contract/entities/host.ts';
import type { Profile } from '../../electron/contract/entities/profiles.ts';
import type { Settings } from '../../electron/contract/entities/settings.ts';

/** Said of what is disabled; the line at the window's foot leads to what can be done about it. */
const READ_ONLY = 'This library is read-only';

/** Settings and host capabilities. Both are null until `load` has succeeded once. */
export class Preferences {
  settings = $state.raw<Settings | null>(null);
  host = $state.raw<HostInfo | null>(null);
  readonly #studio: StudioApi;
  #counting: Promise<void> | null = null;
  #again = false;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** The chosen profile; null for none. */
  get profile(): Profile | null {
    const settings = this.settings;
    return settings?.profiles.find((profile) => profile.id === settings.profileId) ?? null;
  }

  /** Why the library that is open doesn't answer a call, as a sentence for the control that would make it; null if it does. */
  whyNot(endpoint: EndpointName): string | null {
    return this.settings?.library.readOnly && !isAllowedReadOnly(endpoint) ? READ_ONLY : null;
  }

  async load(): Promise<void> {
    const [settings, host] = await Promise.all([this.#studio.settings.get({}), this.#studio.host.info({})]);
    this.settings = settings;
    this.host = host;
  }

  /** Reloads the library's counts, which no settings event covers. A call during another one runs once more afterwards. */
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
        // Only this part: an event may have changed the rest in the meantime.
        if (this.settings) this.settings = { ...this.settings, library };
      } catch {
        // The old count stays; the library's view asks at the same time and reports the error.
      }
    }
  }
}
