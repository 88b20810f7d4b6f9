import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { _electron, type Page } from '@playwright/test';
import type * as ElectronModule from 'electron';
import { findBrowser } from '../browser.ts';
import { launchStandIn, startProcess } from '../electron-standin/launch.ts';

type Electron = typeof ElectronModule;

/** With EMULSION_ELECTRON=1 the specs drive the real Electron, otherwise the stand-in. Test titles say which. */
export const REAL = process.env['EMULSION_ELECTRON'] === '1';
export const WHERE = REAL ? 'in Electron' : 'on the stand-in';

const ROOT = resolve(import.meta.dirname, '../..');

export interface DesktopOptions {
  /** Folder with settings, library and, on the stand-in, the keychain. */
  home: string;
  args?: string[];
  environment?: Record<string, string>;
}

/** The built desktop application, running. */
export interface DesktopApp {
  firstWindow(): Promise<Page>;
  windows(): Page[];
  /** Runs a function in the main process. It can use only its argument. */
  evaluate<R, A>(main: (electron: Electron, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** Quits it. @returns the exit code. @throws Error if it does not end */
  quit(): Promise<number>;
  /** Resolves when it has ended by itself. */
  ended: Promise<number>;
  /** Ends it without confirmation. */
  close(): Promise<void>;
}

function commandLine({ args = [] }: DesktopOptions): string[] {
  if (!existsSync(join(ROOT, 'dist/main/desktop.js'))) throw new Error('Build the application first: npm run build.');
  return [ROOT, ...args];
}

/** The test's environment without OPENAI_ variables, with this home folder. */
function environment({ home, environment: more = {} }: DesktopOptions): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('OPENAI_'),
  );
  return { ...Object.fromEntries(inherited), EMULSION_HOME: home, ...more };
}

async function standInOptions(options: DesktopOptions): Promise<Parameters<typeof startProcess>[0]> {
  const browser = await findBrowser();
  if (!browser) throw new Error('The stand-in needs a browser.');
  const { executablePath, args, env } = browser;
  return {
    args: commandLine(options),
    browser: { executablePath, args, env },
    home: options.home,
    env: environment(options),
  };
}

export async function launchDesktop(options: DesktopOptions): Promise<DesktopApp> {
  const app = REAL
    ? await _electron.launch({ args: commandLine(options), env: environment(options) })
    : await launchStandIn(await standInOptions(options));
  const ended = once(app.process(), 'exit').then(([code]) => Number(code));
  // Playwright's parameters and the stand-in's differ in name only.
  const evaluate = app.evaluate.bind(app) as unknown as DesktopApp['evaluate'];
  return {
    firstWindow: () => app.firstWindow(),
    windows: () => app.windows(),
    evaluate,
    ended,
    async quit() {
      // The answer may be lost when the process ends first.
      evaluate(({ app: program }) => setImmediate(() => program.quit()), null).catch(() => undefined);
      return ended;
    },
    close: () => app.close(),
  };
}

/** Starts it and waits until it ends, as a second instance or with an unknown option. */
export async function runDesktop(options: DesktopOptions): Promise<{ code: number; said: string }> {
  if (!REAL) {
    const { output, ended } = startProcess(await standInOptions(options));
    return { code: await ended, said: output() };
  }
  // The package answers with the path of its binary.
  const binary = createRequire(import.meta.url)('electron') as string;
  const child = spawn(binary, commandLine(options), { env: environment(options) });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}
