import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The browser to start; from the tests' browser finder, as JSON in the environment. */
export interface BrowserCommand {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
}

type Listener = (method: string, params: unknown) => void;

/** A DevTools protocol session with the browser or one of its pages. */
export interface CdpSession {
  send<T = unknown>(method: string, params?: object): Promise<T>;
  listen(listener: Listener): void;
}

export interface Connection {
  endpoint: string;
  browser: CdpSession;
  session(sessionId: string): CdpSession;
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
  onDeath(listener: () => void): void;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-popup-blocking',
  '--remote-debugging-port=0',
];
const CLOSE_LIMIT_MS = 3000;

/** Starts a headless Chromium with a profile of its own and connects to it. */
export async function startChromium(command: BrowserCommand): Promise<Connection> {
  const profile = mkdtempSync(join(tmpdir(), 'standin-profile-'));
  const args = [...FLAGS, ...command.args, `--user-data-dir=${profile}`, 'about:blank'];
  const child = spawn(command.executablePath, args, { stdio: ['ignore', 'ignore', 'pipe'], env: command.env });
  process.on('exit', () => child.kill('SIGKILL'));
  const endpoint = await readEndpoint(child);
  const connection = await connect(endpoint);

  return {
    endpoint,
    ...connection,
    onDeath: (listener) => void child.on('exit', listener),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        // Chromium may end before it answers.
        connection.browser.send('Browser.close').catch(() => undefined);
        const killTimer = setTimeout(() => child.kill('SIGKILL'), CLOSE_LIMIT_MS);
        await ended;
        clearTimeout(killTimer);
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function readEndpoint(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const match = /DevTools listening on (\S+)/u.exec(said);
      if (match?.[1]) resolve(match[1]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`stand-in: Chromium ended with ${code}.\n${said}`)));
  });
}

interface Message {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

async function connect(endpoint: string): Promise<Pick<Connection, 'browser' | 'session'>> {
  const socket = new WebSocket(endpoint);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`stand-in: no connection to ${endpoint}.`));
  });
  const waiting = new Map<number, { method: string; resolve(value: never): void; reject(error: Error): void }>();
  const listeners = new Map<string, Listener[]>();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id === undefined) {
      for (const listener of listeners.get(message.sessionId ?? '') ?? [])
        listener(message.method ?? '', message.params);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) call?.reject(new Error(`stand-in: ${call.method}: ${message.error.message}`));
    else call?.resolve(message.result as never);
  };
  socket.onclose = () => {
    for (const call of waiting.values()) call.reject(new Error(`stand-in: ${call.method}: the browser has gone.`));
    waiting.clear();
  };
  const session = (sessionId: string): CdpSession => ({
    send: <T>(method: string, params: object = {}) =>
      new Promise<T>((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) {
          reject(new Error(`stand-in: ${method}: the browser has gone.`));
          return;
        }
        const id = (last += 1);
        waiting.set(id, { method, resolve, reject });
        socket.send(JSON.stringify({ id, method, params, ...(sessionId !== '' && { sessionId }) }));
      }),
    listen: (listener) => void listeners.set(sessionId, [...(listeners.get(sessionId) ?? []), listener]),
  });
  return { browser: session(''), session };
}
