import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MODULE = resolve(import.meta.dirname, '../../electron/desktop/native-sharp.ts');
const NAMES = [
  '@img/sharp-linux-x64/sharp.node',
  '@img/sharp-linuxmusl-arm64/sharp.node',
  '@img/sharp-libvips-linux-x64/lib',
  'sharp',
];
/** Returns whether each module name is hidden. */
const LOOK = `
  const { createRequire } = await import('node:module');
  const { resolve } = createRequire(${JSON.stringify(MODULE)});
  const look = (name) => { try { resolve(name); } catch (error) { return error.message.includes('hidden') && error.code === 'MODULE_NOT_FOUND'; } return false; };
  const hidden = ${JSON.stringify(NAMES)}.map(look);`;

/** In a separate process, because hooks can't be removed. */
async function run(script: string): Promise<unknown> {
  const whole = `const sharp = await import(${JSON.stringify(MODULE)});${script}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', whole]);
  return JSON.parse(stdout);
}

test('hides only the native builds on Linux in Electron', async () => {
  const hidden = await run(`sharp.hideNativeSharp('linux', true); ${LOOK} console.log(JSON.stringify(hidden))`);
  expect(hidden).toEqual([true, true, true, false]);
});

test('also hides them in threads with these imports', async () => {
  const thread = `${LOOK} const { parentPort } = await import('node:worker_threads'); parentPort.postMessage(hidden);`;
  const hidden = await run(`
    const { Worker } = await import('node:worker_threads');
    const execArgv = sharp.threadImports('linux', true).flatMap((module) => ['--import', module]);
    const url = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(thread)}));
    new Worker(url, { execArgv }).once('message', (hidden) => console.log(JSON.stringify(hidden)));`);
  expect(hidden).toEqual([true, true, true, false]);
});

test('does nothing in plain Node and on other systems', async () => {
  const hidden = await run(`
    sharp.hideNativeSharp('linux', false); sharp.hideNativeSharp('darwin', true); ${LOOK}
    console.log(JSON.stringify([...hidden, ...sharp.threadImports('win32', true)]))`);
  expect(hidden).toEqual([false, false, false, false]);
});
