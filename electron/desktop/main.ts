import { app, dialog, protocol } from 'electron';
import { resolve } from 'node:path';
import { parseOptions, type DesktopOptions } from './options.ts';
import { PAGE_PRIVILEGES } from './protocol.ts';
import { runDesktop } from './run-desktop.ts';

// Electron takes no privileged scheme once it is ready, so nothing may be awaited before this. Awaiting `app.whenReady()` at the top
// level of a module would never end.
protocol.registerSchemesAsPrivileged([PAGE_PRIVILEGES]);
process.on('uncaughtException', fail);

const parsed = parseOptions(process.argv.slice(1), process.cwd(), process.defaultApp ? 1 : 0);
if ('problem' in parsed) refuse(parsed.problem);
else start(parsed.options);

/** One line, and exit code 2. A program without a terminal says it in a box. */
function refuse(problem: string): void {
  console.error(problem);
  if (app.isPackaged && !process.stderr.isTTY) dialog.showErrorBox('Emulsion', problem);
  app.exit(2);
}

function start(options: DesktopOptions): void {
  if (options.userDataFolder) app.setPath('userData', options.userDataFolder);
  if (!app.requestSingleInstanceLock()) {
    // The first instance hears of it and shows its window.
    app.quit();
    return;
  }
  const dist = resolve(import.meta.dirname, '..');
  const built = { pageFolder: resolve(dist, 'renderer'), preload: resolve(dist, 'preload/preload.cjs') };
  runDesktop({ ...options, ...built, onFault: fail }).catch(fail);
}

/** The stack is for the log. What is on screen is a sentence. */
function fail(error: unknown): void {
  console.error(error);
  dialog.showErrorBox(
    'Emulsion has to close',
    'Something went wrong inside Emulsion. Finished pictures are safe in the library. What was being made is listed there at the next start, with all that is known about it.',
  );
  app.exit(1);
}
