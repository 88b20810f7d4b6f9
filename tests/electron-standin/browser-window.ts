import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { cancelable, readyBrowser } from './state.ts';
import { WebContents, type WebPreferences } from './web-contents.ts';

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface WindowOptions extends Partial<Bounds> {
  title?: string;
  show?: boolean;
  backgroundColor?: string;
  webPreferences?: WebPreferences;
}

const windows = new Set<BrowserWindow>();
let lastId = 0;

/** `BrowserWindow`: the page is real, the window frame is only recorded state. */
export class BrowserWindow extends EventEmitter {
  readonly id = (lastId += 1);
  readonly webContents: WebContents;
  readonly options: WindowOptions;
  #bounds: Bounds;
  #visible: boolean;
  #maximized = false;
  #minimized = false;
  #destroyed = false;
  #shownOnce = false;

  constructor(options: WindowOptions = {}) {
    super();
    readyBrowser();
    this.options = options;
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.#visible = options.show !== false;
    this.webContents = new WebContents(this, this.#bounds, options.webPreferences ?? {});
    this.webContents.on('did-finish-load', () => {
      if (!this.#shownOnce) this.emit('ready-to-show', {});
      this.#shownOnce = true;
    });
    this.webContents.once('destroyed', () => this.#gone());
    windows.add(this);
    app.openWindows.add(this);
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }

  show(): void {
    this.#visible = true;
    this.emit('show', {});
  }

  isVisible(): boolean {
    return this.#visible;
  }

  focus(): void {
    this.emit('focus', {});
  }

  maximize(): void {
    this.#maximized = true;
    this.emit('maximize', {});
  }

  isMaximized(): boolean {
    return this.#maximized;
  }

  minimize(): void {
    this.#minimized = true;
    this.emit('minimize', {});
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  restore(): void {
    this.#minimized = false;
    this.emit('restore', {});
  }

  isFullScreen(): boolean {
    return false;
  }

  getNormalBounds(): Bounds {
    return { ...this.#bounds };
  }

  setBounds(bounds: Partial<Bounds>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.emit('resize', {});
    this.emit('move', {});
  }

  setBackgroundColor(colour: string): void {
    this.options.backgroundColor = colour;
  }

  setTitleBarOverlay(): void {}

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    const event = cancelable({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    this.webContents.end();
  }

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this);
    app.openWindows.delete(this);
    this.emit('closed');
    if (windows.size === 0) app.allWindowsClosed();
  }
}
