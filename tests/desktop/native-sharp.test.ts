import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MODULE = resolve(import.meta.dirname, '../../electron/desktop/native-sharp.ts');

/** In a process of its own: a hook, once registered, stays. */
async function codesOf(call: string): Promise<string[]> {
  const script = `
    const { hideNativeSharp } = await import(${JSON.stringify(MODULE)});
    ${call};
    const { createRequire } = await import('node:module');
    const require = createRequire(${JSON.stringify(MODULE)});
    const names = ['@img/sharp-linux-x64/sharp.node', '@img/sharp-linuxmusl-arm64/sharp.node', '@img/sharp-libvips-linux-x64/lib', 'sharp'];
    const codes = names.map((name) => { try { require.resolve(name); return 'there'; } catch (error) { return error.message.includes('hidden') ? error.code : 'else'; } });
    console.log(JSON.stringify(codes));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout) as string[];
}

test('hides the native builds on Linux inside Electron, and nothing else', async () => {
  const gone = 'MODULE_NOT_FOUND';
  expect(await codesOf(`hideNativeSharp('linux', true)`)).toEqual([gone, gone, gone, 'there']);
});

test('leaves plain Node and other systems alone', async () => {
  expect(await codesOf(`hideNativeSharp('linux', false); hideNativeSharp('darwin', true)`)).not.toContain(
    'MODULE_NOT_FOUND',
  );
});
