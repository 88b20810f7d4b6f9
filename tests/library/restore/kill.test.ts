import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { restoreSnapshot } from '../../../electron/library/restore/restore-snapshot.ts';
import { listSnapshots } from '../../../electron/library/snapshots/snapshot-files.ts';
import { rowsOf } from '../rebuild/library-rows.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { snapshotted, SNAPSHOT_AT } from './snapshotted-library.ts';

const RESTORER = join(import.meta.dirname, 'restore-until-killed.ts');

it(
  `a restore killed ${KILLS} times at random moments leaves one of the two databases, whole (seed ${SEED})`,
  async () => {
    const { folder, name, rows } = await snapshotted();
    const { kept } = await restoreSnapshot(folder, name, {
      signal: new AbortController().signal,
      now: SNAPSHOT_AT + 60_000,
    });
    const restored = await reopened(folder);
    expect(restored).not.toEqual(rows);
    const [latest] = await listSnapshots(folder);
    expect(kept).toBe(join('snapshots', latest?.name ?? ''));
    const either = [rows, restored].map((each) => JSON.stringify(each));
    for (const moment of randomMoments({ lines: 8, ms: 80 })) {
      await runUntilKilled(RESTORER, [folder, latest?.name ?? '', name], moment);
      expect(existsSync(join(folder, 'library.db')), JSON.stringify(moment)).toBe(true);
      expect(either, JSON.stringify(moment)).toContain(JSON.stringify(await reopened(folder)));
    }
    const names = (await listSnapshots(folder)).map((snapshot) => snapshot.name);
    expect(names).toEqual(expect.arrayContaining([name, latest?.name]));
  },
  TIMEOUT_MS,
);

async function reopened(folder: string): Promise<Record<string, unknown[]>> {
  const library = await openLibrary(folder, sharedDecoding);
  try {
    expect(library.db.pragma('integrity_check', { simple: true })).toBe('ok');
    return rowsOf(library);
  } finally {
    library.close();
  }
}
