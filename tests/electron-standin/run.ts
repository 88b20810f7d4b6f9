import { readFileSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { startChromium, type BrowserCommand } from './cdp.ts';
import { listenToTest, report } from './control.ts';
import { startSchemes } from './schemes.ts';
import { state } from './state.ts';
import { Targets } from './targets.ts';

/*
 * `node run.ts APPLICATION [argument …]`: what the `electron` program does with a folder or a file, in plain Node. The application becomes
 * ready only when its main module has been evaluated to the end, as in Electron. A main module that awaits `app.whenReady()` at its top
 * level would wait for ever there; here the process ends with Node's own exit code for that, and says so.
 */

/** Node's exit code where nothing is left that could end a top-level await. */
const UNSETTLED = 13;

const given = process.argv[2] ?? '.';
const path = resolve(given);
const folder = statSync(path).isDirectory() ? path : dirname(path);
const manifest = folder === path ? (JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest) : {};
const main = folder === path ? join(path, manifest.main ?? 'index.js') : path;

interface Manifest {
  name?: string;
  productName?: string;
  version?: string;
  main?: string;
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`stand-in: ${name} is not set. Start it with launchStandIn().`);
  Reflect.deleteProperty(process.env, name);
  return value;
}

async function start(browser: BrowserCommand): Promise<void> {
  await startSchemes();
  const chromium = await startChromium(browser);
  const targets = new Targets(chromium);
  await targets.start();
  chromium.onDeath(() => {
    if (state.quitting) return;
    console.error('stand-in: Chromium has gone.');
    process.exit(71);
  });
  Object.assign(state, { chromium, targets, ready: true });
  report({ type: 'ready', endpoint: chromium.endpoint });
  app.emit('ready', {}, {});
}

const electron = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: electron, shortCircuit: true } : next(specifier, context),
});
// As the application sees it: the program, the application, its arguments.
process.argv.splice(1, 1);
Object.assign(process, { type: 'browser', defaultApp: true });
// What an application does differently inside Electron, it does here.
Object.defineProperty(process.versions, 'electron', { value: 'stand-in', enumerable: true });
app.identify({
  name: manifest.productName ?? manifest.name ?? 'Electron',
  version: manifest.version ?? '0.0.0',
  folder,
  home: fromEnvironment('STANDIN_HOME'),
});
const browser = JSON.parse(fromEnvironment('STANDIN_BROWSER')) as BrowserCommand;
listenToTest();
process.once('exit', (code) => {
  if (code === UNSETTLED)
    console.error('stand-in: the main module awaits at its top level what never comes: readiness?');
});
// The line to the test alone keeps nobody alive: nothing can come by it before the main module is through.
process.channel?.unref();
await import(pathToFileURL(main).href);
process.channel?.ref();
if (!state.quitting) await start(browser);
