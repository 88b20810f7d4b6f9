import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { makeLibrary, type LibraryOptions } from '../../build/make-library/make-library.ts';
import { findDamage } from '../../electron/library/db/find-damage.ts';
import { readLibraryTotals, type Library } from '../../electron/library/library.ts';
import { reindexAllImages } from '../../electron/library/images/reindex-images.ts';
import { readImage } from '../../electron/library/image-record.ts';
import { readNewestImages } from '../../electron/library/images/newest-images.ts';
import { readJob } from '../../electron/library/jobs/jobs.ts';
import type { FileFormat } from '../../electron/contract/catalogue/file-formats.ts';
import type { GenerationId, JobId, Sha256 } from '../../electron/contract/entities/ids.ts';
import { READ_HEADER } from '../../electron/library/pixels/operations.ts';
import { originalPath, sidecarPath, thumbnailPath } from '../../electron/library/files/folders.ts';
import { buildSidecar } from '../../electron/library/sidecars/build-sidecar.ts';
import { markMissingSidecars } from '../../electron/library/sidecars/missing-sidecars.ts';
import { readTrashTotals } from '../../electron/library/order/trash-totals.ts';
import { findUnlisted } from '../../electron/library/unlisted-originals.ts';
import { askLibrary } from '../library/index/ask-library.ts';
import { emptyFolder, reportOf, sha256, testLibrary, withBytes } from '../library/test-library.ts';

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
  const trashed = 'FROM images i JOIN originals o USING (sha256) WHERE i.deleted_at IS NOT NULL';
  expect(readTrashTotals(library.db)).toEqual({
    images: count(`SELECT count(*) ${trashed}`),
    bytes: count(`SELECT coalesce(sum(o.bytes), 0) ${trashed}`),
  });
  expect(count('SELECT count(*) FROM picture_words')).toBe(600);
});

test('what triggers and background work would have written is there', async () => {
  const { db } = await testLibrary(await made());
  const rows = (sql: string): unknown[] => db.prepare(sql).all();
  for (const [table, member, column] of [
    ['tags', 'image_tags', 'tag'],
    ['collections', 'collection_images', 'collection'],
  ] as const) {
    const counted = `SELECT key, (SELECT count(*) FROM ${member} m JOIN images i ON i.timeline = m.timeline
      WHERE m.${column} = key AND i.deleted_at IS NULL) AS images FROM ${table} ORDER BY key`;
    expect(rows(`SELECT key, images FROM ${table} ORDER BY key`)).toEqual(rows(counted));
  }
  const uses = `SELECT prompt AS text, row_number() OVER (ORDER BY rowid) AS use, created_at AS at
    FROM generations WHERE prompt <> ''`;
  expect(rows('SELECT text, used, used_at AS at, indexed FROM prompts ORDER BY key')).toEqual(
    rows(`WITH uses AS (${uses}), spans AS (SELECT text, min(use) AS first, max(use) AS last FROM uses GROUP BY text)
      SELECT s.text, s.last AS used, u.at, 1 AS indexed FROM spans s JOIN uses u ON u.use = s.last ORDER BY s.first`),
  );
  expect(rows('SELECT i.id, p.text FROM images i JOIN prompts p ON p.key = i.prompt_key ORDER BY i.id')).toEqual(
    rows(`SELECT i.id, g.prompt AS text FROM images i JOIN generations g ON g.id = i.generation_id
      WHERE g.prompt <> '' ORDER BY i.id`),
  );
  db.exec("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, picture_words, 'instance')");
  const words = (): unknown[] => rows('SELECT term, doc, offset FROM words ORDER BY doc, offset, term');
  const loaded = words();
  db.exec("DELETE FROM counters WHERE name = 'search-version'");
  await reindexAllImages(db);
  expect(words()).toEqual(loaded);
});

test('its schema is that of a new library', async () => {
  const schema = ({ db }: Library): unknown[] =>
    db
      .prepare(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name",
      )
      .all();
  expect(schema(await testLibrary(await made({ count: 20 })))).toEqual(schema(await testLibrary()));
});

test('all of its jobs and images can be read', async () => {
  const library = await testLibrary(await made());
  const { db } = library;
  const jobs = db.prepare<[], JobId>('SELECT id FROM jobs').pluck().all();
  expect(jobs.map((id) => readJob(db, id)?.id)).toEqual(jobs);
  const { images } = readNewestImages(db, { limit: 500 });
  expect(images.map(({ id }) => readImage(db, id)?.id)).toEqual(images.map(({ id }) => id));
  expect(askLibrary(library).find('mountain').length).toBeGreaterThanOrEqual(10);
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

test('its newest images have files that can be decoded, each with bytes of its own', async () => {
  const library = await testLibrary(await made({ count: 60, thumbnails: 24 }));
  const { db, folder } = library;
  const { images } = readNewestImages(db, { limit: 24 });
  const hashes = images.map((image) => ({ image, sha256: withBytes(library, image).sha256 }));
  for (const { image, sha256: expected } of hashes) {
    const path = originalPath(folder, expected, image.format);
    expect(sha256(await readFile(path))).toBe(expected);
    expect(await library.decoding.run(READ_HEADER, { path })).toMatchObject({
      width: image.width,
      height: image.height,
    });
    for (const edge of [512, 256] as const)
      expect((await stat(thumbnailPath(folder, expected, edge))).size).toBeGreaterThan(100);
  }
  expect(new Set(hashes.map((one) => one.sha256)).size).toBe(24);
  const missing = db
    .prepare<[], { sha256: Sha256; format: FileFormat }>(
      `SELECT o.sha256, o.format FROM inputs n JOIN originals o ON o.sha256 = n.sha256 JOIN images i ON i.generation_id = n.generation_id
        WHERE i.timeline > (SELECT timeline FROM images ORDER BY timeline DESC LIMIT 1 OFFSET 12)`,
    )
    .all()
    .filter(({ sha256: hash, format }) => !existsSync(originalPath(folder, hash, format)));
  expect(missing).toEqual([]);
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
  expect(images).toBeGreaterThanOrEqual(2000);
  expect(images).toBeLessThan(3000);
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
