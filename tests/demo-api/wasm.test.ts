import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('draws repeatedly without the native build of sharp', { timeout: 60_000 }, async () => {
  const script = join(import.meta.dirname, 'draw-by-wasm.ts');
  const flags = ['--disable-warning=ExperimentalWarning'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, script]);
  expect(stdout.trim().split('\n')).toEqual([
    'wasm',
    'own memory',
    'png 2048x1152',
    'png 2048x1152',
    'png 2048x1152',
    'jpeg 1024x1024',
    'webp 1024x1024',
    'png 1024x1024',
  ]);
  // The thread's own, and those of this build's internal threads.
  expect([...new Set(stderr.trim().split('\n'))]).toEqual([expect.stringMatching(/^sharp-wasm32/u)]);
});
