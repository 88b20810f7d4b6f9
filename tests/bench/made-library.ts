import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeLibrary } from '../../build/make-library/make-library.ts';
import { progress } from './report.ts';

/** The newest images with files, at most, and as a part of all. */
const THUMBNAILS = { max: 2000, part: 0.1 };
/** Where made libraries are kept: `EMULSION_BENCH_DIR`, or the system's temporary folder. */
const FOLDER = process.env.EMULSION_BENCH_DIR ?? join(tmpdir(), 'emulsion-bench');
const SOURCES = ['../../electron/library/db/migrations', '../../build/make-library'];

/**
 * A library of `count` images, made once for each state of the schema and of the kit, and kept.
 * @param files whether all of them have files, not only the newest
 * @returns its folder
 */
export async function madeLibrary(count: number, files: 'newest' | 'all' = 'newest'): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const dir = join(FOLDER, `${count}${files === 'all' ? '-files' : ''}-${sourceHash()}`);
  if (existsSync(dir)) return dir;
  progress(`Making a library of ${count.toLocaleString('en')} images in ${dir}, which is kept …`);
  const unfinished = `${dir}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const from = performance.now();
  const thumbnails = files === 'all' ? count : Math.min(THUMBNAILS.max, count * THUMBNAILS.part);
  await makeLibrary({ dir: unfinished, count, thumbnails });
  renameSync(unfinished, dir);
  progress(`… made in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  return dir;
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const folder of SOURCES.map((source) => resolve(import.meta.dirname, source)))
    for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 10);
}
