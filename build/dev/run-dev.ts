import { join, resolve } from 'node:path';
import { findElectron, whyNoWindow } from '../start/electron.mjs';
import { desktopArguments, loopbackArguments, type StartOptions } from '../start/options.mjs';
import { freePort } from './free-port.ts';
import { createHostProcess, type HostCommand } from './host-process.ts';
import { startPageServer, type PageServer } from './page-server.ts';
import { DEV_DIST, watchBuild } from './watch-build.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Node's own default. */
const INSPECTOR_PORT = 9229;
/** Chromium's developer tools of the desktop's page. */
const PAGE_DEBUG_PORT = 9222;

export const DEV_HELP = `npm run dev -- [options]

  Opens the desktop app where Electron can run, else prints an address for the browser. Settings and library are in dist-dev/home,
  apart from your own, unless EMULSION_HOME or --library names others.

  --browser       Use the browser, even where the desktop app could run.
  --library DIR   Open the library in this folder.
  --demo          Use the built-in demo server (no key, free).
  --help          Show this help.

  Inspector of the host: 127.0.0.1:${INSPECTOR_PORT}. Of the desktop's page: 127.0.0.1:${PAGE_DEBUG_PORT}.
`;

/** Runs until it is interrupted, or until the host ends by itself. Gives the exit code. */
export async function runDev(options: StartOptions): Promise<number> {
  const environment = { ...process.env, EMULSION_HOME: process.env['EMULSION_HOME'] ?? join(DEV_DIST, 'home') };
  const electron = options.browser || whyNoWindow(environment) ? null : findElectron(ROOT, environment);
  const port = electron === null ? await freePort() : 0;
  const page = await startPageServer(electron === null ? `http://127.0.0.1:${port}` : null);
  const { promise, resolve: end } = Promise.withResolvers<number>();
  const command = electron === null ? loopbackCommand(options, port) : desktopCommand(electron, options);
  const host = createHostProcess(
    { ...command, environment: { ...environment, EMULSION_DEV_SERVER: page.origin } },
    announceOnce(page),
    (code) => {
      // The desktop ends with its last window. A host in the browser that ends by itself has failed: it is started again after the next change.
      if (electron !== null) end(code);
      else console.error('The host has ended. It starts again when one of its sources changes.');
    },
  );
  const stopWatch = await watchBuild(
    () => {
      console.log(`Starting the host (${new Date().toLocaleTimeString()})`);
      host.restart().catch((thrown: unknown) => console.error(thrown));
    },
    (error) => console.error(error.message),
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end(0));
  const code = await promise;
  await Promise.all([host.stop(), stopWatch(), page.close()]);
  return code;
}

function loopbackCommand(options: StartOptions, port: number): Omit<HostCommand, 'environment'> {
  const args = loopbackArguments({ ...options, port: String(port), noOpen: true });
  return {
    program: process.execPath,
    args: [
      `--inspect=127.0.0.1:${INSPECTOR_PORT}`,
      '--enable-source-maps',
      join(DEV_DIST, 'main/loopback.js'),
      ...args,
    ],
  };
}

function desktopCommand(electron: string, options: StartOptions): Omit<HostCommand, 'environment'> {
  return {
    program: electron,
    args: [
      `--inspect=127.0.0.1:${INSPECTOR_PORT}`,
      `--remote-debugging-port=${PAGE_DEBUG_PORT}`,
      join(DEV_DIST, 'main/desktop.js'),
      ...desktopArguments(options),
    ],
  };
}

/** Prints the page's address once, with the token of the host's own address. The token stays the same when the host starts again. */
function announceOnce(page: PageServer): (text: string) => void {
  let said = '';
  let announced = false;
  return (text) => {
    said += text;
    const token = /^Emulsion is at \S+(#\S+)\r?\n/mu.exec(said)?.[1];
    if (announced || token === undefined) return;
    announced = true;
    console.log(`Emulsion is at ${page.origin}/${token}`);
  };
}
