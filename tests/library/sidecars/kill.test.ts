import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { listOutdatedSidecars, writeOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { furnished } from '../rebuild/furnished-library.ts';
import { rowsOf } from '../rebuild/library-rows.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';

const WRITER = join(import.meta.dirname, 'upgrade-until-killed.ts');

/** The records of a library by their paths, each parsed: half a record isn't JSON. */
function recordsIn(folder: string): Record<string, unknown> {
  const names = readdirSync(join(folder, 'records'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  return Object.fromEntries(
    files.map((name) => [name, JSON.parse(readFileSync(join(folder, 'records', name), 'utf8'))]),
  );
}

it(
  `writing sidecars again, killed ${KILLS} times at random moments, leaves whole ones, and the rest is written later (seed ${SEED})`,
  async () => {
    const { folder, rows } = await furnished();
    const written = recordsIn(folder);
    // It grows with each session that writes records.
    const epoch = expect.any(Number) as number;
    const before = { ...written, 'library.json': { ...(written['library.json'] as object), epoch } };
    for (const moment of randomMoments({ lines: 4, ms: 60 })) {
      await runUntilKilled(WRITER, [folder], moment);
      expect(recordsIn(folder)).toEqual(before);
      const library = await openLibrary(folder, sharedDecoding);
      const failures: unknown[] = [];
      await writeOutdatedSidecars(library, { failed: (thrown) => failures.push(thrown) });
      expect(failures).toEqual([]);
      expect(listOutdatedSidecars(library.db)).toEqual([]);
      expect(recordsIn(folder)).toEqual(before);
      expect(rowsOf(library)).toEqual(rows);
      library.close();
    }
  },
  TIMEOUT_MS,
);
