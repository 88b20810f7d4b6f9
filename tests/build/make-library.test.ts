import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { makeLibrary, type LibraryOptions } from '../../build/make-library/make-library.ts';
import { findDamage } from '../../electron/library/db/find-damage.ts';
import { readLibraryTotals } from '../../electron/library/library.ts';
import { readImage } from '../../electron/library/image-record.ts';
import { readImagePage } from '../../electron/library/images/search.ts';
import { readJob } from '../../electron/library/jobs/jobs.ts';
import type { GenerationId, JobId } from '../../electron/contract/entities/ids.ts';
import { sidecarPath } from '../../electron/library/files/folders.ts';
import { buildSidecar } from '../../electron/library/sidecars/build-sidecar.ts';
import { markMissingSidecars } from '../../electron/library/sidecars/missing-sidecars.ts';
import { findUnlisted } from '../../electron/library/unlisted-originals.ts';
import { emptyFolder, reportOf, testLibrary } from '../library/test-library.ts';

const UNTIL = Date.UTC(2026, 10, 30);

async function made(options: Partial<LibraryOptions> = {}): Promise<string> {
  const dir = join(await emptyFolder(), 'made');
  await makeLibrary({ dir, count: 600, until: UNTIL, ...options });
  return dir;
}

test('a made library is whole, and its counts agree', async () => {
  const dir = await made();
  const library = await testLibrary(dir);
  expect(library.recovery).toMatchObject({ completed: [], quarantined: [], postponed: [], unsaved: [], failures: [] });
  expect(findDamage(join(dir, 'library.db'))).toEqual([]);
  expect(library.db.pragma('foreign_key_check')).toEqual([]);
  expect(await findUnlisted(library, new AbortController().signal)).toBeNull();
  const count = (sql: string): unknown => library.db.prepare(sql).pluck().get();
  expect(count('SELECT count(*) FROM images')).toBe(600);
  expect(readLibraryTotals(library.db)).toEqual({
    images: count('SELECT count(*) FROM images WHERE deleted_at IS NULL'),
    bytes: count('SELECT sum(bytes) FROM originals'),
  });
  expect(count('SELECT count(*) FROM picture_words')).toBe(600);
});

test('all of its jobs and images can be read', async () => {
  const { db } = await testLibrary(await made());
  const jobs = db.prepare<[], JobId>('SELECT id FROM jobs').pluck().all();
  expect(jobs.map((id) => readJob(db, id)?.id)).toEqual(jobs);
  const { images } = readImagePage(db, { search: '', after: null, limit: 500 });
  expect(images.map(({ id }) => readImage(db, id)?.id)).toEqual(images.map(({ id }) => id));
  expect(readImagePage(db, { search: 'mountain', after: null, limit: 10 }).images.length).toBe(10);
});

test('its sidecars say what its rows say', async () => {
  const library = await testLibrary(await made({ count: 300 }));
  const rows = library.db
    .prepare<[], { id: GenerationId; at: number }>('SELECT id, created_at AS at FROM generations')
    .all();
  for (const { id, at } of rows)
    expect(JSON.parse(await readFile(sidecarPath(library.folder, id, at), 'utf8'))).toEqual(buildSidecar(library, id));
  expect(await markMissingSidecars(library)).toBe(0);
});

test('the same seed gives the same rows, another one doesn’t', async () => {
  const rows = async (seed: number): Promise<unknown> => {
    const { db } = await testLibrary(await made({ seed, count: 200 }));
    return ['images', 'generations', 'jobs', 'image_tags', 'collection_images', 'inputs', 'tags'].map((table) =>
      db.prepare(`SELECT * FROM ${table}`).all(),
    );
  };
  const first = await rows(7);
  expect(await rows(7)).toEqual(first);
  expect(await rows(8)).not.toEqual(first);
});

test('a stopped run leaves a whole library with fewer images', async () => {
  const stop = new AbortController();
  const dir = await made({ count: 25_000, signal: stop.signal, progress: () => stop.abort() });
  const { db } = await testLibrary(dir);
  const images = db.prepare('SELECT count(*) FROM images').pluck().get();
  expect(images).toBeGreaterThanOrEqual(10_000);
  expect(images).toBeLessThan(11_000);
  const triggers = db.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'log_*'");
  expect(triggers.pluck().get()).toBeGreaterThan(10);
  expect(findDamage(join(dir, 'library.db'))).toEqual([]);
});

test('a folder with something in it is left alone', async () => {
  const dir = await emptyFolder();
  await writeFile(join(dir, 'thesis.odt'), 'text');
  expect(await reportOf(() => makeLibrary({ dir, count: 1 }))).toMatchObject({
    message: `${dir} isn’t empty. Nothing was changed. Choose a new or empty folder for the library.`,
  });
});
