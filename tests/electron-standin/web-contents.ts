import { EventEmitter } from 'node:events';
import type { CdpSession } from './cdp.ts';
import { ipcMain, runHandler } from './ipc.ts';
import { journal } from './journal.ts';
import { PreloadLink } from './preload-link.ts';
import { toReal, toVirtual } from './schemes.ts';
import { session, type Session } from './session.ts';
import { cancelable, readyBrowser } from './state.ts';
import type { Target } from './targets.ts';
import { nativeTheme } from './theme.ts';
import type { IpcHead } from './worlds.ts';

export interface WebPreferences {
  preload?: string;
  sandbox?: boolean;
  contextIsolation?: boolean;
  nodeIntegration?: boolean;
  webviewTag?: boolean;
  webSecurity?: boolean;
}

type OpenHandler = (details: { url: string; frameName: string; disposition: string }) => { action: 'allow' | 'deny' };

const withoutFragment = (address: string): string => address.replace(/#.*/su, '');

/** `WebContents` and what of `WebFrameMain` a sender check looks at: a real page of Chromium, seen through Electron's events. */
export class WebContents extends EventEmitter {
  readonly mainFrame: { readonly url: string; readonly origin: string; parent: null };
  readonly session: Session = session.defaultSession;
  readonly preferences: WebPreferences;
  readonly #owner: unknown;
  readonly #started: Promise<void>;
  /** URLs loaded by the main process; other documents are requested by the page. */
  readonly #ownLoads = new Set<string>();
  readonly #opened: { url: string; action: 'allow' | 'deny' }[] = [];
  #open: OpenHandler = () => ({ action: 'allow' });
  #target: Target | null = null;
  #frameId = '';
  #link: PreloadLink | null = null;
  #url = '';
  #destroyed = false;

  constructor(owner: unknown, size: { width: number; height: number }, preferences: WebPreferences) {
    super();
    if (preferences.sandbox === false || preferences.contextIsolation === false || preferences.nodeIntegration) {
      throw new Error('stand-in: only sandboxed pages with an isolated preload are modelled.');
    }
    this.preferences = preferences;
    this.#owner = owner;
    const url = (): string => this.#url;
    this.mainFrame = {
      get url() {
        return url();
      },
      get origin() {
        return /^[a-z]+:\/\/[^/]*/u.exec(url())?.[0] ?? 'null';
      },
      parent: null,
    };
    this.#started = this.#start(size);
    this.#started.catch((error: unknown) => console.error('stand-in: a window did not start:', error));
  }

  getURL(): string {
    return this.#url;
  }

  getLastWebPreferences(): WebPreferences {
    return this.preferences;
  }

  getOwnerBrowserWindow(): unknown {
    return this.#owner;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#open = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    this.#link?.deliver({ type: 'send', channel }, args);
  }

  async loadURL(address: string): Promise<void> {
    await this.#started;
    const loaded = new Promise((resolve) => this.once('did-finish-load', resolve));
    const real = toReal(address);
    if (!/^(?:https?|about|data):/u.test(real)) throw new Error(`ERR_UNKNOWN_URL_SCHEME (-301) loading '${address}'`);
    const { errorText } = await this.#go(address);
    if (errorText !== undefined) throw new Error(`${errorText.replace('net::', '')} (-2) loading '${address}'`);
    await loaded;
  }

  reload(): void {
    this.#ownLoads.add(withoutFragment(toReal(this.#url)));
    this.#page.send('Page.reload').catch(() => undefined);
  }

  /** Closes the page without `beforeunload`. */
  end(): void {
    if (this.#destroyed) return;
    const closed = this.#started.then(() => readyBrowser().targets.close(this.#target?.targetId ?? ''));
    // A browser that is ending closes its pages itself.
    closed.catch(() => undefined);
    this.#gone();
  }

  get #page(): CdpSession {
    if (!this.#target) throw new Error('stand-in: the page has not started.');
    return this.#target.session;
  }

  async #start(size: { width: number; height: number }): Promise<void> {
    const owner = { popup: (target: Target, url: string) => this.#popup(target, url), gone: () => this.#gone() };
    this.#target = await readyBrowser().targets.open({ width: size.width, height: size.height }, owner);
    const page = this.#page;
    const link = (this.#link = new PreloadLink(page));
    page.listen((method, params) => this.#hear(method, params as never));
    const followTheme = (): Promise<unknown> => page.send('Emulation.setEmulatedMedia', { features: [colourScheme()] });
    const onTheme = (): void => void followTheme().catch(() => undefined);
    nativeTheme.on('updated', onTheme);
    this.once('destroyed', () => nativeTheme.off('updated', onTheme));
    const [frame] = await Promise.all([
      page.send<{ frameTree: { frame: { id: string } } }>('Page.getFrameTree'),
      page.send('Page.enable'),
      page.send('Runtime.enable'),
      page.send('Inspector.enable'),
      page.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] }),
      followTheme(),
      link.install(this.preferences.preload),
    ]);
    this.#frameId = frame.frameTree.frame.id;
    await page.send('Runtime.runIfWaitingForDebugger');
  }

  #hear(method: string, params: never): void {
    HEARD[method]?.(this.#heard, params);
  }

  readonly #heard: Hearing = {
    ipc: ({ name, payload }) => {
      const message = this.#link?.read(name, payload);
      if (message) this.#ipc(message).catch((error: unknown) => console.error('stand-in:', error));
    },
    context: ({ context }) => this.#link?.notice(context, this.#frameId),
    paused: (request) => this.#paused(request),
    navigated: ({ frame }) => {
      if (frame.parentId !== undefined) return;
      this.#url = toVirtual(frame.url + (frame.urlFragment ?? ''));
      this.emit('did-navigate', {}, this.#url);
    },
    moved: ({ frameId, url }) => {
      if (frameId === this.#frameId) this.#url = toVirtual(url);
    },
    loaded: () => {
      if (this.#url !== '' && this.#url !== 'about:blank') this.emit('did-finish-load', {});
    },
    // Addresses that Chromium has no network for never reach `paused`.
    navigationRequested: ({ frameId, url, disposition }) => {
      if (frameId !== this.#frameId || disposition !== 'currentTab' || /^https?:/u.test(url)) return;
      if (this.#mayNavigate(toVirtual(url), 'will-navigate', true) && toReal(url) !== url)
        this.#go(url).catch(() => undefined);
    },
    opening: ({ url, windowName }) => {
      const { action } = this.#open({ url: toVirtual(url), frameName: windowName, disposition: 'foreground-tab' });
      this.#opened.push({ url: toVirtual(url), action });
    },
    crashed: () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 }),
  };

  #mayNavigate(url: string, name: 'will-navigate' | 'will-redirect', isMainFrame: boolean): boolean {
    const event = cancelable({ url, isMainFrame, isSameDocument: false });
    if (name === 'will-navigate') this.emit('will-frame-navigate', event);
    if (isMainFrame && !event.defaultPrevented) this.emit(name, event, url);
    if (event.defaultPrevented) journal.push(['navigation-denied', url]);
    return !event.defaultPrevented;
  }

  /** A document is about to be fetched, for the page or a frame in it. */
  #paused({ requestId, request, frameId, redirectedRequestId }: PausedRequest): void {
    const url = toVirtual(request.url + (request.urlFragment ?? ''));
    const own = frameId === this.#frameId && this.#ownLoads.delete(withoutFragment(request.url));
    const kind = redirectedRequestId === undefined ? 'will-navigate' : 'will-redirect';
    const goOn = own || this.#mayNavigate(url, kind, frameId === this.#frameId);
    const answer = goOn
      ? this.#page.send('Fetch.continueRequest', { requestId })
      : this.#page.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
    // The page may be closed meanwhile.
    answer.catch(() => undefined);
  }

  #popup(target: Target, url: string): boolean {
    const { action, url: wanted } = this.#opened.shift() ?? { url: toVirtual(url), action: 'deny' };
    journal.push([action === 'allow' ? 'window-allowed' : 'window-denied', wanted]);
    const allowed = action === 'allow';
    const next = allowed ? target.session.send('Runtime.runIfWaitingForDebugger') : refuse(target);
    next.catch((error: unknown) => console.error('stand-in: a window that was opened:', error));
    return allowed;
  }

  async #go(address: string): Promise<{ errorText?: string }> {
    const real = toReal(address);
    this.#ownLoads.add(withoutFragment(real));
    await session.defaultSession.settlePermissions(this, address);
    return this.#page.send('Page.navigate', { url: real });
  }

  async #ipc({ head, values }: { head: IpcHead; values: unknown }): Promise<void> {
    const event = { type: 'frame', sender: this, senderFrame: this.mainFrame };
    if (head.type === 'preload-error') this.emit('preload-error', {}, this.preferences.preload, values);
    else if (head.type === 'send') ipcMain.emit(head.channel, event, ...(values as unknown[]));
    else if (head.type === 'invoke') {
      const answer = await runHandler(head.channel, event, values as unknown[]);
      if (!this.#destroyed) this.#link?.deliver({ type: 'reply', id: head.id }, answer);
    }
  }

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.emit('destroyed');
  }
}

