import { fork, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import type { BrowserCommand } from './cdp.ts';
import { codec } from './codec.ts';
import type { Evaluate, Report } from './control.ts';

export interface LaunchOptions {
  /** The application's folder or main file, then its arguments. */
  args: string[];
  browser: BrowserCommand;
  /** The home folder of the run; a relaunch with the same one finds what was left there. */
  home: string;
  env?: Record<string, string>;
}

type Main<R, A> = (electron: never, argument: A) => R | Promise<R>;

/** The part of Playwright's ElectronApplication that a spec uses, so that one spec can drive either. */
export interface StandInApplication {
  process(): ChildProcess;
  context(): BrowserContext;
  windows(): Page[];
  firstWindow(): Promise<Page>;
  evaluate<R, A = undefined>(main: Main<R, A>, argument?: A): Promise<R>;
  close(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
const CLOSE_LIMIT_MS = 5000;
const LOOK_AGAIN_MS = 25;

/** Starts only the process, without waiting: for a second instance, or one that exits at startup. */
export function startProcess({ args, browser, home, env }: LaunchOptions): {
  child: ChildProcess;
  output(): string;
  ended: Promise<number>;
} {
  const child = fork(resolve(import.meta.dirname, 'run.ts'), args, {
    env: { ...process.env, ...env, STANDIN_HOME: home, STANDIN_BROWSER: JSON.stringify(browser) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A separate process group, so its browser can be ended with it if it hangs.
    detached: process.platform !== 'win32',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
  return { child, output: () => said, ended };
}

/** Starts the application on the stand-in and waits until it is ready. */
export async function launchStandIn(options: LaunchOptions): Promise<StandInApplication> {
  const { child, output, ended } = startProcess(options);
  const started = new AbortController();
  const endpoint = await Promise.race([
    readyEndpoint(child),
    notReadyInTime(child, output, started.signal),
    ended.then((code) =>
      Promise.reject(new Error(`The application ended with ${code} before it was ready.\n${output()}`)),
    ),
  ]).finally(() => started.abort());
  const browser = await chromium.connectOverCDP(endpoint);
  const context = browser.contexts()[0];
  if (!context) throw new Error('stand-in: the browser has no context.');
  const windows = (): Page[] => context.pages().filter((page) => /^http:\/\/[^/]+\.localhost:\d+\//u.test(page.url()));

  return {
    process: () => child,
    context: () => context,
    windows,
    async firstWindow() {
      const end = Date.now() + START_LIMIT_MS;
      for (;;) {
        const window = windows()[0];
        if (window) {
          await window.waitForLoadState();
          return window;
        }
        if (Date.now() > end || child.exitCode !== null) throw new Error(`No window opened.\n${output()}`);
        await delay(LOOK_AGAIN_MS);
      }
    },
    evaluate: createEvaluate(child, output),
    async close() {
      await browser.close();
      if (child.exitCode === null) child.kill('SIGTERM');
      const killTimer = setTimeout(() => endGroup(child), CLOSE_LIMIT_MS);
      await ended;
      clearTimeout(killTimer);
    },
  };
}

/** Kills the application and its browser. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: already ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readyEndpoint(child: ChildProcess): Promise<string> {
  return new Promise((ready) => {
    child.on('message', (message: Report) => {
      if (message.type === 'ready') ready(message.endpoint);
    });
  });
}

/** Usually the main module never finishes, for example because it awaits readiness. */
async function notReadyInTime(child: ChildProcess, output: () => string, started: AbortSignal): Promise<never> {
  // Without the signal it would be ended later, in the middle of a longer test.
  await delay(START_LIMIT_MS, null, { ref: false, signal: started });
  endGroup(child);
  throw new Error(`The application was not ready in ${START_LIMIT_MS / 1000} seconds.\n${output()}`);
}

function createEvaluate(child: ChildProcess, output: () => string): StandInApplication['evaluate'] {
  const waiting = new Map<number, { done(value: never): void; failed(error: Error): void }>();
  let last = 0;
  child.on('message', (message: Report) => {
    if (message.type === 'ready') return;
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'result') call?.done(codec.decode(message.value) as never);
    else call?.failed(new Error(message.message));
  });
  child.once('close', () => {
    for (const call of waiting.values()) call.failed(new Error(`The application has ended.\n${output()}`));
    waiting.clear();
  });
  return <R, A>(main: Main<R, A>, argument?: A) =>
    new Promise<R>((done, failed) => {
      const id = (last += 1);
      waiting.set(id, { done, failed });
      const message: Evaluate = { id, source: String(main), argument: codec.encode(argument) };
      child.send(message, (error) => error && failed(error));
    });
}
