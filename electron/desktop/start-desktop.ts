import { app, dialog, protocol } from 'electron';
import { join, resolve } from 'node:path';
import { logFolder, openLog, readLevel, startLine, type LogFile } from '../log/log.ts';
import { parseOptions, type DesktopOptions } from './options.ts';
import { PAGE_PRIVILEGES } from './page/protocol.ts';
import { runDesktop, type DesktopBuild } from './run-desktop.ts';

/**
 * Starts the desktop application. Call it synchronously in the main module: Electron accepts privileged schemes only before it is ready,
 * and a top-level `await app.whenReady()` never resolves.
 */
export function startDesktop(build: DesktopBuild): void {
  protocol.registerSchemesAsPrivileged([PAGE_PRIVILEGES]);
  process.on('uncaughtException', fail);
  const parsed = parseOptions(process.argv.slice(1), process.cwd(), process.defaultApp ? 1 : 0);
  if ('problem' in parsed) refuse(parsed.problem);
  else start(parsed.options, build);
}

/** Prints one line and exits with code 2. Without a terminal it shows a message box. */
function refuse(problem: string): void {
  console.error(problem);
  if (app.isPackaged && !process.stderr.isTTY) dialog.showErrorBox('Emulsion', problem);
  app.exit(2);
}

/** `EMULSION_HOME` moves settings and library into one folder, as on the loopback host: for tests and portable installations. */
function start(options: DesktopOptions, build: DesktopBuild): void {
  const own = process.env['EMULSION_HOME'];
  // Before the lock, because each home has its own instance.
  if (own) app.setPath('userData', resolve(own, 'preferences'));
  if (!app.requestSingleInstanceLock()) {
    // The first instance receives `second-instance` and shows its window.
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

/** Null until the settings folder is known. */
let log: LogFile | null = null;
let failed = false;

/** Logs the stack; shows only a sentence. */
function fail(error: unknown): void {
  if (log) log.error('Emulsion must close', error);
  else console.error(error);
  // Further errors while closing are only logged.
  if (failed) return;
  failed = true;
  dialog.showErrorBox(
    'Emulsion must close',
    'Something went wrong in Emulsion. Finished images are in the library, and unfinished jobs are listed in Activity at the next start.',
  );
  void (log?.close() ?? Promise.resolve()).finally(() => app.exit(1));
}
