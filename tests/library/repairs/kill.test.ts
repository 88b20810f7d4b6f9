import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { ImageId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import { acceptUnknownFiles } from '../../../electron/library/db/known-files.ts';
import { originalPath, QUARANTINE, THUMBNAIL_EDGE, thumbnailPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { findSignedImages } from '../../../electron/library/images/signed-images.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { parseSidecar } from '../../../electron/library/sidecars/sidecar-schema.ts';
import { writeSidecar } from '../../../electron/library/sidecars/write-sidecar.ts';
import { copyAsKilled } from '../library-copy.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder, savedImage, sha256, smallPng, withBytes } from '../test-library.ts';
import { repairAll } from './repair-all.ts';

const REPAIRER = join(import.meta.dirname, 'repair-until-killed.ts');
/** Records are cut off after so many bytes. */
const CUT = 200;

it(
  `repairs killed ${KILLS} times at random moments lose nothing, leave nothing half-done, and continue (seed ${SEED})`,
  async () => {
    const damaged = await damagedLibrary();
    const copies = await emptyFolder();
    for (const [at, moment] of randomMoments({ lines: 4, ms: 120 }).entries()) {
      const folder = copyAsKilled(damaged.folder, join(copies, String(at)));
      await runUntilKilled(REPAIRER, [folder], moment);
      const where = JSON.stringify(moment);
      expectNothingLost(folder, damaged, where);
      await inLibrary(folder, async (library) => {
        expect(library.db.pragma('integrity_check', { simple: true }), where).toBe('ok');
        expectNothingHalfDone(library, where);
        const { originals, bytes, ...found } = await repairAll(library, () => undefined);
        expect(originals, where).toBe(damaged.images.length + 1);
        expect(bytes, where).toBeGreaterThan(0);
        for (const [kind, finding] of Object.entries(found))
          expect(finding, `${kind} ${where}`).toEqual(kind === 'databaseDamage' ? [] : { count: 0, files: [] });
        // As the backfill of the next start does: no record says whether an image is signed.
        await findSignedImages(library);
        for (const [id, image] of damaged.images) expect(readImage(library.db, id), where).toEqual(image);
      });
      expectNothingLost(folder, damaged, where);
      rmSync(folder, { recursive: true });
    }
  },
  TIMEOUT_MS,
);

interface Damaged {
  folder: string;
  /** As they are when everything is repaired. */
  images: [ImageId, ReturnType<typeof readImage>][];
  /** SHA-256 of all that must stay somewhere: originals, files that came in, and what a cut record says. */
  kept: string[];
}

/**
 * A closed library with an image of each damage: records that are cut off and missing, thumbnails that are cut off and missing, two images and their records that aren't
 * listed, an image without a record, and a text that is no image.
 */
async function damagedLibrary(): Promise<Damaged> {
  const folder = join(await emptyFolder(), 'library');
  const kept: string[] = [];
  const images: Damaged['images'] = [];
  await inLibrary(folder, async (library) => {
    const made = [];
    for (let at = 0; at < 6; at += 1) made.push(await wholeImage(library));
    images.push(...made.map(({ id }): Damaged['images'][number] => [id, readImage(library.db, id)]));
    const [cutRecord, noRecord, cutThumbnail, noThumbnail, ...unlisted] = made;
    truncateSync(recordOf(folder, cutRecord), CUT);
    kept.push(sha256(readFileSync(recordOf(folder, cutRecord))));
    rmSync(recordOf(folder, noRecord));
    truncateSync(thumbnailPath(folder, cutThumbnail?.sha256 as Sha256, THUMBNAIL_EDGE), 40);
    rmSync(thumbnailPath(folder, noThumbnail?.sha256 as Sha256, THUMBNAIL_EDGE));
    for (const image of unlisted) forget(library, image);
    const strays = [await smallPng(), Buffer.from('no image')];
    for (const bytes of strays) {
      const path = originalPath(folder, sha256(bytes), 'png');
      await mkdir(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    // As if the person had opened it anyway.
    acceptUnknownFiles(library.db, { records: unlisted.length, originals: unlisted.length + strays.length });
    kept.push(...made.map((image) => image.sha256), ...strays.map(sha256));
  });
  return { folder, images, kept };
}

interface Made {
  id: ImageId;
  sha256: Sha256;
  generationId: string;
}

/** A rated image with thumbnails and its record. */
async function wholeImage(library: Library): Promise<Made> {
  const { db } = library;
  const { id, generationId } = await savedImage(library);
  await createThumbnails(library, id);
  db.prepare("UPDATE images SET rating = 4, note = 'keep' WHERE id = ?").run(id);
  db.prepare("UPDATE generations SET state = 'done', finished_at = created_at WHERE id = ?").run(generationId);
  db.prepare("UPDATE jobs SET state = 'done' WHERE id = (SELECT job_id FROM generations WHERE id = ?)").run(
    generationId,
  );
  await writeSidecar(library, generationId);
  return { ...withBytes(library, { id }), generationId };
}

function forget({ db }: Library, { id, sha256: hash, generationId }: Made): void {
  const job = db.prepare<[string], string>('SELECT job_id FROM generations WHERE id = ?').pluck().get(generationId);
  for (const [sql, value] of [
    ['DELETE FROM images WHERE id = ?', id],
    ['DELETE FROM generations WHERE id = ?', generationId],
    ['DELETE FROM jobs WHERE id = ?', job],
    ['DELETE FROM originals WHERE sha256 = ?', hash],
  ] as const)
    db.prepare(sql).run(value);
}

async function inLibrary(folder: string, work: (library: Library) => Promise<void>): Promise<void> {
  const library = await openLibrary(folder, sharedDecoding);
  try {
    await work(library);
  } finally {
    library.close();
  }
}

function filesIn(folder: string, part: string): string[] {
  const names = readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(folder, part, name)).filter((path) => statSync(path).isFile());
}

function recordOf(folder: string, image: Made | undefined): string {
  return filesIn(folder, 'records').find((path) => path.includes(image?.generationId ?? '-')) ?? '';
}

/** All bytes are under their own names among the originals, in the quarantine, or still in the record that is cut off. */
function expectNothingLost(folder: string, { kept }: Damaged, where: string): void {
  const originals = filesIn(folder, 'originals').map((path): [string, string] => [
    basename(dirname(path)) + basename(path, '.png'),
    sha256(readFileSync(path)),
  ]);
  for (const [name, hash] of originals) expect(hash, where).toBe(name);
  const others = [...filesIn(folder, QUARANTINE), ...filesIn(folder, 'records')].map((path) =>
    sha256(readFileSync(path)),
  );
  expect([...originals.map(([, hash]) => hash), ...others], where).toEqual(expect.arrayContaining(kept));
}

/** Every listed image has its file, and every record is complete or the one that was cut off. */
function expectNothingHalfDone({ db, folder }: Library, where: string): void {
  expect(db.pragma('foreign_key_check'), where).toEqual([]);
  const listed = db.prepare<[], Sha256>('SELECT sha256 FROM images UNION SELECT sha256 FROM originals').pluck().all();
  for (const hash of listed) expect(sha256(readFileSync(originalPath(folder, hash, 'png'))), where).toBe(hash);
  const broken = filesIn(folder, 'records').filter((path) => {
    const text = readFileSync(path, 'utf8');
    if (text.length === CUT || basename(path) === 'library.json') return false;
    return parseSidecar(text).id !== basename(path, '.json');
  });
  expect(broken, where).toEqual([]);
}
