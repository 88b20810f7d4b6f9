import type { Proxy } from '../contract/entities/settings.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { isLoopbackHost } from '../contract/loopback-host.ts';
import { environmentProxyFor } from './environment-proxy.ts';
import {
  joinProxyAddress,
  maskProxyAddress,
  PASSWORD_MASK,
  readProxyAddress,
  type ProxyAddress,
} from './proxy-address.ts';
import type { NewKey, Secrets } from './secrets.ts';

/** The proxy's key in the secrets file; profile ids are UUIDs. */
const PROXY_SECRET_ID = 'proxy';

/** A proxy setting to be stored, without its password. `secret`: the new password; `null`: none; `kept`: unchanged. */
interface EncryptedProxy {
  proxy: Proxy;
  secret: NewKey | null | 'kept';
}

/**
 * The proxy setting. Its address is stored in the settings; its password is a secret, bound to user and address, and never shown again.
 * Without a cipher it is kept in memory until the program ends.
 */
export class ProxySettings {
  readonly #secrets: Secrets;
  readonly #environment: Record<string, string | undefined>;

  constructor(secrets: Secrets, environment: Record<string, string | undefined>) {
    this.#secrets = secrets;
    this.#environment = environment;
  }

  /** Returns the setting with its password masked, for the screen. */
  masked(stored: Proxy = { mode: 'environment' }): Proxy {
    if (stored.mode !== 'manual') return stored;
    try {
      return { mode: 'manual', url: maskProxyAddress(this.#read(stored.url)) };
    } catch {
      // Edited by hand and invalid: not shown.
      return { mode: 'manual', url: '' };
    }
  }

  /**
   * Returns the proxy for a base URL, with its password, or null. Addresses on this computer never use one.
   * @throws `profile-invalid`
   */
  addressFor(baseUrl: string, stored: Proxy = { mode: 'environment' }): string | null {
    const url = URL.parse(baseUrl);
    if (!url || stored.mode === 'none' || isLoopbackHost(url.hostname)) return null;
    if (stored.mode === 'environment') return environmentProxyFor(url, this.#environment);
    return joinProxyAddress(this.#read(stored.url));
  }

  /**
   * Separates and encrypts the password of an entered setting.
   * @throws `profile-invalid` or `secrets-unavailable`
   */
  async encryptSecret(typed: Proxy): Promise<EncryptedProxy> {
    if (typed.mode !== 'manual') return { proxy: typed, secret: null };
    const { address, password } = readProxyAddress(typed.url);
    const proxy: Proxy = { mode: 'manual', url: address };
    if (password === null) return { proxy, secret: null };
    if (password === PASSWORD_MASK) return { proxy, secret: 'kept' };
    return { proxy, secret: await this.#secrets.encryptSecret(ownerOf(address), password) };
  }

  /**
   * Returns the setting to store, and `keep`, which stores its password afterwards. A masked password keeps the stored one only for the
   * same user and address.
   */
  prepareChange({ proxy, secret }: EncryptedProxy, stored: Proxy | undefined): { proxy: Proxy; keep(): Promise<void> } {
    if (secret === null) return { proxy, keep: () => this.#secrets.remove(PROXY_SECRET_ID) };
    if (secret !== 'kept') return { proxy, keep: () => this.#secrets.set(PROXY_SECRET_ID, secret) };
    const same = stored?.mode === 'manual' && proxy.mode === 'manual' && stored.url === proxy.url;
    if (same && this.#passwordOf(stored.url) !== null) return { proxy, keep: () => Promise.resolve() };
    const message = 'The proxy’s user name or address has changed. Enter its password again.';
    throw new StudioError({ code: 'profile-invalid', message, field: 'proxy' });
  }

  /**
   * Returns the stored address with its password. The settings file may contain a password if it was edited by hand.
   * @throws `profile-invalid`
   */
  #read(stored: string): ProxyAddress {
    const { address, password } = readProxyAddress(stored);
    return { address, password: password ?? this.#passwordOf(address) };
  }

  #passwordOf(address: string): string | null {
    return this.#secrets.keyOf(ownerOf(address));
  }
}

function ownerOf(address: string): { id: string; baseUrl: string } {
  return { id: PROXY_SECRET_ID, baseUrl: address };
}
