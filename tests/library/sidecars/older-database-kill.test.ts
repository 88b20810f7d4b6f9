import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { furnished } from '../rebuild/furnished-library.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { reportOf } from '../test-library.ts';

const EDITOR = join(import.meta.dirname, 'edit-until-killed.ts');
const ENDS = ['', '-wal'] as const;

/** What the records of requests and imports say. */
function recordsIn(folder: string): string {
  const names = readdirSync(join(folder, 'records'), { recursive: true, encoding: 'utf8' });
  const records = names.filter((name) => /^\d{4}\/\d{2}\/.+\.json$/u.test(name)).toSorted();
  return records.map((name) => readFileSync(join(folder, 'records', name), 'utf8')).join('');
}

/** Moves a database with its log aside, or back. */
function copy(from: string, to: string): void {
  for (const end of ENDS) {
    rmSync(to + end, { force: true });
    if (existsSync(from + end)) copyFileSync(from + end, to + end);
  }
  rmSync(`${to}-shm`, { force: true });
}

it(
  `edits killed ${KILLS} times at random moments never make a database look older than it is, and an older one is noticed (seed ${SEED})`,
  async () => {
    const { folder } = await furnished();
    const database = join(folder, 'library.db');
    const [older, newest] = [`${database}.older`, `${database}.newest`];
    let noticed = 0;
    // The first one is after records were written: one is noticed in any case.
    for (const moment of [{ lines: 4, ms: 0 }, ...randomMoments({ lines: 24, ms: 12 })]) {
      copy(database, older);
      const before = recordsIn(folder);
      await runUntilKilled(EDITOR, [folder], moment);
      copy(database, newest);
      if (recordsIn(folder) !== before) {
        copy(older, database);
        const { code, message } = await reportOf(() => openLibrary(folder, sharedDecoding));
        expect(code, JSON.stringify(moment)).toBe('library-incomplete');
        expect(message).toContain('is an older copy');
        noticed += 1;
        copy(newest, database);
      }
      (await openLibrary(folder, sharedDecoding)).close();
    }
    expect(noticed).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
