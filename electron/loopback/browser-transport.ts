/**
 * The way from an ordinary browser page to the studio. Runs before the page's own script and puts itself at `window.studio`, where the
 * desktop's preload would be. Module scripts run in their order, so the page finds it there.
 */
import type { HostBridge, Outcome } from '../contract/api.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { StudioEvent } from '../contract/events.ts';

/** The host beats every 15 seconds; after this long a silent connection is a dead one. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const KEPT_AS = 'emulsion-token';
/** A line of the feed; see `event-feed.ts`, which belongs to the other side. */
type Line = { type: 'hello' } | { type: 'beat' } | { type: 'event'; event: StudioEvent };

function fault(code: ErrorCode, message: string): Outcome {
  return { error: { code, message, billing: 'none' } };
}

/**
 * The token of the address that the terminal printed. It is taken out of the address at once, so that it is in no bookmark and no
 * screenshot, and kept for reloads. Null: the page was opened without one.
 */
function takeToken(): string | null {
  const token = /^#([A-Za-z0-9_-]{43})$/u.exec(location.hash)?.[1];
  try {
    if (token === undefined) return localStorage.getItem(KEPT_AS);
    localStorage.setItem(KEPT_AS, token);
  } catch {
    // A browser that keeps nothing: the token then lasts as long as the page.
  }
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return token ?? null;
}

/** Every call answers the same: where to find the right address. */
function strangerTransport(): HostBridge {
  const outcome = fault('bad-sender', 'Open Emulsion with the address that the terminal printed.');
  return { call: () => Promise.resolve(outcome), subscribe: () => () => undefined, uploadHeaders: {} };
}

function httpTransport(token: string): HostBridge {
  const feed = eventFeed(token);
  return {
    async call(endpoint, payload) {
      // Listening comes before asking: what changes after an answer must not be missed.
      await feed.settled();
      try {
        const response = await fetch(`/api/${endpoint}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-emulsion-token': token },
          body: JSON.stringify(payload),
        });
        return asOutcome(await response.text());
      } catch {
        return fault('server-unreachable', 'Emulsion’s own program is not running. Start it again with npm start.');
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
    // Falls through to the sentence.
  }
  return fault(
    'bad-sender',
    'Another program answers at this address. Open Emulsion with the address that the terminal printed.',
  );
}

interface Feed {
  subscribe: HostBridge['subscribe'];
  /** Resolves when the first attempt to listen has come to something; at once while nobody listens. */
  settled(): Promise<void>;
}

/** One connection for all listeners, made again whenever it is lost. Says so by `connection` events, once for each change. */
function eventFeed(token: string): Feed {
  const listeners = new Set<(event: StudioEvent) => void>();
  let running: AbortController | null = null;
  let settled = Promise.resolve();
  let online: boolean | null = null;

  const announce = (event: StudioEvent): void => {
    for (const listener of [...listeners]) tell(listener, event);
  };
  const turn = (now: boolean): void => {
    if (online === now) return;
    online = now;
    announce({ type: 'connection', online: now });
  };

  async function listen(signal: AbortSignal, whenSettled: () => void): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    let wait = FIRST_WAIT_MS;
    while (!stopped()) {
      await readLines(token, signal, (line) => {
        if (stopped()) return;
        wait = FIRST_WAIT_MS;
        turn(true);
        whenSettled();
        if (line.type === 'event') announce(line.event);
      });
      whenSettled();
      if (stopped()) return;
      turn(false);
      await pause(wait, signal);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }

  return {
    settled: () => settled,
    subscribe(listener) {
      listeners.add(listener);
      if (!running) {
        const { signal } = (running = new AbortController());
        settled = new Promise((resolve) => void listen(signal, resolve));
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

/** What a listener of the page throws is the page's own fault: it is reported as one, and neither the others nor the connection suffer. */
function tell(listener: (event: StudioEvent) => void, event: StudioEvent): void {
  try {
    listener(event);
  } catch (thrown) {
    reportError(thrown);
  }
}

/** Reads the feed until it ends, breaks or falls silent. Never rejects: whatever the reason, the answer is to try again. */
async function readLines(token: string, stop: AbortSignal, onLine: (line: Line) => void): Promise<void> {
  const own = new AbortController();
  const abort = (): void => own.abort();
  stop.addEventListener('abort', abort);
  let watchdog = setTimeout(abort, SILENCE_MS);
  try {
    const response = await fetch('/api/events', { headers: { 'x-emulsion-token': token }, signal: own.signal });
    if (!response.ok || !response.body) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, SILENCE_MS);
      const lines = (rest + read.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(JSON.parse(line) as Line);
    }
  } catch {
    // As said above.
  } finally {
    clearTimeout(watchdog);
    stop.removeEventListener('abort', abort);
    own.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
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
// The renderer declares `window.studio` for itself (renderer/studio.ts); this file is built apart from it.
(window as unknown as { studio: HostBridge }).studio = token === null ? strangerTransport() : httpTransport(token);

// A new address pasted into this tab changes only what is behind the #: take the token, then begin afresh.
addEventListener('hashchange', () => {
  if (/^#[A-Za-z0-9_-]{43}$/u.test(location.hash)) location.reload();
});
