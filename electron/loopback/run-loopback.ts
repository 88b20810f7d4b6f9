import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../contract/errors/errors.ts';
import { canRebuild, rebuiltSentence } from '../studio/handlers/rebuild-texts.ts';
import { restoredSentence, snapshotLabel } from '../studio/handlers/restore-texts.ts';
import { RefusedLibrary } from '../studio/refused-library.ts';
import { createStudio, type Studio, type StudioOptions } from '../studio/studio.ts';
import { logFolder, openLog, readLevel, startLine, type LogFile } from '../log/log.ts';
import { defaultFolders, type Folders } from './folders.ts';
import { hasBrowser, openBrowser } from './open-browser.ts';
import { readOptions, type LoopbackOptions } from './options.ts';
import type { Pages } from './page-files.ts';
import { startLoopbackServer, type LoopbackServer, type LoopbackServerOptions } from './server.ts';
import { loadOrCreateTokens, type Tokens } from './tokens.ts';

/** Time between two lines about a rebuild, ms. */
const SAY_EVERY_MS = 1000;

/** Signals this close together, ms, are one key press received twice (from the terminal and from npm). */
const SIGNAL_DEBOUNCE_MS = 1000;

const REBUILD = 'To rebuild it from its records, start with npm start -- --browser --rebuild.';
const RESTORE = 'start with npm start -- --browser --restore-snapshot.';
const OPEN_ANYWAY = 'To open it anyway, start with npm start -- --browser --open-anyway.';

/** Build-specific parts, set by the entry file. */
export interface LoopbackBuild {
  /** Folder of package.json. */
  root: string;
  openPages(): Promise<Pages>;
}

/** Runs the host with the command line's options until a signal ends it. */
export async function runLoopback(build: LoopbackBuild): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if ('problem' in options) {
    console.error(options.problem);
    process.exitCode = 2;
  } else {
    const folders = defaultFolders(process.env);
    const log = openLog({
      folder: logFolder(folders.preferences, process.env),
      name: 'browser.log',
      level: readLevel(process.env['EMULSION_LOG_LEVEL']),
    });
    await run({ options, build, folders, log }).catch(async (thrown: unknown) => {
      fail(thrown, log);
      await log.close();
    });
  }
}

interface Start {
  options: LoopbackOptions;
  build: LoopbackBuild;
  folders: Folders;
  log: LogFile;
}

async function run(start: Start): Promise<void> {
  const { options, build, folders, log } = start;
  const version = await readVersion(build.root);
  log.info(startLine(version, 'browser'));
  const tokens = await loadOrCreateTokens(folders.preferences);
  const pages = await build.openPages();
  const studio = await openStudio(start, tokens, version);
  const server = await startServer({ studio, pages, tokens, port: options.port, log: log.error });
  let removePage = async (): Promise<void> => undefined;
  endOnSignal(async () => {
    await removePage();
    await server.close();
    await studio.close();
    log.info('Emulsion ended');
    await log.close();
  }, log);
  console.log(`Emulsion is at ${server.url}`);
  if (options.open && hasBrowser(process.env)) removePage = await openBrowser(server, folders.preferences);
}

async function readVersion(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

async function openStudio({ options, folders, log }: Start, tokens: Tokens, version: string): Promise<Studio> {
  return createStudio({
    libraryFolder: options.library,
    defaultLibraryFolder: folders.library,
    preferencesFolder: folders.preferences,
    rescueFolders: [join(folders.preferences, 'rescue'), join(tmpdir(), 'emulsion-rescue')],
    cipher: null,
    environment: process.env,
    demo: options.demo,
    openAnyway: options.openAnyway,
    rebuild: options.rebuild ? announcedRebuild() : undefined,
    restore: options.restoreSnapshot ? announcedRestore() : undefined,
    log,
    host: {
      version,
      imageBase: `/images/${tokens.images}`,
      capabilities: { revealInFolder: false, chooseFolder: false, keepKeys: false },
      keysNote: 'Your key is forgotten when Emulsion quits; the browser has no keychain.',
      platform: 'browser',
    },
  });
}

/** Says in the terminal how far a rebuild is. Ctrl C ends it; nothing has changed then. */
function announcedRebuild(): StudioOptions['rebuild'] {
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    signal: new AbortController().signal,
    progress(done, total) {
      if (performance.now() - saidAt < SAY_EVERY_MS) return;
      saidAt = performance.now();
      console.log(`Rebuilding the library: ${done.toLocaleString('en')} of ${total.toLocaleString('en')} records`);
    },
    rebuilt: (report) => console.log(rebuiltSentence(report)),
  };
}

/** Says in the terminal which snapshot was restored, and what came since. */
function announcedRestore(): StudioOptions['restore'] {
  return {
    snapshot: null,
    signal: new AbortController().signal,
    restored: (report, snapshot) => console.log(`Restored ${snapshotLabel(snapshot)}. ${restoredSentence(report)}`),
  };
}

async function startServer(options: LoopbackServerOptions & { studio: Studio }): Promise<LoopbackServer> {
  try {
    return await startLoopbackServer(options);
  } catch (thrown) {
    await options.studio.close();
    throw thrown;
  }
}

/**
 * The first signal shuts down cleanly, a later one exits immediately. The launcher's exit counts as a signal, so that no host is
 * orphaned.
 */
function endOnSignal(close: () => Promise<void>, log: LogFile): void {
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
        fail(thrown, log);
        void log.close().finally(() => process.exit(1));
      },
    );
  };
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  process.on('SIGHUP', () => end(129));
  if (process.channel) process.on('disconnect', () => end(1));
}

/** Prints one line for a {@link StudioError}; logs anything else with its stack. */
function fail(thrown: unknown, log: LogFile): void {
  if (thrown instanceof StudioError) {
    const snapshot = thrown instanceof RefusedLibrary ? thrown.snapshot : null;
    const restore = snapshot ? `To restore ${snapshotLabel(snapshot)}, ${RESTORE}` : '';
    const hints = [
      canRebuild(thrown.report) ? REBUILD : '',
      restore,
      thrown.code === 'library-incomplete' ? OPEN_ANYWAY : '',
    ];
    console.error([thrown.message, ...hints].join(' ').trim().replaceAll(/\s+/gu, ' '));
    log.warn(thrown.message);
  } else log.error('Emulsion could not start', thrown);
  process.exitCode = 1;
}
