import { EventEmitter } from 'node:events';
import { toReal } from './schemes.ts';
import { readyBrowser } from './state.ts';

type RequestHandler = (page: unknown, permission: string, answer: (granted: boolean) => void, details: object) => void;
type CheckHandler = (page: unknown, permission: string, origin: string, details: object) => boolean;

/** Electron's permission names, and how the DevTools protocol describes them. */
const PERMISSIONS: readonly [electron: string, descriptor: { name: string; allowWithoutSanitization?: boolean }][] = [
  ['notifications', { name: 'notifications' }],
  ['geolocation', { name: 'geolocation' }],
  ['media', { name: 'camera' }],
  ['media', { name: 'microphone' }],
  ['midi', { name: 'midi' }],
  ['idle-detection', { name: 'idle-detection' }],
  ['clipboard-read', { name: 'clipboard-read' }],
  ['clipboard-sanitized-write', { name: 'clipboard-write', allowWithoutSanitization: false }],
];

export class Session extends EventEmitter {
  #request: RequestHandler | null = null;
  #check: CheckHandler | null = null;

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.#check = handler;
  }

  /** Ignored: headless Chromium has no devices. */
  setDevicePermissionHandler(): void {}

  /**
   * Chromium doesn't expose permission requests, so both handlers are called in advance, once per loaded origin, and the results are set
   * in Chromium.
   */
  async settlePermissions(page: unknown, address: string): Promise<void> {
    const real = toReal(address);
    if (!/^https?:/u.test(real)) return;
    const { chromium } = readyBrowser();
    const { origin } = new URL(real);
    for (const [name, permission] of PERMISSIONS) {
      const setting = (await this.#allows(page, name, address)) ? 'granted' : 'denied';
      await chromium.browser.send('Browser.setPermission', { permission, setting, origin });
    }
  }

  async #allows(page: unknown, permission: string, address: string): Promise<boolean> {
    const details = { requestingUrl: address, isMainFrame: true };
    const request = this.#request;
    if (this.#check && !this.#check(page, permission, new URL(address).origin, details)) return false;
    return request ? new Promise((resolve) => request(page, permission, resolve, details)) : true;
  }
}

export const session = { defaultSession: new Session() };
