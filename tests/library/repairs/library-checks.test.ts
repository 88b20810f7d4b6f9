import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, truncate } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { v7 as uuid } from 'uuid';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CheckReport, Repair, RepairOutcomes } from '../../../electron/contract/entities/checks.ts';
import type { ImageId, RunId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { Run } from '../../../electron/contract/entities/runs.ts';
import { acceptUnknownFiles, knownFiles } from '../../../electron/library/db/known-files.ts';
import { originalPath, QUARANTINE, THUMBNAIL_EDGE, thumbnailPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import type { Library } from '../../../electron/library/library.ts';
import { LibraryChecks } from '../../../electron/library/repairs/library-checks.ts';
import { LibraryRuns } from '../../../electron/library/runs/library-runs.ts';
import { writeSidecar } from '../../../electron/library/sidecars/write-sidecar.ts';
import { savedImage, sha256, smallPng, testLibrary, withBytes } from '../test-library.ts';

let library: Library;
let checks: LibraryChecks;
let runs: LibraryRuns;
let ended: Map<string, (run: Run) => void>;
let listed = 0;

beforeEach(async () => {
  library = await testLibrary();
  ended = new Map();
  listed = 0;
  runs = new LibraryRuns({
    changed: (run) => run.endedAt !== null && ended.get(run.id)?.(run),
    failed: (thrown) => {
      throw thrown;
    },
  });
  onTestFinished(() => runs.close());
  checks = new LibraryChecks(library, runs, {
    changed: () => undefined,
    async listed() {
      listed += 1;
      return Promise.resolve();
    },
    failed: () => undefined,
  });
});

async function whenEnded(start: (id: RunId) => unknown): Promise<Run> {
  const id = uuid() as RunId;
  const { promise, resolve } = Promise.withResolvers<Run>();
  ended.set(id, resolve);
  start(id);
  return promise;
}

async function check(): Promise<CheckReport> {
  const { result, error } = await whenEnded((id) => checks.check(id));
  expect(error).toBeNull();
  return result as CheckReport;
}

async function repair(what: Repair): Promise<RepairOutcomes[Repair]> {
  const { result, error } = await whenEnded((id) => checks.repair(id, what));
  expect(error).toBeNull();
  return (result as RepairOutcomes)[what];
}

const nameIn = (path: string): string => relative(library.folder, path).split(sep).join('/');
const quarantined = (): string[] => readdirSync(join(library.folder, QUARANTINE));
const idsOf = ({ db }: Library): string[] =>
  db.prepare<[], string>('SELECT id FROM images ORDER BY timeline').pluck().all();

/** An image with thumbnails and its sidecar. */
async function wholeImage(prompt = 'a lighthouse'): Promise<{ id: ImageId; sha256: Sha256; record: string }> {
  const image = await savedImage(library, { prompt });
  await createThumbnails(library, image.id);
  library.db
    .prepare("UPDATE generations SET state = 'done', finished_at = created_at WHERE id = ?")
    .run(image.generationId);
  await writeSidecar(library, image.generationId);
  const records = readdirSync(join(library.folder, 'records'), { recursive: true, encoding: 'utf8' });
  const record = records.find((name) => name.includes(image.generationId));
  return { ...withBytes(library, image), record: join(library.folder, 'records', record ?? '') };
}

/** A file among the originals that nothing names. */
function strayFile(bytes: Uint8Array, hash = sha256(bytes)): string {
  const path = originalPath(library.folder, hash, 'png');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const NOTHING = { count: 0, files: [] };

describe('thumbnails', () => {
  it('are created again where they are missing or cut off', async () => {
    const [first, second] = [await wholeImage(), await wholeImage()];
    expect((await check()).withoutThumbnail).toEqual(NOTHING);
    rmSync(thumbnailPath(library.folder, first.sha256, THUMBNAIL_EDGE));
    await truncate(thumbnailPath(library.folder, second.sha256, THUMBNAIL_EDGE), 40);
    expect((await check()).withoutThumbnail.count).toBe(2);
    expect(await repair('thumbnails')).toEqual({ repaired: 2, skipped: 0, failed: NOTHING });
    expect((await check()).withoutThumbnail).toEqual(NOTHING);
  });

  it('stay as they are if they came back, the image was deleted or its original changed since the check', async () => {
    const [back, deleted, damaged] = [await wholeImage(), await wholeImage(), await wholeImage()];
    const kept = join(library.folder, 'kept');
    const pathOf = (hash: Sha256): string => thumbnailPath(library.folder, hash, THUMBNAIL_EDGE);
    await copyFile(pathOf(back.sha256), kept);
    for (const { sha256: hash } of [back, deleted, damaged]) rmSync(pathOf(hash));
    await check();
    await copyFile(kept, pathOf(back.sha256));
    library.db.prepare('DELETE FROM images WHERE id = ?').run(deleted.id);
    writeFileSync(originalPath(library.folder, damaged.sha256, 'png'), await smallPng());
    const { failed, ...counts } = (await repair('thumbnails')) ?? expect.unreachable();
    expect(counts).toEqual({ repaired: 0, skipped: 2 });
    expect(failed.files).toEqual([nameIn(originalPath(library.folder, damaged.sha256, 'png'))]);
    expect(existsSync(pathOf(damaged.sha256))).toBe(false);
    expect(readImage(library.db, damaged.id)?.flaw ?? null).toBeNull();
  });
});

describe('records', () => {
  it('are written again where they are missing, cut off or say something else, and what they said is kept', async () => {
    const [missing, cut, edited] = [await wholeImage(), await wholeImage(), await wholeImage()];
    expect((await check()).records).toEqual(NOTHING);
    rmSync(missing.record);
    await truncate(cut.record, 100);
    const changed = readFileSync(edited.record, 'utf8').replace('"rating": 0', '"rating": 4');
    writeFileSync(edited.record, changed);
    const found = (await check()).records;
    expect(found.files.toSorted()).toEqual([missing, cut, edited].map(({ record }) => nameIn(record)).sort());
    expect(await repair('records')).toEqual({ repaired: 3, skipped: 0, failed: NOTHING });
    expect((await check()).records).toEqual(NOTHING);
    const kept = quarantined().map((name) => readFileSync(join(library.folder, QUARANTINE, name), 'utf8'));
    expect(kept).toHaveLength(2);
    expect(kept).toContain(changed);
  });

  it('aren’t written again if they were put right since the check', async () => {
    const { record } = await wholeImage();
    const text = readFileSync(record, 'utf8');
    await truncate(record, 100);
    await check();
    writeFileSync(record, text);
    expect(await repair('records')).toEqual({ repaired: 0, skipped: 1, failed: NOTHING });
    expect(quarantined()).toEqual([]);
  });
});

describe('files that aren’t listed', () => {
  it('are added as their records say, with everything that a person had added', async () => {
    const images = [await wholeImage('a red boat'), await wholeImage('a blue boat')];
    const [first] = images;
    library.db.prepare("UPDATE images SET rating = 5, note = 'keep' WHERE id = ?").run(first?.id);
    library.db.prepare('UPDATE generations SET recorded_at = NULL').run();
    for (const id of library.db.prepare<[], string>('SELECT id FROM generations').pluck().all())
      await writeSidecar(library, id as never);
    const before = images.map(({ id }) => readImage(library.db, id));
    library.db.exec('DELETE FROM images; DELETE FROM generations; DELETE FROM jobs; DELETE FROM originals;');
    acceptUnknownFiles(library.db, { records: 2, originals: 2 });
    expect(await check()).toMatchObject({ unlisted: { count: 2 }, unlistedRecords: { count: 2 } });
    // Two originals and two records.
    expect(await repair('unlisted')).toEqual({ repaired: 4, skipped: 0, failed: NOTHING });
    expect(images.map(({ id }) => readImage(library.db, id))).toEqual(before);
    expect(library.db.pragma('foreign_key_check')).toEqual([]);
    expect(knownFiles(library.db).accepted).toEqual({ records: 0, originals: 0 });
    expect(listed).toBe(1);
    const words = library.db.prepare<[], number>("SELECT count(*) FROM picture_words WHERE picture_words MATCH 'boat'");
    expect(words.pluck().get()).toBe(2);
    expect(await check()).toMatchObject({ unlisted: NOTHING, unlistedRecords: NOTHING, records: NOTHING });
  });

  it('are added as imported images where no record names them', async () => {
    const bytes = await smallPng();
    const path = strayFile(bytes);
    await check();
    expect(await repair('unlisted')).toEqual({ repaired: 1, skipped: 0, failed: NOTHING });
    expect(readFileSync(path)).toEqual(bytes);
    expect(idsOf(library)).toHaveLength(1);
    expect(await check()).toMatchObject({
      originals: 1,
      unlisted: NOTHING,
      records: NOTHING,
      withoutThumbnail: NOTHING,
    });
  });

  it('are moved to the quarantine only if they couldn’t be added, and are the same as then', async () => {
    const text = strayFile(Buffer.from('no image'));
    const wrong = strayFile(await smallPng(), 'e'.repeat(64) as Sha256);
    const replaced = strayFile(Buffer.from('cut off'), 'd'.repeat(64) as Sha256);
    await check();
    expect(await repair('quarantine')).toEqual({ repaired: 0, skipped: 0, failed: NOTHING });
    expect(await repair('unlisted')).toMatchObject({ repaired: 0, failed: { count: 3 } });
    expect([text, wrong, replaced].every((path) => existsSync(path))).toBe(true);
    expect(idsOf(library)).toEqual([]);
    writeFileSync(replaced, 'a longer text');
    expect(await repair('quarantine')).toEqual({ repaired: 2, skipped: 1, failed: NOTHING });
    expect(existsSync(replaced)).toBe(true);
    expect([text, wrong].some((path) => existsSync(path))).toBe(false);
    expect(
      quarantined()
        .map((name) => name.slice(25))
        .sort(),
    ).toEqual([`${sha256(Buffer.from('no image'))}.png`, `${'e'.repeat(64)}.png`].sort());
  });

  it('aren’t moved if they were listed since', async () => {
    strayFile(Buffer.from('no image'));
    await check();
    await repair('unlisted');
    library.db.prepare("INSERT INTO originals VALUES (?, 'png', 8)").run(sha256(Buffer.from('no image')));
    expect(await repair('quarantine')).toEqual({ repaired: 0, skipped: 1, failed: NOTHING });
    expect(quarantined()).toEqual([]);
  });

  it('are skipped if they went away or were listed since the check', async () => {
    const bytes = await smallPng();
    rmSync(strayFile(bytes), { force: true });
    const gone = strayFile(await smallPng());
    const saved = await smallPng();
    strayFile(saved);
    await check();
    rmSync(gone);
    await savedImage(library, { bytes: saved });
    expect(await repair('unlisted')).toEqual({ repaired: 0, skipped: 2, failed: NOTHING });
    expect(idsOf(library)).toHaveLength(1);
  });
});

it('needs a check, and runs only one of both at a time', async () => {
  expect(() => checks.repair(uuid() as RunId, 'records')).toThrow('Check the library first');
  const checked = whenEnded((id) => checks.check(id));
  expect(() => checks.repair(uuid() as RunId, 'records')).toThrow('A check is running');
  await checked;
});

it('says how earlier repairs ended while the next one runs, also if that is cancelled', async () => {
  rmSync(thumbnailPath(library.folder, (await wholeImage()).sha256, THUMBNAIL_EDGE));
  await check();
  const thumbnails = await repair('thumbnails');
  const id = uuid() as RunId;
  expect(checks.repair(id, 'records')).toMatchObject({ state: 'running', result: { thumbnails } });
  expect(await runs.cancel(id)).toMatchObject({ state: 'cancelled', result: { thumbnails } });
});

it('keeps what it repaired when it is cancelled', async () => {
  for (let image = 0; image < 5; image += 1)
    rmSync(thumbnailPath(library.folder, (await wholeImage()).sha256, THUMBNAIL_EDGE));
  await check();
  const id = uuid() as RunId;
  checks.repair(id, 'thumbnails');
  const cancelled = await runs.cancel(id);
  expect(cancelled).toMatchObject({ state: 'cancelled', result: {} });
  const { repaired, skipped } = (await repair('thumbnails')) ?? expect.unreachable();
  expect(repaired + skipped).toBe(5);
  expect((await check()).withoutThumbnail).toEqual(NOTHING);
});