/**
 * Chromium has made the page already. It may share its opener's thread, which stands still until it is released; so what it asks for then is
 * held back, and it is closed. Its own document is held back by `Targets`.
 */
async function refuse({ session: page, targetId }: Target): Promise<void> {
  await page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  await page.send('Runtime.runIfWaitingForDebugger');
  await readyBrowser().targets.close(targetId);
}

function colourScheme(): { name: string; value: string } {
  return { name: 'prefers-color-scheme', value: nativeTheme.shouldUseDarkColors ? 'dark' : 'light' };
}

interface PausedRequest {
  requestId: string;
  frameId: string;
  redirectedRequestId?: string;
  request: { url: string; urlFragment?: string };
}

interface Hearing {
  ipc(params: { name: string; payload: string }): void;
  context(params: { context: Parameters<PreloadLink['notice']>[0] }): void;
  paused(params: PausedRequest): void;
  navigated(params: { frame: { parentId?: string; url: string; urlFragment?: string } }): void;
  moved(params: { frameId: string; url: string }): void;
  loaded(): void;
  navigationRequested(params: { frameId: string; url: string; disposition: string }): void;
  opening(params: { url: string; windowName: string }): void;
  crashed(): void;
}

/** Handlers of Chromium's events. */
const HEARD: Readonly<Record<string, (hearing: Hearing, params: never) => void>> = {
  'Runtime.bindingCalled': (hearing, params) => hearing.ipc(params),
  'Runtime.executionContextCreated': (hearing, params) => hearing.context(params),
  'Fetch.requestPaused': (hearing, params) => hearing.paused(params),
  'Page.frameNavigated': (hearing, params) => hearing.navigated(params),
  'Page.navigatedWithinDocument': (hearing, params) => hearing.moved(params),
  'Page.loadEventFired': (hearing) => hearing.loaded(),
  'Page.frameRequestedNavigation': (hearing, params) => hearing.navigationRequested(params),
  'Page.windowOpen': (hearing, params) => hearing.opening(params),
  'Inspector.targetCrashed': (hearing) => hearing.crashed(),
};
