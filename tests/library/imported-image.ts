import { v7 as uuid } from 'uuid';
import type { ImageId, ImportId } from '../../electron/contract/entities/ids.ts';
import { originalPath } from '../../electron/library/files/folders.ts';
import { insertOriginal, moveToOriginals } from '../../electron/library/files/originals.ts';
import { indexImage } from '../../electron/library/images/reindex-images.ts';
import { timelineSlot } from '../../electron/library/images/timeline.ts';
import type { Library } from '../../electron/library/library.ts';
import { receiveFile, smallPng } from './test-library.ts';

interface ImportedImage {
  id: ImageId;
  importId: ImportId;
}

/** An imported image: its file and its rows. */
export async function importedImage(
  library: Library,
  { prompt = '', model = '', fileName = 'photo.png', at = Date.now() } = {},
): Promise<ImportedImage> {
  const { db } = library;
  const [id, importId] = [uuid() as ImageId, uuid() as ImportId];
  const file = await receiveFile(library, await smallPng());
  await moveToOriginals(file, originalPath(library.folder, file.sha256, 'png'));
  insertOriginal(db, file, 'png');
  const timeline = timelineSlot(db, at);
  db.prepare(
    `INSERT INTO imports (id, run, file_name, imported_at, dated, software, prompt, model, parameters, texts)
      VALUES (?, ?, ?, ?, 'metadata', 'ComfyUI', ?, ?, '{"steps":20}', '[{"name":"caption","text":"a caption"}]')`,
  ).run(importId, uuid(), fileName, at, prompt, model);
  db.prepare(
    `INSERT INTO images (timeline, id, import_id, position, sha256, width, height, created_at) VALUES (?, ?, ?, 0, ?, 8, 6, ?)`,
  ).run(timeline, id, importId, file.sha256, at);
  indexImage(db, timeline);
  return { id, importId };
}
