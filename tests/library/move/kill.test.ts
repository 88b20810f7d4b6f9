import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { copyLibrary } from '../../../electron/library/move/copy-library.ts';
import { furnished } from '../rebuild/furnished-library.ts';
import { rowsOf } from '../rebuild/library-rows.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder } from '../test-library.ts';

const COPIER = join(import.meta.dirname, 'copy-until-killed.ts');

it(
  `a copy killed ${KILLS} times at random moments is no library, or a whole one, and continues (seed ${SEED})`,
  async () => {
    const { folder, rows } = await furnished();
    const targets = await emptyFolder();
    for (const moment of randomMoments({ lines: 3, ms: 150 })) {
      await runUntilKilled(COPIER, [folder, targets], moment);
      for (const name of readdirSync(targets)) {
        const target = join(targets, name);
        if (!existsSync(join(target, 'library.db')))
          await copyLibrary({ folder }, target, { signal: new AbortController().signal, progress: () => undefined });
        expect(await rowsIn(target), JSON.stringify(moment)).toEqual(rows);
      }
      expect(await rowsIn(folder)).toEqual(rows);
    }
  },
  TIMEOUT_MS,
);

async function rowsIn(folder: string): Promise<Record<string, unknown[]>> {
  const library = await openLibrary(folder, sharedDecoding);
  try {
    expect(library.db.pragma('integrity_check', { simple: true })).toBe('ok');
    return rowsOf(library);
  } finally {
    library.close();
  }
}
