import type { StudioApi } from '../../electron/contract/api.ts';
import type { Proxy, Settings } from '../../electron/contract/entities/settings.ts';
import { attempt } from '../state/attempt.ts';

/** The state of the proxy setting. "System" and "None" apply at once; a custom address applies when it is saved. */
export class ProxyChoice {
  /** The selected mode; "Custom" may be selected before its address is saved. */
  mode = $state<Proxy['mode']>('environment');
  /** A stored password is shown as dots; unchanged dots keep it. */
  address = $state('');
  error = $state<string | null>(null);
  busy = $state(false);
  readonly #studio: StudioApi;
  readonly #settings: () => Settings;

  constructor(studio: StudioApi, settings: () => Settings) {
    this.#studio = studio;
    this.#settings = settings;
    this.#show(settings().proxy);
  }

  /** Whether the typed address differs from the saved one. */
  get changed(): boolean {
    const { proxy } = this.#settings();
    return this.mode === 'manual' && !(proxy.mode === 'manual' && proxy.url === this.address.trim());
  }

  async choose(mode: Proxy['mode']): Promise<void> {
    this.mode = mode;
    this.error = null;
    if (mode !== 'manual') await this.#change({ mode });
  }

  async save(): Promise<void> {
    await this.#change({ mode: 'manual', url: this.address });
  }

  async #change(proxy: Proxy): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    const error = await attempt(async () => {
      const settings = await this.#studio.settings.change({ proxy });
      this.#show(settings.proxy);
    });
    this.error = error?.message ?? null;
    this.busy = false;
  }

  #show(proxy: Proxy): void {
    this.mode = proxy.mode;
    if (proxy.mode === 'manual') this.address = proxy.url;
  }
}
