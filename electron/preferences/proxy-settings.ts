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

/** Among the secrets, beside those of profiles, whose ids are UUIDs. */
const PROXY_SECRET_ID = 'proxy';

/** A choice on its way to the disk, without its password; `secret`: a new one, `null` for none, `kept` for the one that is there. */
interface EncryptedProxy {
  proxy: Proxy;
  secret: NewKey | null | 'kept';
}

/**
 * The proxy of the settings. Its address is stored with them; its password is a secret, bound to user and address like a key to its server, and
 * never shown again. Without a cipher it lives until the program ends.
 */
export class ProxySettings {
  readonly #secrets: Secrets;
  readonly #environment: Record<string, string | undefined>;

  constructor(secrets: Secrets, environment: Record<string, string | undefined>) {
    this.#secrets = secrets;
    this.#environment = environment;
  }

  /** As the screen sees it. */
  masked(stored: Proxy = { mode: 'environment' }): Proxy {
    if (stored.mode !== 'manual') return stored;
    try {
      return { mode: 'manual', url: maskProxyAddress(this.#read(stored.url)) };
    } catch {
      // Written by hand, and no address: what it holds is not shown.
      return { mode: 'manual', url: '' };
    }
  }

  /** The proxy for an address, with its password, or null: addresses on this computer never go through one. Throws `profile-invalid`. */
  addressFor(baseUrl: string, stored: Proxy = { mode: 'environment' }): string | null {
    const url = URL.parse(baseUrl);
    if (!url || stored.mode === 'none' || isLoopbackHost(url.hostname)) return null;
    if (stored.mode === 'environment') return environmentProxyFor(url, this.#environment);
    return joinProxyAddress(this.#read(stored.url));
  }

  /** Takes the password out of a typed choice and encrypts it. Throws `profile-invalid` or `secrets-unavailable`. */
  async encryptSecret(typed: Proxy): Promise<EncryptedProxy> {
    if (typed.mode !== 'manual') return { proxy: typed, secret: null };
    const { address, password } = readProxyAddress(typed.url);
    const proxy: Proxy = { mode: 'manual', url: address };
    if (password === null) return { proxy, secret: null };
    if (password === PASSWORD_MASK) return { proxy, secret: 'kept' };
    return { proxy, secret: await this.#secrets.encryptSecret(ownerOf(address), password) };
  }

  /** What to store, and what to do with the secret once that is stored. A mask stands for the password of the same user and address only. */
  prepareChange({ proxy, secret }: EncryptedProxy, stored: Proxy | undefined): { proxy: Proxy; keep(): Promise<void> } {
    if (secret === null) return { proxy, keep: () => this.#secrets.remove(PROXY_SECRET_ID) };
    if (secret !== 'kept') return { proxy, keep: () => this.#secrets.set(PROXY_SECRET_ID, secret) };
    const same = stored?.mode === 'manual' && proxy.mode === 'manual' && stored.url === proxy.url;
    if (same && this.#passwordOf(stored.url) !== null) return { proxy, keep: () => Promise.resolve() };
    const message = 'The proxy’s user name or address has changed. Enter its password again.';
    throw new StudioError({ code: 'profile-invalid', message, field: 'proxy' });
  }

  /** A stored address with its password, which a person who writes settings by hand may have left in it. Throws `profile-invalid`. */
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
