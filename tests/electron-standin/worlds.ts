import type { Bridge, BridgeMessage } from './bridge.ts';
import type { Codec, createCodec } from './codec.ts';

/** The little of the DOM that these functions touch; the tests' own types know Node only. */
interface PageWindow {
  addEventListener(
    name: string,
    listener: (event: { detail: unknown; stopImmediatePropagation(): void }) => void,
    capture: boolean,
  ): void;
  dispatchEvent(event: object): boolean;
}
declare const window: PageWindow & { top: unknown };
type MakeBridge = (send: (message: BridgeMessage) => void) => Bridge;

/** What the preload's world is told when it is made. */
export interface PreloadSetting {
  /** Secret names of the events between the two worlds, and of the function that leads to the main process. */
  toPage: string;
  toPreload: string;
  binding: string;
  process: { platform: string; arch: string; versions: Record<string, string | undefined> };
}

/** A message between the preload's world and the main process; the values follow it, encoded, after a line break. */
export type IpcHead =
  | { type: 'invoke'; channel: string; id: number }
  | { type: 'reply'; id: number }
  | { type: 'send'; channel: string }
  | { type: 'preload-error' };

/**
 * Runs in the page's own world before any script of the page: waits for what the preload exposes. Events between two worlds of one window
 * are synchronous, and Chromium clones their detail, as Electron's bridge does. Frames get nothing.
 * Source text for the page: it may use nothing from outside but its arguments.
 */
export function pageWorld(createBridge: MakeBridge, toPage: string, toPreload: string): void {
  if ((window as unknown) !== window.top) return;
  const dispatch = window.dispatchEvent.bind(window);
  const PageEvent = CustomEvent;
  const send = (message: BridgeMessage): void => void dispatch(new PageEvent(toPreload, { detail: message }));
  const bridge = createBridge(send);
  window.addEventListener(
    toPage,
    (event) => {
      event.stopImmediatePropagation();
      const message = event.detail as BridgeMessage;
      if (message.type !== 'expose') {
        bridge.receive(message);
        return;
      }
      const taken = Object.hasOwn(window, message.key);
      if (!taken)
        Object.defineProperty(window, message.key, { value: bridge.unpack(message.value, true), enumerable: true });
      send({ type: 'exposed', taken });
    },
    true,
  );
}

/**
 * Runs in the preload's isolated world: gives the preload what a sandboxed one has, `require('electron')` with `contextBridge` and
 * `ipcRenderer`, and nothing more. Source text for the page: it may use nothing from outside but its arguments.
 */
export function preloadWorld(
  setting: PreloadSetting,
  makeBridge: MakeBridge,
  makeCodec: typeof createCodec,
  preload: (require: (name: string) => unknown, module: { exports: object }, exports: object, process: object) => void,
): void {
  if ((window as unknown) !== window.top) return;
  const world = globalThis as unknown as Record<string, unknown>;
  const toMain = world[setting.binding] as (text: string) => void;
  Reflect.deleteProperty(world, setting.binding);
  // Chromium has these; the language version that the tests are checked against has them under other types.
  type Base64 = { toBase64(): string };
  type FromBase64 = { fromBase64(text: string): Uint8Array<ArrayBuffer> };
  const codec: Codec = makeCodec(
    (bytes) => (bytes as unknown as Base64).toBase64(),
    (text) => (Uint8Array as unknown as FromBase64).fromBase64(text),
  );
  const post = (head: IpcHead, values: unknown): void => toMain(`${JSON.stringify(head)}\n${codec.encode(values)}`);

  type Listener = (event: object, ...args: unknown[]) => void;
  const listeners = new Map<string, Listener[]>();
  const calls = new Map<number, { channel: string; resolve(value: unknown): void; reject(error: Error): void }>();
  let lastCall = 0;
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const id = (lastCall += 1);
        post({ type: 'invoke', channel, id }, args);
        calls.set(id, { channel, resolve, reject });
      }),
    send: (channel: string, ...args: unknown[]): void => post({ type: 'send', channel }, args),
    on(channel: string, listener: Listener): object {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    off(channel: string, listener: Listener): object {
      const left = [...(listeners.get(channel) ?? [])];
      const at = left.lastIndexOf(listener);
      if (at >= 0) left.splice(at, 1);
      listeners.set(channel, left);
      return ipcRenderer;
    },
  };
  world['standInReceive'] = (head: string, values: string): void => {
    const message = JSON.parse(head) as IpcHead;
    if (message.type === 'send') {
      for (const listener of listeners.get(message.channel) ?? []) {
        listener({ sender: ipcRenderer }, ...(codec.decode(values) as unknown[]));
      }
    } else if (message.type === 'reply') {
      const call = calls.get(message.id);
      calls.delete(message.id);
      const { error, result } = codec.decode(values) as { error?: string; result?: unknown };
      if (error === undefined) call?.resolve(result);
      else call?.reject(new Error(`Error invoking remote method '${call.channel}': ${error}`));
    }
  };

  const send = (message: BridgeMessage): void =>
    void window.dispatchEvent(new CustomEvent(setting.toPage, { detail: message }));
  const bridge = makeBridge(send);
  const answer: { taken: boolean | null } = { taken: null };
  window.addEventListener(
    setting.toPreload,
    (event) => {
      event.stopImmediatePropagation();
      const message = event.detail as BridgeMessage;
      if (message.type === 'exposed') answer.taken = message.taken;
      else bridge.receive(message);
    },
    true,
  );
  const forget = (): void => void (answer.taken = null);
  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown): void {
      forget();
      send({ type: 'expose', key, value: bridge.pack(api) });
      if (answer.taken === null) throw new Error('stand-in: the page’s world did not answer.');
      if (answer.taken) throw new Error('Cannot bind an API on top of an existing property on the window object');
    },
  };

  const require = (name: string): unknown => {
    if (name === 'electron') return { contextBridge, ipcRenderer };
    throw new Error(`module not found: ${name}`);
  };
  const module = { exports: {} };
  try {
    preload(require, module, module.exports, {
      ...setting.process,
      type: 'renderer',
      sandboxed: true,
      contextIsolated: true,
    });
  } catch (error) {
    post({ type: 'preload-error' }, error);
  }
}
