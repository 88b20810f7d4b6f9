import { v7 as newId } from 'uuid';
import type { ImportId, RunId, Timestamp } from '../../contract/entities/ids.ts';
import type { ImportFacts } from '../../contract/entities/import-facts.ts';
import { prepare, type Writable } from '../db/database.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { syncCommits, transactUnsynced } from '../db/unsynced.ts';
import { writeDerived } from '../files/derived-files.ts';
import { PREVIEW_EDGE, THUMBNAIL_EDGE, thumbnailPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { insertOriginal, publishSaveStep, type ReceivedFile } from '../files/originals.ts';
import { deletePendingSave, recordPendingSave } from '../files/pending-saves.ts';
import { storeOriginalOnce } from '../files/store-original-once.ts';
import { flawColumns } from '../images/image-rows.ts';
import { indexImage } from '../images/reindex-images.ts';
import { tagImage } from '../images/tag-image.ts';
import { timelineSlot } from '../images/timeline.ts';
import type { Size } from '../pixels/change-messages.ts';
import type { ThumbnailSet } from '../pixels/decode.ts';
import type { CollectionPlacer } from './collection-placer.ts';
import type { FoundPrompt } from './prompts/found-prompt.ts';
import type { StagedImage } from './scan/stage-image.ts';
import { isKnown } from './serve-import.ts';

/** An image that was copied into the library and decoded there. */
export interface ImportInput {
  /** The import that it belongs to. */
  run: RunId;
  file: ReceivedFile;
  staged: StagedImage;
  /** Puts it into its collections. */
  collections: CollectionPlacer;
  /** How it was made; null if that isn't known. */
  found: FoundPrompt | null;
  /** Null: making them would cost too much. */
  thumbnails: ThumbnailSet | null;
  /** As displayed; null where only a browser can tell. */
  size: Size | null;
  fileName: string;
  at: Timestamp;
  dated: ImportFacts['dated'];
  importedAt: Timestamp;
  /** The program that it was made with; '' if it isn't known. */
  software: string;
  /** What came beside the file. */
  texts: ImportFacts['texts'];
}

/**
 * Stores an imported image, as a received one is stored: a pending save, then its file among the originals, then its rows in one transaction. A
 * crash in between leaves the person's own file and nothing half-done here. The rows are on the disk after `syncCommits`.
 * @returns null if the library has the image by now
 * @throws StudioError `disk-full`, `disk-unwritable`
 */
export async function storeImport(library: Library, input: ImportInput): Promise<ImportId | null> {
  const { db, folder } = library;
  const { file, staged, thumbnails } = input;
  const record = async (): Promise<void> => {
    const pending = { file, format: staged.format, target: { kind: 'input' as const } };
    transactUnsynced(db, () => recordPendingSave(db, pending));
    await syncCommits(db);
  };
  try {
    await storeOriginalOnce(library, file, { format: staged.format, record });
    if (thumbnails)
      await Promise.all([
        writeDerived(folder, thumbnailPath(folder, file.sha256, PREVIEW_EDGE), thumbnails.preview),
        writeDerived(folder, thumbnailPath(folder, file.sha256, THUMBNAIL_EDGE), thumbnails.thumbnail),
      ]);
    const id = transactUnsynced(db, () => commit(db, input));
    publishSaveStep('committed', file);
    return id;
  } catch (thrown) {
    throw toDiskError(thrown, { folder, detail: 'What was imported until then is in the library.' });
  }
}

function commit(db: Writable, input: ImportInput): ImportId | null {
  const { file, staged } = input;
  insertOriginal(db, file, staged.format);
  deletePendingSave(db, file);
  if (isKnown(db, file.sha256)) return null;
  const id = newId() as ImportId;
  insertImport(db, id, input);
  const timeline = insertImage(db, id, input);
  for (const path of staged.marks?.tags ?? []) tagImage(db, timeline, path, input.importedAt);
  for (const membership of staged.marks?.collections ?? [])
    input.collections.put(db, timeline, membership, input.importedAt);
  indexImage(db, timeline);
  return id;
}

type Binds = [Record<string, string | number | Uint8Array | null>];

function insertImport(db: Writable, id: ImportId, input: ImportInput): void {
  const { found } = input;
  const sql = `INSERT INTO imports (id, run, file_name, imported_at, dated, software, prompt, negative_prompt, model, parameters, texts)
    VALUES (:id, :run, :fileName, :importedAt, :dated, :software, :prompt, :negative, :model, :parameters, :texts)`;
  prepare<Binds>(db, sql).run({
    id,
    run: input.run,
    fileName: input.fileName,
    importedAt: input.importedAt,
    dated: input.dated,
    software: input.software,
    prompt: found?.prompt ?? '',
    negative: found?.negative ?? '',
    model: found?.model ?? '',
    parameters: JSON.stringify(found?.parameters ?? {}),
    texts: JSON.stringify(input.texts),
  });
}

/** @returns its place in the timeline */
function insertImage(db: Writable, importId: ImportId, input: ImportInput): number {
  const { file, staged, thumbnails, size, at } = input;
  const timeline = timelineSlot(db, at);
  const sql = `INSERT INTO images (timeline, id, import_id, position, sha256, width, height, has_alpha, thumbhash, dhash, flaw, flaw_cause,
      developed_at, created_at, signed, rating, favourite, rejected, note)
    VALUES (:timeline, :id, :importId, 0, :sha256, :width, :height, :alpha, :thumbhash, :dhash, :flaw, :flaw_cause, :developedAt, :at, :signed,
      :rating, :favourite, :rejected, :note)`;
  prepare<Binds>(db, sql).run({
    timeline,
    id: newId(),
    importId,
    sha256: file.sha256,
    width: size?.width ?? 0,
    height: size?.height ?? 0,
    alpha: thumbnails?.hasAlpha ? 1 : 0,
    thumbhash: thumbnails?.thumbhash ?? null,
    dhash: thumbnails?.dhash ?? null,
    ...flawColumns(thumbnails ? null : 'too-costly'),
    developedAt: input.importedAt,
    at,
    signed: staged.signed ? 1 : 0,
    rating: staged.marks?.rating ?? 0,
    favourite: staged.marks?.favourite ? 1 : 0,
    rejected: staged.marks?.rejected ? 1 : 0,
    note: staged.marks?.note || null,
  });
  return timeline;
}
