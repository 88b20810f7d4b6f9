import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { CollectionId, ImageId } from '../../../electron/contract/entities/ids.ts';
import { exportToFolder } from '../../../electron/library/export/export-folder.ts';
import { exportToZip } from '../../../electron/library/export/export-zip.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { tagImage } from '../../../electron/library/images/tag-image.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import type { Library } from '../../../electron/library/library.ts';
import { controlled, timelinesOf } from '../export/controlled.ts';
import { zipContents } from '../export/zip-contents.ts';
import { emptyFolder, savedImage, testLibrary } from '../test-library.ts';

export const AT = Date.UTC(2026, 5, 15, 12);
export const SHIPS = uuid() as CollectionId;
const CASA = uuid() as CollectionId;

/** Three images with everything that a person can add, in an order of their own. */
export async function source(): Promise<Library> {
  const library = await testLibrary();
  const { db } = library;
  for (const [key, id, name] of [
    [1, SHIPS, 'Ships'],
    [2, CASA, 'Casa Azul'],
  ] as const)
    db.prepare('INSERT INTO collections (key, id, name, position, created_at) VALUES (?, ?, ?, ?, ?)').run(
      key,
      id,
      name,
      key,
      AT,
    );
  for (const [index, prompt] of ['a fox', 'a hare', 'an owl'].entries()) {
    const { id } = await savedImage(library, { at: AT + index * 60_000, prompt });
    await createThumbnails(library, id);
    const { timeline } = timelineOf(library, id);
    db.prepare('UPDATE images SET rating = ?, favourite = ?, rejected = ?, note = ?, cost = 41000 WHERE id = ?').run(
      index + 3,
      index === 0 ? 1 : 0,
      index === 2 ? 1 : 0,
      index === 1 ? null : `note ${prompt}\nsecond line`,
      id,
    );
    if (index < 2) for (const path of ['client/Acme', `only ${index}`]) tagImage(db, timeline, path, AT);
    const put = db.prepare(
      'INSERT INTO collection_images (collection, timeline, position, added_at) VALUES (?, ?, ?, ?)',
    );
    // Not the order in which they were made, and one before the beginning.
    put.run(1, timeline, [2, -1, 1.5][index], AT);
    if (index === 1) put.run(2, timeline, 7, AT);
  }
  return library;
}

export function timelineOf({ db }: Library, id: ImageId): { timeline: number } {
  return (
    db.prepare<[string], { timeline: number }>('SELECT timeline FROM images WHERE id = ?').get(id) ?? { timeline: 0 }
  );
}

/** All that has to come back, newest first. A file's name and ids are of the library. */
export function facts(library: Library) {
  return readNewestImages(library.db, { limit: 50 }).images.map(({ id }) => {
    const record = readImage(library.db, id);
    if (!record) throw new Error('No record.');
    const { prompt, model, createdAt, marks, note, tags, collections, generation, imported } = record;
    const parameters: Record<string, unknown> = { ...(generation?.parameters ?? imported?.parameters) };
    delete parameters['prompt'];
    return {
      prompt,
      model,
      createdAt,
      marks,
      note,
      tags: tags.map(({ path }) => path),
      collections,
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
    };
  });
}

export function orderOf({ db }: Library, name: string): string[] {
  const sql = `SELECT coalesce(g.prompt, p.prompt) AS prompt FROM collection_images m JOIN collections c ON c.key = m.collection
    JOIN images i USING (timeline) LEFT JOIN generations g ON g.id = i.generation_id LEFT JOIN imports p ON p.id = i.import_id
    WHERE c.name = ? ORDER BY m.position`;
  return db
    .prepare<[string], { prompt: string }>(sql)
    .all(name)
    .map(({ prompt }) => prompt);
}

const options = async (images: 'originals' | 'copies', as: 'zip' | 'files') =>
  ({ folder: await emptyFolder(), as, images, names: '{counter}' }) as const;

export async function zipOf(library: Library, images: 'originals' | 'copies' = 'originals'): Promise<string> {
  const chosen = await options(images, 'zip');
  return (await exportToZip(library, timelinesOf(library), chosen, controlled().control)).path;
}

export async function unpack(zip: string): Promise<string> {
  const folder = join(await emptyFolder(), 'unpacked');
  for (const [name, bytes] of await zipContents(zip)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

export async function exported(library: Library, how: string): Promise<string> {
  if (how === 'a folder of copies') {
    const chosen = await options('copies', 'files');
    await exportToFolder(library, timelinesOf(library), chosen, controlled().control);
    return chosen.folder;
  }
  const zip = await zipOf(library, how.includes('copies') ? 'copies' : 'originals');
  return how.startsWith('an unpacked') ? unpack(zip) : zip;
}
