import { execFile } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Sha256 } from '../../electron/contract/entities/ids.ts';
import { runCheck } from '../../electron/library/check/run-check.ts';
import { originalPath } from '../../electron/library/files/folders.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { median, progress, report } from './report.ts';

const ORIGINALS = 100_000;
/** Much less than real ones have, so that what a file costs besides its bytes counts more here. */
const BYTES = 16_384;
const ROUNDS = 3;

/**
 * A check of 100,000 originals, all of them files of their own, against `sha256sum` of the same files in the same run. The library has no images
 * and no records, so only originals are checked. Both read from the system's cache.
 */
export async function check(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'emulsion-bench-check-'));
  const library = await openLibrary(join(home, 'library'));
  try {
    progress(`writing ${ORIGINALS} originals of ${BYTES} bytes …`);
    addOriginals(library);
    await sumAll(library.folder);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const summed = await timed(() => sumAll(library.folder));
      const checked = await timed(() => checkAll(library));
      progress(`sha256sum ${Math.round(summed)} ms, check ${Math.round(checked)} ms`);
      ratios.push(checked / summed);
    }
    const figure = `${ORIGINALS} originals of ${BYTES} bytes ÷ sha256sum of the same files`;
    report({ bench: 'check', figure, value: median(ratios), unit: '×', bar: 1.3, best: 'least' });
  } finally {
    library.close();
    await rm(home, { recursive: true, force: true });
  }
}

function addOriginals({ db, folder }: Library): void {
  const insert = db.prepare('INSERT INTO originals VALUES (?, ?, ?)');
  const bytes = Buffer.alloc(BYTES);
  db.transaction(() => {
    for (let at = 0; at < ORIGINALS; at += 1) {
      randomFillSync(bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex') as Sha256;
      const path = originalPath(folder, sha256, 'png');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      insert.run(sha256, 'png', BYTES);
    }
  })();
}

async function sumAll(folder: string): Promise<void> {
  const command = 'find originals -type f -print0 | xargs -0 sha256sum > /dev/null';
  await promisify(execFile)('sh', ['-c', command], { cwd: folder });
}

async function checkAll(library: Library): Promise<void> {
  const { signal } = new AbortController();
  const { originals, damaged } = await runCheck(library, { signal, progress: () => undefined });
  if (originals !== ORIGINALS || damaged.count > 0) throw new Error(`${originals} checked, ${damaged.count} damaged.`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
