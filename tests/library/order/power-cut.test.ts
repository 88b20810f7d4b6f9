import { copyFileSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { syncCommits, transactUnsynced } from '../../../electron/library/db/unsynced.ts';
import fc from '../../fast-check.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder } from '../test-library.ts';
import { changeId, everyRow, testOrder } from './order-fixtures.ts';

const SEED = inject('seed') ?? Date.now() % 2 ** 31;
const ALL = { kind: 'view' } as Selection;
const FILES = ['library.db', 'library.db-wal'];

/** The library as a power cut leaves it that kept a part of the log: 0 nothing, 1 all. @returns every row after the next start */
async function afterCut(files: string, kept: number): Promise<Record<string, unknown[]>> {
  const folder = join(await emptyFolder(), 'library');
  mkdirSync(folder);
  for (const name of FILES) copyFileSync(join(files, name), join(folder, name));
  const log = join(folder, 'library.db-wal');
  truncateSync(log, Math.round(statSync(log).size * kept));
  const library = await openLibrary(folder, sharedDecoding);
  const rows = everyRow(library.db);
  expect(
    library.db.prepare("SELECT count(*) FROM changes WHERE state IN ('applying', 'reverting')").pluck().get(),
  ).toBe(0);
  library.close();
  return rows;
}

async function copyOf({ folder }: Library): Promise<string> {
  const copy = await emptyFolder();
  for (const name of FILES) copyFileSync(join(folder, name), join(copy, name));
  return copy;
}

it(`a power cut in a bulk edit, or in its undo, leaves all of it or nothing (seed ${SEED})`, async () => {
  const { changes, events, library, settled } = await testOrder(900);
  const before = everyRow(library.db);
  // From here on, everything is in the log.
  library.db.pragma('wal_checkpoint(TRUNCATE)');
  const tagged = await changes.apply(changeId(), ALL, { kind: 'tag', add: ['client/acme'], remove: [] });
  while (!events.some(({ applied }) => applied > 0)) await new Promise((resolve) => setImmediate(resolve));
  const applying = await copyOf(library);
  expect(await settled(tagged)).toMatchObject({ state: 'done' });
  const after = everyRow(library.db);
  const done = await copyOf(library);
  const undone = await settled(await changes.undo(tagged.id));
  expect(undone).toMatchObject({ state: 'undone', left: 0 });
  const reverted = await copyOf(library);
  expect(await afterCut(done, 1)).toEqual(after);
  expect(await afterCut(reverted, 1)).toEqual(before);
  const kept = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(kept, async (part) => {
      expect(await afterCut(applying, part)).toEqual(before);
      expect([before, after]).toContainEqual(await afterCut(reverted, part));
    }),
    { seed: SEED, numRuns: 6 },
  );
});

it('what isn’t synced yet is synced before anything outside the database depends on it, and each other commit is synced', async () => {
  const { library } = await testOrder(2);
  const { db } = library;
  expect(transactUnsynced(db, () => db.prepare('UPDATE images SET rating = 2').run().changes)).toBe(2);
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  await syncCommits(db);
  const failing = (): unknown =>
    transactUnsynced(db, () => {
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
});
