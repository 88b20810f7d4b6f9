import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { utilityProcess as electronProcess } from 'electron';
import { expect, it, onTestFinished } from 'vitest';
import { startUtilityDecoder } from '../../electron/desktop/utility-decoder.ts';
import { DecodingPool } from '../../electron/library/decoding/decoding-pool.ts';
import { RENDER_THUMBNAILS } from '../../electron/library/pixels/operations.ts';
import { HANG } from '../library/decoding/hostile-operations.ts';
import { emptyFolder, smallPng } from '../library/test-library.ts';

// The stand-in belongs to another TypeScript project.
const standIn: string = '../electron-standin/utility-process.ts';
const { utilityProcess } = (await import(standIn)) as { utilityProcess: typeof electronProcess };
const { fork } = utilityProcess;

function poolOf(entry?: string): DecodingPool {
  const pool = new DecodingPool(() => startUtilityDecoder(fork, entry));
  onTestFinished(() => pool.close());
  return pool;
}

it('decodes in a utility process', async () => {
  const path = join(await emptyFolder(), 'image');
  await writeFile(path, await smallPng(30, 20));
  const decoded = await poolOf().run(RENDER_THUMBNAILS, { path, format: 'png' });
  if (!('thumbnails' in decoded)) throw new Error(decoded.flaw);
  expect(decoded.size).toEqual({ width: 30, height: 20 });
  expect(decoded.thumbnails?.preview.length).toBeGreaterThan(50);
});

it('kills one that hangs', async () => {
  const pool = poolOf(join(import.meta.dirname, '../library/decoding/hostile-decoder.ts'));
  await expect(pool.run(HANG, null)).rejects.toMatchObject({ failure: 'timeout' });
});
