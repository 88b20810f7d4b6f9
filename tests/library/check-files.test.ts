import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { expect, it } from 'vitest';
import type { CheckReport } from '../../electron/contract/entities/checks.ts';
import type { Sha256 } from '../../electron/contract/entities/ids.ts';
import { checkFiles } from '../../electron/library/check/check-files.ts';
import { runCheck } from '../../electron/library/check/run-check.ts';
import { originalPath, THUMBNAIL_EDGE, thumbnailPath } from '../../electron/library/files/folders.ts';
import { createThumbnails } from '../../electron/library/images/thumbnails.ts';
import type { Library } from '../../electron/library/library.ts';
import { savedImage, testLibrary, withBytes } from './test-library.ts';

const all = { isStopped: () => false, progress: () => undefined };
const FLIPPED = 500;

async function check(library: Library): Promise<CheckReport> {
  const report = await checkFiles(library.folder, all);
  return report ?? expect.unreachable('It was stopped.');
}

const nameIn = ({ folder }: Library, path: string): string => relative(folder, path).split(sep).join('/');

/** Originals of a few bytes, as rows and files. */
function addOriginals({ db, folder }: Library, count: number): string[] {
  const insert = db.prepare('INSERT INTO originals VALUES (?, ?, ?)');
  return db.transaction(() =>
    Array.from({ length: count }, (_, at) => {
      const bytes = Buffer.from(`original ${at} `.repeat(1 + (at % 7)));
      const sha256 = createHash('sha256').update(bytes).digest('hex') as Sha256;
      const path = originalPath(folder, sha256, 'png');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      insert.run(sha256, 'png', bytes.length);
      return path;
    }),
  )();
}

it(`finds ${FLIPPED} flipped bits in ${FLIPPED} originals, and nothing in sound ones`, async () => {
  const library = await testLibrary();
  const paths = addOriginals(library, FLIPPED + 20);
  const sound = await check(library);
  expect(sound).toMatchObject({ originals: FLIPPED + 20, damaged: { count: 0 }, missing: { count: 0 } });
  const flipped = paths.slice(0, FLIPPED);
  flipped.forEach((path, at) => {
    const bytes = readFileSync(path);
    const bit = (at * 7919) % (bytes.length * 8);
    bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    writeFileSync(path, bytes);
  });
  const found: [kind: string, name: string][] = [];
  const report = await checkFiles(library.folder, { ...all, found: (kind, name) => found.push([kind, name]) });
  expect(report).toMatchObject({ originals: FLIPPED + 20, damaged: { count: FLIPPED } });
  expect(found.toSorted()).toEqual(flipped.map((path) => ['damaged', nameIn(library, path)]).sort());
  expect(report?.damaged.files).toEqual(found.slice(0, 20).map(([, name]) => name));
});

it('finds missing and unlisted originals and missing thumbnails, and changes nothing', async () => {
  const library = await testLibrary();
  const images = [await savedImage(library), await savedImage(library)];
  for (const { id } of images) await createThumbnails(library, id);
  expect(await check(library)).toMatchObject({ withoutThumbnail: { count: 0 }, unlisted: { count: 0 } });
  const [first, second] = images.map((image) => withBytes(library, image).sha256);
  const [gone, bare] = [first, second].map((sha256) => originalPath(library.folder, sha256 as Sha256, 'png'));
  rmSync(gone ?? '');
  rmSync(thumbnailPath(library.folder, second as Sha256, THUMBNAIL_EDGE));
  const unknown = originalPath(library.folder, 'f'.repeat(64) as Sha256, 'png');
  mkdirSync(dirname(unknown), { recursive: true });
  writeFileSync(unknown, 'not listed');
  const report = await check(library);
  expect(report).toMatchObject({
    originals: 2,
    damaged: { count: 0 },
    missing: { count: 1, files: [nameIn(library, gone ?? '')] },
    unlisted: { count: 1, files: [nameIn(library, unknown)] },
    withoutThumbnail: { count: 1, files: [nameIn(library, bare ?? '')] },
    databaseDamage: [],
  });
  expect(readFileSync(unknown, 'utf8')).toBe('not listed');
  expect(await check(library)).toEqual(report);
});

it('doesn’t report an original that is deleted while it runs', async () => {
  const library = await testLibrary();
  const paths = addOriginals(library, 3);
  let deleted = false;
  const report = await checkFiles(library.folder, {
    isStopped: () => false,
    progress() {
      if (deleted) return;
      deleted = true;
      library.db.exec('DELETE FROM originals');
      for (const path of paths) rmSync(path);
    },
  });
  expect(report).toMatchObject({ missing: { count: 0 }, damaged: { count: 0 } });
});

it('runs in a thread with progress, and is cancelled without an answer', async () => {
  const library = await testLibrary();
  addOriginals(library, 50);
  const done: (number | null)[] = [];
  const control = (signal: AbortSignal): Parameters<typeof runCheck>[1] => ({
    signal,
    progress: ({ done: at, total }) => done.push(at, total),
  });
  expect((await runCheck(library, control(new AbortController().signal))).originals).toBe(50);
  expect(done.slice(-2)).toEqual([50, 50]);
  const cancelled = new AbortController();
  const reason = new Error('cancelled');
  const running = runCheck(library, control(cancelled.signal));
  cancelled.abort(reason);
  await expect(running).rejects.toBe(reason);
});

it('finds rows that refer to nothing', async () => {
  const library = await testLibrary();
  const { id } = await savedImage(library);
  library.db.pragma('foreign_keys = OFF');
  library.db.prepare('UPDATE images SET sha256 = ? WHERE id = ?').run('0'.repeat(64), id);
  library.db.pragma('foreign_keys = ON');
  const { orphanRows } = await check(library);
  expect(orphanRows.count).toBe(1);
  expect(orphanRows.files[0]).toMatch(/^images: row \d+ refers to originals$/u);
});

it('gives its thread’s findings to the caller, all of them', async () => {
  const library = await testLibrary();
  const paths = addOriginals(library, 1200);
  for (const path of paths) rmSync(path);
  const found: string[] = [];
  const control = { signal: new AbortController().signal, progress: () => undefined };
  const report = await runCheck(library, control, (kind, name) => found.push(`${kind} ${name}`));
  expect(report.missing.count).toBe(1200);
  expect(found.toSorted()).toEqual(paths.map((path) => `missing ${nameIn(library, path)}`).sort());
});
