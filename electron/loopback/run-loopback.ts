import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../contract/errors/errors.ts';
import { createStudio, type Studio } from '../studio/studio.ts';
import { defaultFolders } from './folders.ts';
import { hasBrowser, openBrowser } from './open-browser.ts';
import { readOptions, type LoopbackOptions } from './options.ts';
import type { Pages } from './page-files.ts';
import { startLoopbackServer, type LoopbackServer } from './server.ts';
import { loadOrCreateTokens, type Tokens } from './tokens.ts';

/** Signals this close together are one key press that came by two ways (from the terminal, and from npm). */
const SIGNAL_DEBOUNCE_MS = 1000;

/** What the entry file of a build knows. */
export interface LoopbackBuild {
  /** Folder of package.json. */
  root: string;
  openPages(): Promise<Pages>;
}

/** Runs the host with the options of the command line, until a signal ends it. */
export async function runLoopback(build: LoopbackBuild): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if ('problem' in options) {
    console.error(options.problem);
    process.exitCode = 2;
  } else {
    await run(options, build).catch(fail);
  }
}

async function run(options: LoopbackOptions, build: LoopbackBuild): Promise<void> {
  const folders = defaultFolders(process.env);
  const tokens = await loadOrCreateTokens(folders.preferences);
  const pages = await build.openPages();
  const studio = await openStudio(options, tokens, build.root);
  const server = await startServer(studio, pages, tokens, options.port);
  let removePage = async (): Promise<void> => undefined;
  endOnSignal(async () => {
    await removePage();
    await server.close();
    await studio.close();
  });
  console.log(`Emulsion is at ${server.url}`);
  if (options.open && hasBrowser(process.env)) removePage = await openBrowser(server, folders.preferences);
}

async function readVersion(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

async function openStudio(options: LoopbackOptions, tokens: Tokens, root: string): Promise<Studio> {
  const folders = defaultFolders(process.env);
  return createStudio({
    libraryFolder: options.library,
    defaultLibraryFolder: folders.library,
    preferencesFolder: folders.preferences,
    cipher: null,
    environment: process.env,
    demo: options.demo,
    host: {
      version: await readVersion(root),
      imageBase: `/images/${tokens.images}`,
      capabilities: { revealInFolder: false, chooseFolder: false, keepKeys: false },
      keysNote: 'Keys are kept until Emulsion ends: in the browser there is no keychain to encrypt them with.',
      platform: 'browser',
    },
  });
}

async function startServer(studio: Studio, pages: Pages, tokens: Tokens, port: number | null): Promise<LoopbackServer> {
  try {
    return await startLoopbackServer({ studio, pages, tokens, port });
  } catch (thrown) {
    await studio.close();
    throw thrown;
  }
}

/** The first signal ends cleanly, a later one at once. The launcher's end is a signal too, so that no host is left behind. */
function endOnSignal(close: () => Promise<void>): void {
  let since: number | null = null;
  const end = (exitCode: number): void => {
    if (since !== null) {
      if (Date.now() - since > SIGNAL_DEBOUNCE_MS) process.exit(exitCode);
      return;
    }
    since = Date.now();
    close().then(
      () => process.exit(0),
      (thrown: unknown) => {
        fail(thrown);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  process.on('SIGHUP', () => end(129));
  if (process.channel) process.on('disconnect', () => end(1));
}

/** What a person can act on is one line; anything else is a bug of ours and shows where it is. */
function fail(thrown: unknown): void {
  if (thrown instanceof StudioError) console.error(thrown.message.replaceAll(/\s+/gu, ' '));
  else console.error('Emulsion could not start:', thrown);
  process.exitCode = 1;
}
