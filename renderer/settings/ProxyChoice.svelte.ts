import type { StudioApi } from '../../electron/contract/api.ts';
import type { Proxy, Settings } from '../../electron/contract/entities/settings.ts';
import { toErrorReport } from '../../electron/contract/errors/errors.ts';

/** The proxy as the person works on it. Two of its modes hold at once; an address of one's own is saved first. */
export class ProxyChoice {
  /** The mode that is shown: an own address may be typed before it is in force. */
  mode = $state<Proxy['mode']>('environment');
  /** A password in it is shown as dots, and stays as it is while they do. */
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

  /** An address is typed that is not in force. */
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
    try {
      const settings = await this.#studio.settings.change({ proxy });
      this.#show(settings.proxy);
    } catch (thrown) {
      this.error = toErrorReport(thrown).message;
    } finally {
      this.busy = false;
    }
  }

  #show(proxy: Proxy): void {
    this.mode = proxy.mode;
    if (proxy.mode === 'manual') this.address = proxy.url;
  }
}
