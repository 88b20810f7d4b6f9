/**
 * The transport of a page in an ordinary browser. Sets `window.studio`, as the desktop's preload does. It runs before the page's own
 * script because module scripts run in document order.
 */
import type { HostBridge, Outcome } from '../contract/api.ts';
import type { ErrorCode } from '../contract/errors/errors.ts';
import type { StudioEvent } from '../contract/events.ts';

/** The host sends a heartbeat every 15 seconds. After this long without data the connection counts as lost. */
const IDLE_TIMEOUT_MS = 40_000;
const MIN_RETRY_DELAY_MS = 250;
const MAX_RETRY_DELAY_MS = 5_000;
const TOKEN_KEY = 'emulsion-token';
/** A line of the event feed; see `event-feed.ts` on the server side. */
type Line = { type: 'hello' } | { type: 'heartbeat' } | { type: 'event'; event: StudioEvent };

function errorOutcome(code: ErrorCode, message: string): Outcome {
  return { error: { code, message, billing: 'none' } };
}

/** The host gave no answer: the call may have been carried out. */
function lostOutcome(message: string): Outcome {
  return { error: { code: 'host-lost', message, billing: 'possible' } };
}

/**
 * Returns the token from the URL's fragment. Removes it from the URL, so that it isn't in bookmarks or screenshots, and stores it for
 * reloads. Null: the page was opened without one.
 */
function takeToken(): string | null {
  const token = /^#([A-Za-z0-9_-]{43})$/u.exec(location.hash)?.[1];
  try {
    if (token === undefined) return localStorage.getItem(TOKEN_KEY);
    localStorage.setItem(TOKEN_KEY, token);
  } catch {
    // Storage is blocked: the token lasts until the page is closed.
  }
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return token ?? null;
}

/** A transport without a token: every call fails with a hint where to find the right URL. */
function unauthenticatedTransport(): HostBridge {
  const outcome = errorOutcome('bad-sender', 'Open Emulsion with the address shown in the terminal.');
  return { call: () => Promise.resolve(outcome), subscribe: () => () => undefined, uploadHeaders: {} };
}

function httpTransport(token: string): HostBridge {
  const feed = eventFeed(token);
  return {
    async call(endpoint, payload) {
      // Connects the feed before the first call, so that no change after a response is missed.
      await feed.ready();
      try {
        const response = await fetch(`/api/${endpoint}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-emulsion-token': token },
          body: JSON.stringify(payload),
        });
        return asOutcome(await response.text());
      } catch {
        return lostOutcome('Emulsion isn’t responding. If it has quit, start it again with npm start.');
      }
    },
    subscribe: feed.subscribe,
    uploadHeaders: { 'x-emulsion-token': token },
  };
}

function asOutcome(text: string): Outcome {
  try {
    const outcome = JSON.parse(text) as Outcome;
    if ('ok' in outcome || 'error' in outcome) return outcome;
  } catch {
    // Not JSON: reported below.
  }
  return lostOutcome('Another program is using this address. Open Emulsion with the address shown in the terminal.');
}

interface Feed {
  subscribe: HostBridge['subscribe'];
  /** Resolves after the first connection attempt has succeeded or failed; immediately without listeners. */
  ready(): Promise<void>;
}

/** Returns the event feed: one connection for all listeners, reconnected when lost. Emits a `connection` event on each change. */
function eventFeed(token: string): Feed {
  const listeners = new Set<(event: StudioEvent) => void>();
  let running: AbortController | null = null;
  let ready = Promise.resolve();
  let online: boolean | null = null;

  const emit = (event: StudioEvent): void => {
    for (const listener of [...listeners]) notifyListener(listener, event);
  };
  const setOnline = (now: boolean): void => {
    if (online === now) return;
    online = now;
    emit({ type: 'connection', online: now });
  };

  async function listen(signal: AbortSignal, whenReady: () => void): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    let wait = MIN_RETRY_DELAY_MS;
    while (!stopped()) {
      await readLines(token, signal, (line) => {
        if (stopped()) return;
        wait = MIN_RETRY_DELAY_MS;
        setOnline(true);
        whenReady();
        if (line.type === 'event') emit(line.event);
      });
      whenReady();
      if (stopped()) return;
      setOnline(false);
      await delay(wait, signal);
      wait = Math.min(wait * 2, MAX_RETRY_DELAY_MS);
    }
  }

  return {
    ready: () => ready,
    subscribe(listener) {
      listeners.add(listener);
      if (!running) {
        const { signal } = (running = new AbortController());
        ready = new Promise((resolve) => void listen(signal, resolve));
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        running?.abort();
        running = null;
        online = null;
      };
    },
  };
}

/** Calls a listener. Its errors are reported globally and don't affect other listeners or the connection. */
function notifyListener(listener: (event: StudioEvent) => void, event: StudioEvent): void {
  try {
    listener(event);
  } catch (thrown) {
    reportError(thrown);
  }
}

/** Reads the feed until it ends, fails or goes silent. Never rejects: in each case the caller reconnects. */
async function readLines(token: string, stop: AbortSignal, onLine: (line: Line) => void): Promise<void> {
  const connection = new AbortController();
  const abort = (): void => connection.abort();
  stop.addEventListener('abort', abort);
  let watchdog = setTimeout(abort, IDLE_TIMEOUT_MS);
  try {
    const response = await fetch('/api/events', { headers: { 'x-emulsion-token': token }, signal: connection.signal });
    if (!response.ok || !response.body) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, IDLE_TIMEOUT_MS);
      const lines = (rest + read.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(JSON.parse(line) as Line);
    }
  } catch {
    // Any failure leads to a reconnect.
  } finally {
    clearTimeout(watchdog);
    stop.removeEventListener('abort', abort);
    connection.abort();
  }
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

const token = takeToken();
// The renderer has its own declaration of `window.studio` (renderer/page/studio.ts); this file is built separately.
(window as unknown as { studio: HostBridge }).studio =
  token === null ? unauthenticatedTransport() : httpTransport(token);

// Pasting a new URL into this tab changes only the fragment, so the page is reloaded to use the new token.
addEventListener('hashchange', () => {
  if (/^#[A-Za-z0-9_-]{43}$/u.test(location.hash)) location.reload();
});
