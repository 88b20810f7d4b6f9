import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { v7 as newId } from 'uuid';
import type { GenerationId, ImageId, Timestamp } from '../../contract/entities/ids.ts';
import { fileFormatFacts, type FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { GeneratedImage, PartialImage, Image } from '../../contract/entities/images.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { addToRequestedCollection } from './collections.ts';
import { shareCost } from './cost-shares.ts';
import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { readStatedSize } from '../files/image-size.ts';
import { toUnsavedError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import { sniffFormat } from '../files/format.ts';
import { markSidecarOutdated } from '../files/sidecar-marks.ts';
import { deletePendingSave, listPendingSaves, recordPendingSave, type PendingSave } from '../files/pending-saves.ts';
import type { ReceivedTarget } from '../db/columns.ts';
import type { Library } from '../files/library-handle.ts';
import {
  reportGone,
  hasHash,
  publishSaveStep,
  insertOriginal,
  moveToOriginals,
  type ReceivedFile,
} from '../files/originals.ts';
import { flawColumns, readGeneratedRow, rowToGeneratedImage } from './image-rows.ts';
import { markStrictMaskDue } from './strict-results.ts';
import { timelineSlot } from './timeline.ts';
import { indexImage } from './reindex-images.ts';

/** An image of a response, completely received. */
export interface SaveImageInput {
  generationId: GenerationId;
  /** 0-based position in the response. If it is taken, the next free one is used: no image is rejected. */
  position: number;
  file: ReceivedFile;
  revisedPrompt: string | null;
  at: Timestamp;
}

/**
 * Saves an image so that it survives a crash or a power cut once this resolves: first the file's content, name and folder, then
 * its row and search tokens in one transaction. Bytes that can't be decoded have been billed too: they are kept and the image
 * is marked as damaged.
 * @throws StudioError with billing `billed`: `disk-full`, `disk-unwritable`, `file-missing`, `internal` and others; the file
 *   stays where it is, or is among the originals without a row; saving may be repeated
 */
export function saveImage(library: Library, input: SaveImageInput): Promise<GeneratedImage> {
  const { generationId, position, revisedPrompt, at, file } = input;
  const target: ReceivedTarget = { kind: 'image', generationId, position, revisedPrompt, at };
  return saveFile(library, file, target, (pending) => commitImage(library, pending, target));
}

/** Saves a partial image. A later one with the same index replaces it. */
export function savePartial(
  library: Library,
  { generationId, index, file, at }: { generationId: GenerationId; index: number; file: ReceivedFile; at: Timestamp },
): Promise<PartialImage> {
  const target: ReceivedTarget = { kind: 'partial', generationId, index, at };
  return saveFile(library, file, target, (pending) => Promise.resolve(commitPartial(library, pending, target)));
}

/**
 * Completes a save that a crash interrupted between moving the file and committing its row. Returns the image, or null for a
 * partial.
 */
export async function completePendingSave(library: Library, pending: PendingSave): Promise<Image | null> {
  if (pending.target.kind === 'image') return commitImage(library, pending, pending.target);
  commitPartial(library, pending, pending.target);
  return null;
}

async function saveFile<Saved>(
  library: Library,
  file: ReceivedFile,
  target: ReceivedTarget,
  commit: (pending: PendingSave) => Promise<Saved>,
): Promise<Saved> {
  const { db, folder } = library;
  const places = [file.path];
  try {
    checkGeneration(db, target.generationId);
    const pending: PendingSave = { file, target, format: await formatOf(library, file) };
    recordPendingSave(db, pending);
    publishSaveStep('pending-save-recorded', file);
    const original = originalPath(folder, file.sha256, pending.format);
    places.push(original);
    // An earlier attempt may have moved it, and not stored its row.
    if (isThere(file.path) || !(await hasHash(original, file.sha256))) await moveToOriginals(file, original);
    const saved = await commit(pending);
    publishSaveStep('committed', file);
    return saved;
  } catch (thrown) {
    // Where the folder is gone, its files went with it.
    const kept = places.some(isThere) || !isThere(dirname(file.path));
    throw toUnsavedError(thrown, { what: target.kind === 'image' ? 'image' : 'partial image', kept });
  }
}

/** The format of a received file, which an earlier attempt to save it may have moved. */
async function formatOf({ db, folder }: Library, file: ReceivedFile): Promise<FileFormat> {
  if (isThere(file.path)) return sniffFormat(file.path);
  const begun = listPendingSaves(db, folder).find((pending) => pending.file.path === file.path);
  if (begun) return begun.format;
  // Nothing may be recorded about a file that can't be read.
  return reportGone(file);
}

/** False also where the path can't be examined. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function checkGeneration(db: Readable, id: GenerationId): void {
  if (prepare<[string], { id: string }>(db, 'SELECT id FROM generations WHERE id = ?').get(id)) return;
  throw new StudioError({
    code: 'not-found',
    message: `Request ${id} isn’t in the library.`,
  });
}

type ImageTarget = Extract<ReceivedTarget, { kind: 'image' }>;

async function commitImage(library: Library, pending: PendingSave, target: ImageTarget): Promise<GeneratedImage> {
  const { db, folder } = library;
  const path = originalPath(folder, pending.file.sha256, pending.format);
  const dimensions = await readStatedSize(path, pending.format);
  const id = newId() as ImageId;
  return transact(db, () => {
    insertOriginal(db, pending.file, pending.format);
    const timeline = insertImage(db, id, pending, target, dimensions);
    const row = readGeneratedRow(db, id);
    if (!row) throw new Error(`The row of image ${id} was not stored.`);
    indexImage(db, timeline);
    addToRequestedCollection(db, id, target.at);
    markStrictMaskDue(db, id);
    // An image saved after its request ended gets a share of the cost too.
    shareCost(db, target.generationId);
    markSidecarOutdated(db, target.generationId);
    deletePendingSave(db, pending.file);
    return rowToGeneratedImage(row);
  });
}

function insertImage(
  db: Writable,
  id: ImageId,
  { file, format }: PendingSave,
  target: ImageTarget,
  dimensions: { width: number; height: number } | null,
): number {
  const timeline = timelineSlot(db, target.at);
  const sql = `INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, flaw, flaw_cause, revised_prompt, created_at)
    SELECT :timeline, :id, job_id, id, :position, :sha256, :width, :height, :flaw, :flaw_cause, :revisedPrompt, :at
    FROM generations WHERE id = :generation`;
  prepare<[Record<string, string | number | null>]>(db, sql).run({
    timeline,
    id,
    generation: target.generationId,
    position: freePosition(db, target.generationId, target.position),
    sha256: file.sha256,
    width: dimensions?.width ?? 0,
    height: dimensions?.height ?? 0,
    ...flawColumns(fileFormatFacts(format).isImage ? (dimensions ? null : 'undecodable') : 'not-an-image'),
    revisedPrompt: target.revisedPrompt,
    at: target.at,
  });
  return timeline;
}

function freePosition(db: Readable, generationId: GenerationId, wanted: number): number {
  const sql = 'SELECT position FROM images WHERE generation_id = ? AND position >= ? ORDER BY position';
  const taken = new Set(
    prepare<[string, number], { position: number }>(db, sql)
      .all(generationId, wanted)
      .map((row) => row.position),
  );
  let position = wanted;
  while (taken.has(position)) position += 1;
  return position;
}

function commitPartial(
  library: Library,
  pending: PendingSave,
  target: Extract<ReceivedTarget, { kind: 'partial' }>,
): PartialImage {
  const { db } = library;
  const { generationId, index, at } = target;
  transact(db, () => {
    insertOriginal(db, pending.file, pending.format);
    prepare<[string, number, string, number]>(db, 'INSERT OR REPLACE INTO partials VALUES (?, ?, ?, ?)').run(
      generationId,
      index,
      pending.file.sha256,
      at,
    );
    markSidecarOutdated(db, generationId);
    deletePendingSave(db, pending.file);
  });
  return { generationId, index, arrivedAt: at, bytes: pending.file.bytes };
}
