// @ts-check
// `npm start`: builds what is missing, then opens the desktop app, or the same studio in the browser where that cannot be. Plain
// JavaScript without new syntax, so that an old Node can read it and say that it is too old.
import { join } from 'node:path';
import { built, onNewEnoughNode, ROOT, say } from './start/ready.mjs';

/** An Electron that ends by a crash this early never showed a window: a sandbox or a library is missing. */
const EARLY_MS = 10_000;

process.exitCode = await onNewEnoughNode(import.meta.url, process.argv.slice(2), start);

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function start(args) {
  const { HELP, readOptions } = await import('./start/options.mjs');
  // npm runs us in the project's folder and tells where the person stands.
  const options = readOptions(args, process.env.INIT_CWD ?? process.cwd());
  if ('wrong' in options) {
    say(options.wrong);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!(await built())) return 1;
  return options.browser ? startLoopback(options) : startDesktop(options);
}

/** @param {import('./start/options.mjs').StartOptions} options */
async function startLoopback(options) {
  const { runInPlace } = await import('./start/run.mjs');
  const { loopbackArguments } = await import('./start/options.mjs');
  const args = [join(ROOT, 'dist/main/loopback.js'), ...loopbackArguments(options)];
  return (await runInPlace(process.execPath, args, { channel: true })).code;
}

/** @param {import('./start/options.mjs').StartOptions} options */
async function startDesktop(options) {
  const { fetchElectron, findElectron, whyNoWindow } = await import('./start/electron.mjs');
  const { runInPlace } = await import('./start/run.mjs');
  const { desktopArguments } = await import('./start/options.mjs');
  const environment = { ...process.env };
  delete environment.ELECTRON_RUN_AS_NODE;
  let why = whyNoWindow(environment);
  if (!why && !findElectron(ROOT, environment)) why = await fetchElectron(ROOT, environment, say);
  const electron = why ? null : findElectron(ROOT, environment);
  if (electron) {
    const ended = await runInPlace(electron, [ROOT, ...desktopArguments(options)], { environment });
    const crashed =
      ended.output !== '' || (ended.signal !== null && !['SIGINT', 'SIGTERM', 'SIGHUP'].includes(ended.signal));
    if (!crashed || ended.tookMs > EARLY_MS) return ended.code;
    why = 'Electron does not start on this system';
  }
  say(`${why ?? 'Electron hasn’t been downloaded'}, so Emulsion opens in the browser instead of its own window.`);
  return startLoopback(options);
}
