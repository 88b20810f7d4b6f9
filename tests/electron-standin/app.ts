import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SingleInstance, type Knock } from './single-instance.ts';
import { cancelable, state } from './state.ts';

/** The application's identity from its package.json, read by `run.ts`. */
interface AppIdentity {
  name: string;
  version: string;
  folder: string;
  /** The home folder of this run; contains all default paths of the application. */
  home: string;
}

interface Closable {
  close(): void;
  destroy(): void;
  isDestroyed(): boolean;
}

class App extends EventEmitter {
  readonly isPackaged = false;
  /** All windows that are open; `browser-window.ts` keeps it. */
  readonly openWindows = new Set<Closable>();
  readonly #whenReady = new Promise<void>((resolve) => this.once('ready', () => resolve()));
  readonly #paths = new Map<string, string>();
  #identity: AppIdentity = { name: 'Electron', version: '0.0.0', folder: process.cwd(), home: process.cwd() };
  #instance: SingleInstance | null = null;

  identify(identity: AppIdentity): void {
    this.#identity = identity;
  }

  whenReady(): Promise<void> {
    return this.#whenReady;
  }

  isReady(): boolean {
    return state.ready;
  }

  getName(): string {
    return this.#identity.name;
  }

  getVersion(): string {
    return this.#identity.version;
  }

  getAppPath(): string {
    return this.#identity.folder;
  }

  getPath(name: string): string {
    const { home, name: program } = this.#identity;
    const standard: Record<string, string> = {
      home,
      appData: join(home, '.config'),
      userData: join(home, '.config', program),
      temp: join(home, 'tmp'),
      pictures: join(home, 'Pictures'),
      documents: join(home, 'Documents'),
      downloads: join(home, 'Downloads'),
    };
    const path = this.#paths.get(name) ?? standard[name];
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    mkdirSync(path, { recursive: true });
    return path;
  }

  setPath(name: string, path: string): void {
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    this.#paths.set(name, path);
  }

  requestSingleInstanceLock(): boolean {
    if (this.#instance) return true;
    const instance = new SingleInstance(this.getPath('userData'));
    const hear = ({ argv, workingFolder }: Knock): void =>
      void this.emit('second-instance', {}, argv, workingFolder, null);
    if (!instance.acquire(hear)) return false;
    this.#instance = instance;
    return true;
  }

  /** before-quit, then every window's close, then will-quit; each can prevent it. */
  quit(): void {
    if (!state.ready) return void this.shutDown(0);
    const event = cancelable({});
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    state.quitting = true;
    for (const window of this.openWindows) window.close();
    if (this.openWindows.size > 0) {
      state.quitting = false;
      return;
    }
    const last = cancelable({});
    this.emit('will-quit', last);
    if (last.defaultPrevented) {
      state.quitting = false;
      return;
    }
    this.emit('quit', {}, 0);
    void this.shutDown(0);
  }

  exit(code = 0): void {
    state.quitting = true;
    for (const window of this.openWindows) window.destroy();
    void this.shutDown(code);
  }

  /** Called when the last window is closed. */
  allWindowsClosed(): void {
    if (!state.quitting && !this.emit('window-all-closed')) this.quit();
  }

  async shutDown(code: number): Promise<void> {
    state.quitting = true;
    this.#instance?.release();
    await state.chromium?.close().catch((error: unknown) => console.error('stand-in:', error));
    process.exit(code);
  }
}

export const app = new App();
