import { execFile } from 'node:child_process';
import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Images of a made library, with those in its trash. */
export const MADE_IMAGES = 5000;
/** The newest images that have files: enough for the first screens. */
const FILES = 16;
/** The day after its newest image: tests name what its newest images are, which is another choice for each day. */
const UNTIL = '2026-12-02';
const MAKE = resolve(import.meta.dirname, '../../build/make-library/main.ts');
/** Emptied by Playwright at the start of a run. */
const SHARED = resolve(import.meta.dirname, '../../test-results/made-library');
const DONE = join(SHARED, 'done');
/** Making it takes a few seconds, on a busy machine more. */
const MAX_WAIT_MS = 90_000;

/** Copies a library of 5,000 images, made once a run, into a folder. @throws Error if it isn't made in time */
export async function copyMadeLibrary(folder: string): Promise<void> {
  const mine = await claim();
  if (mine) {
    const made = ['--count', String(MADE_IMAGES), '--thumbnails', String(FILES), '--until', UNTIL];
    const args = [...made, '--dir', join(SHARED, 'library')];
    await promisify(execFile)(process.execPath, [MAKE, ...args]);
    await writeFile(DONE, '');
  }
  for (let waited = 0; !(await exists(DONE)); waited += 100) {
    if (waited > MAX_WAIT_MS) throw new Error('The library of another test was not made in time.');
    await delay(100);
  }
  await cp(join(SHARED, 'library'), folder, { recursive: true });
}

/** Only one of the processes makes it. */
async function claim(): Promise<boolean> {
  await mkdir(resolve(SHARED, '..'), { recursive: true });
  try {
    await mkdir(SHARED);
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
