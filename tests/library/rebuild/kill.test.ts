import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { rebuildLibrary } from '../../../electron/library/rebuild/rebuild-library.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { furnished } from './furnished-library.ts';
import { rowsOf } from './library-rows.ts';

const REBUILDER = join(import.meta.dirname, 'rebuild-until-killed.ts');

it(
  `a rebuild killed ${KILLS} times at random moments loses nothing (seed ${SEED})`,
  async () => {
    const { folder, rows } = await furnished();
    for (const moment of randomMoments({ lines: 4, ms: 120 })) {
      await runUntilKilled(REBUILDER, [folder], moment);
      // Killed between the two renames: the database is missing, which a start says, and it is rebuilt.
      if (!existsSync(join(folder, 'library.db')))
        await rebuildLibrary(folder, { signal: new AbortController().signal, progress: () => undefined });
      const library = await openLibrary(folder, sharedDecoding);
      expect(rowsOf(library), JSON.stringify(moment)).toEqual(rows);
      expect(library.db.pragma('integrity_check', { simple: true })).toBe('ok');
      library.close();
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('library-before')).length).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
