import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLibrary } from '../../electron/library/check/check-library.ts';
import { findDamage } from '../../electron/library/db/find-damage.ts';
import { databaseHealth, openLibrary } from '../../electron/library/library.ts';
import { sidecarPath } from '../../electron/library/files/folders.ts';
import { finishGeneration } from '../../electron/library/jobs/generations.ts';
import { findIncompleteSidecars } from '../../electron/library/sidecars/incomplete-sidecars.ts';
import { rewriteSidecars } from '../../electron/library/sidecars/outdated-sidecars.ts';
import { readGenerationSidecar } from '../../electron/library/sidecars/sidecar-schema.ts';
import { writeSidecar } from '../../electron/library/sidecars/write-sidecar.ts';
import { damagePage, overwrite, truncateTo } from './damage.ts';
import { emptyFolder, savedImage, testLibrary } from './test-library.ts';

async function closedLibrary(): Promise<{ folder: string; path: string }> {
  const folder = join(await emptyFolder(), 'library');
  const library = await openLibrary(folder);
  for (let image = 0; image < 3; image += 1) await savedImage(library);
  // Leaves free pages behind.
  library.db.exec(
    "INSERT INTO drafts VALUES ('01890000-0000-7000-8000-000000000000', 'a', NULL, '" + 'x'.repeat(60_000) + "', 1, 1)",
  );
  library.db.exec('DELETE FROM drafts');
  library.close();
  return { folder, path: join(folder, 'library.db') };
}

it('the check finds sidecars that end too early, of any age', async () => {
  const library = await testLibrary();
  const image = await savedImage(library);
  await writeSidecar(library, image.generationId);
  expect(findIncompleteSidecars(library.folder)).toEqual([]);
  const path = sidecarPath(library.folder, image.generationId, image.createdAt);
  for (const length of [0, 100, statSync(path).size - 1]) {
    truncateSync(path, length);
    expect(findIncompleteSidecars(library.folder)).toEqual([image.generationId]);
  }
  const end = { state: 'done', at: 5, answer: null, billing: 'billed', error: null } as const;
  finishGeneration(library.db, image.generationId, end);
  const failed = (thrown: unknown): never => expect.unreachable(String(thrown));
  await rewriteSidecars(library, [image.generationId], failed);
  expect(findIncompleteSidecars(library.folder)).toEqual([]);
  expect((await readGenerationSidecar(path)).state).toBe('done');
});

describe('the check of a database', () => {
  it('finds nothing in a sound one, and damage in an index, a table, the free list, the header and a cut file', async () => {
    expect(findDamage((await closedLibrary()).path)).toEqual([]);
    const spoil: ((paths: { folder: string; path: string }) => void)[] = [
      ({ folder }) => damagePage(folder, 'jobs_open'),
      ({ folder }) => damagePage(folder, 'images'),
      // The number of the first free page, and the number of free pages (sqlite.org/fileformat2.html, 1.3).
      ({ path }) => overwrite(path, 32, Buffer.from([0x7f, 0xff, 0xff, 0xff])),
      ({ path }) => overwrite(path, 36, Buffer.from([0, 0, 0x40, 0])),
      ({ path }) => overwrite(path, 0, Buffer.from('no database')),
      ({ path }) => truncateTo(path, 0.5),
    ];
    for (const act of spoil) {
      const paths = await closedLibrary();
      act(paths);
      expect(findDamage(paths.path)).not.toEqual([]);
    }
  });

  it('runs in a thread beside an open library and reports to its health', async () => {
    const { folder } = await closedLibrary();
    damagePage(folder, 'generations_of_model');
    const library = await testLibrary(folder);
    const health = databaseHealth(library.db);
    expect(health.damage).toBeNull();
    const said: string[] = [];
    const options = { failed: (thrown: unknown) => expect.unreachable(String(thrown)), delayMs: 0 };
    await checkLibrary(library, {
      ...options,
      signal: new AbortController().signal,
      checked: ({ damage }) => void said.push(...damage),
    });
    expect(said.length).toBeGreaterThan(0);
    expect(health.damage?.code).toBe('library-damaged');
    expect(health.damage?.message).toContain(folder);
  });

  it('is stopped when the library is closed, without an error', async () => {
    const library = await testLibrary();
    const ending = new AbortController();
    const checked = checkLibrary(library, {
      signal: ending.signal,
      checked: () => expect.unreachable('It was stopped.'),
      failed: (thrown) => expect.unreachable(String(thrown)),
    });
    ending.abort();
    await checked;
    expect(databaseHealth(library.db).damage).toBeNull();
  });
});
