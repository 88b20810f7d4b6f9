import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openUntrusted } from '../../../electron/library/db/database.ts';
import { openLibrary } from '../../../electron/library/library.ts';
import { makeSnapshot } from '../../../electron/library/snapshots/make-snapshot.ts';
import { listSnapshots, snapshotPath } from '../../../electron/library/snapshots/snapshot-files.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { furnished } from '../rebuild/furnished-library.ts';
import { rowsOf } from '../rebuild/library-rows.ts';
import { sharedDecoding } from '../shared-decoding.ts';

const COPIER = join(import.meta.dirname, 'snapshot-until-killed.ts');

it(
  `making snapshots, killed ${KILLS} times at random moments, lists whole ones only (seed ${SEED})`,
  async () => {
    const { folder, rows } = await furnished();
    for (const moment of randomMoments({ lines: 3, ms: 150 })) {
      await runUntilKilled(COPIER, [folder], moment);
      const library = await openLibrary(folder, sharedDecoding);
      expect(rowsOf(library)).toEqual(rows);
      library.close();
      for (const { name } of await listSnapshots(folder)) {
        const copy = openUntrusted(snapshotPath(folder, name), { readonly: true });
        expect(copy.pragma('integrity_check', { simple: true }), name).toBe('ok');
        expect(copy.prepare('SELECT count(*) FROM images').pluck().get()).toBe(rows['images']?.length);
        copy.close();
      }
    }
    // What was left unproven doesn't keep the next one from being made.
    const made = await makeSnapshot(folder, { reason: 'daily', now: Date.now() + 86_400_000 });
    const kept = await listSnapshots(folder);
    expect(kept[0]?.name).toBe(made.name);
    expect(kept.length).toBeLessThanOrEqual(10);
  },
  TIMEOUT_MS,
);
