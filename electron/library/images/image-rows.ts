import type { GenerationId, ImageId, ImportId, JobId, Sha256 } from '../../contract/entities/ids.ts';
import type { GeneratedImage, PartialImage, Image } from '../../contract/entities/images.ts';
import { IMAGE_FLAWS, isDamage, type ImageFlaw } from '../../contract/entities/image-flaws.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { prepare, type Readable } from '../db/database.ts';
import { rowToStrictResult, STRICT_COLUMNS, STRICT_JOIN, type StrictColumns } from './strict-results.ts';

/** What is wrong with an image, as its row has it: the kind, and since version 6 of the schema the flaw itself. */
export interface FlawColumns {
  flaw: 'undecodable' | 'too-large' | null;
  flaw_cause: string | null;
}

/** Why an image has no thumbnail; null if it has one, or will. */
export function flawOf({ flaw, flaw_cause: cause }: FlawColumns): ImageFlaw | null {
  return IMAGE_FLAWS.find((known) => known === cause) ?? flaw;
}

/** The columns of a flaw. */
export function flawColumns(flaw: ImageFlaw | null): FlawColumns {
  const kind = flaw === null || flaw === 'too-costly' ? null : isDamage(flaw) ? 'undecodable' : 'too-large';
  return { flaw: kind, flaw_cause: flaw };
}

/** Columns of an image, its original and its generation, as the queries below select them. */
export interface ImageRow extends StrictColumns, FlawColumns {
  timeline: number;
  id: ImageId;
  /** Null for an imported image, as `generation_id`. */
  job_id: JobId | null;
  generation_id: GenerationId | null;
  import_id: ImportId | null;
  position: number;
  sha256: Sha256;
  format: FileFormat;
  bytes: number;
  width: number;
  height: number;
  has_alpha: number;
  thumbhash: string | null;
  decode_starts: number;
  revised_prompt: string | null;
  cost: number | null;
  signed: number | null;
  stack_cover: number;
  created_at: number;
  prompt: string;
  model: string;
}

export const IMAGE_COLUMNS = `i.timeline, i.id, i.job_id, i.generation_id, i.import_id, i.position, i.sha256, o.format, o.bytes, i.width, i.height,
  i.has_alpha, i.thumbhash, i.flaw, i.flaw_cause, i.decode_starts, i.revised_prompt, i.cost, i.signed, i.stack_cover, i.created_at,
  coalesce(g.prompt, im.prompt) AS prompt, coalesce(g.model, im.model) AS model,
  ${STRICT_COLUMNS}`;
/**
 * Joins for a table of images named `i`: with its request `g` or its import `im`, whose columns are null where it has none. CROSS JOIN and
 * LEFT JOIN fix the order, so that SQLite walks the images first.
 */
export const ORIGIN_JOINS =
  'LEFT JOIN generations g ON g.id = i.generation_id LEFT JOIN imports im ON im.id = i.import_id';
export const IMAGE_JOINS = `CROSS JOIN originals o ON o.sha256 = i.sha256 ${ORIGIN_JOINS} ${STRICT_JOIN}`;

export function rowToImage(row: ImageRow): Image {
  const strict = rowToStrictResult(row);
  const flaw = flawOf(row);
  return {
    id: row.id,
    jobId: row.job_id,
    generationId: row.generation_id,
    prompt: row.prompt,
    model: row.model,
    createdAt: row.created_at,
    width: row.width,
    height: row.height,
    format: row.format,
    bytes: row.bytes,
    hasAlpha: row.has_alpha === 1,
    thumbhash: row.thumbhash,
    ...(flaw && { flaw }),
    ...(strict && { strict }),
  };
}

/** A row of an image that a request received. */
export interface GeneratedRow extends ImageRow {
  job_id: JobId;
  generation_id: GenerationId;
}

function isGenerated(row: ImageRow): row is GeneratedRow {
  return row.job_id !== null && row.generation_id !== null;
}

export function rowToGeneratedImage(row: GeneratedRow): GeneratedImage {
  return { ...rowToImage(row), jobId: row.job_id, generationId: row.generation_id };
}

/** A generated image by its id; null if there is none. */
export function readGeneratedRow(db: Readable, id: ImageId): GeneratedRow | null {
  const row = readImageRow(db, id);
  return row && isGenerated(row) ? row : null;
}

/** One image by its id, in the trash or not; null if there is none. */
export function readImageRow(db: Readable, id: ImageId): ImageRow | null {
  return (
    prepare<[string], ImageRow>(db, `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS} WHERE i.id = ?`).get(id) ??
    null
  );
}

/**
 * An image's row, in the trash or not.
 * @throws StudioError `not-found`
 */
export function requireImageRow(db: Readable, id: ImageId): ImageRow {
  const row = readImageRow(db, id);
  if (row) return row;
  throw new StudioError({ code: 'not-found', message: 'This image is no longer in the library.' });
}

/** A job's images in the order of its requests, without those in the trash. */
export function listJobImages(db: Readable, jobId: JobId): Image[] {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS}
    WHERE i.job_id = ? AND i.deleted_at IS NULL ORDER BY g.ordinal, i.position`;
  return prepare<[string], ImageRow>(db, sql).all(jobId).map(rowToImage);
}

/** The newest images of jobs that repeat an image with another model, newest first. */
export function listRepeats(db: Readable, id: ImageId, limit = 12): Image[] {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM jobs j JOIN images i ON i.job_id = j.id ${IMAGE_JOINS}
    WHERE json_extract(j.request, '$.repeats') = ? AND i.deleted_at IS NULL ORDER BY i.timeline DESC LIMIT ?`;
  return prepare<[string, number], ImageRow>(db, sql).all(id, limit).map(rowToImage);
}

/** One request's images in the order of the response, including those in the trash. */
export function readImageRows(db: Readable, generationId: GenerationId): ImageRow[] {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS} WHERE i.generation_id = ? ORDER BY i.position`;
  return prepare<[string], ImageRow>(db, sql).all(generationId);
}

/** The image of an import, in the trash or not; null once it was deleted for good. */
export function readImportedRow(db: Readable, importId: ImportId): ImageRow | null {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS} WHERE i.import_id = ?`;
  return prepare<[string], ImageRow>(db, sql).get(importId) ?? null;
}

export interface PartialRow {
  generation_id: GenerationId;
  ordinal: number;
  sha256: Sha256;
  format: FileFormat;
  bytes: number;
  arrived_at: number;
}

export function rowToPartial(row: PartialRow): PartialImage {
  return { generationId: row.generation_id, index: row.ordinal, arrivedAt: row.arrived_at, bytes: row.bytes };
}

export function readPartialRows(db: Readable, generationId: GenerationId): PartialRow[] {
  const sql = `SELECT p.*, o.format, o.bytes FROM partials p JOIN originals o ON o.sha256 = p.sha256
    WHERE p.generation_id = ? ORDER BY p.ordinal`;
  return prepare<[string], PartialRow>(db, sql).all(generationId);
}
