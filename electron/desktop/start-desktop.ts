import { app, dialog, protocol } from 'electron';
import { join, resolve } from 'node:path';
import { logFolder, openLog, readLevel, startLine, type LogFile } from '../log/log.ts';
import { parseOptions, type DesktopOptions } from './options.ts';
import { PAGE_PRIVILEGES } from './page/protocol.ts';
import { runDesktop, type DesktopBuild } from './run-desktop.ts';

/**
 * Runs the desktop application. Call it while the main module is evaluated, before anything is awaited: Electron takes no privileged scheme
 * once it is ready, and awaiting `app.whenReady()` at the top level of a module never ends.
 */
export function startDesktop(build: DesktopBuild): void {
  protocol.registerSchemesAsPrivileged([PAGE_PRIVILEGES]);
  process.on('uncaughtException', fail);
  const parsed = parseOptions(process.argv.slice(1), process.cwd(), process.defaultApp ? 1 : 0);
  if ('problem' in parsed) refuse(parsed.problem);
  else start(parsed.options, build);
}

/** One line, and exit code 2. A program without a terminal says it in a box. */
function refuse(problem: string): void {
  console.error(problem);
  if (app.isPackaged && !process.stderr.isTTY) dialog.showErrorBox('Emulsion', problem);
  app.exit(2);
}

/** `EMULSION_HOME` puts settings and library below one folder, as it does for the loopback host: for tests and portable set-ups. */
function start(options: DesktopOptions, build: DesktopBuild): void {
  const own = process.env['EMULSION_HOME'];
  // Before the lock: there is one instance for each home.
  if (own) app.setPath('userData', resolve(own, 'preferences'));
  if (!app.requestSingleInstanceLock()) {
    // The first instance hears of it and shows its window.
    app.quit();
    return;
  }
  const defaultLibraryFolder = own ? resolve(own, 'library') : join(app.getPath('pictures'), 'Emulsion');
  log = openLog({
    folder: logFolder(app.getPath('userData'), process.env),
    name: 'desktop.log',
    level: readLevel(process.env['EMULSION_LOG_LEVEL']),
  });
  log.info(startLine(app.getVersion(), 'desktop'));
  runDesktop({ ...options, ...build, defaultLibraryFolder, log, onFault: fail }).catch(fail);
}

/** Null until the folder of the settings is known. */
let log: LogFile | null = null;
let failed = false;

/** The stack goes to the log, a sentence to the screen. */
function fail(error: unknown): void {
  if (log) log.error('Emulsion must close', error);
  else console.error(error);
  // What fails while it closes is in the log too.
  if (failed) return;
  failed = true;
  dialog.showErrorBox(
    'Emulsion must close',
    'Something went wrong in Emulsion. Finished images are in the library, and unfinished jobs are listed in Activity at the next start.',
  );
  void (log?.close() ?? Promise.resolve()).finally(() => app.exit(1));
}
