import { statSync } from 'node:fs';
import type { ImageId, Sha256 } from '../../contract/entities/ids.ts';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { prepare, type Readable, type Writable } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import type { InputInspection } from './inspect-input.ts';

const MAX_NAME_LENGTH = 200;

/** An image that was brought in to go out with a request, or made ready for it, with its file's format and size. */
export interface InputFileRow {
  sha256: Sha256;
  name: string;
  width: number;
  height: number;
  orientation: number;
  frames: number;
  has_alpha: number;
  thumbhash: string | null;
  deeds: string;
  image_id: ImageId | null;
  added_at: number;
  format: OutputFormat;
  bytes: number;
}

/** What is known of a file beside its bytes. */
export interface InputOrigin {
  name: string;
  /** The library's image that it was made from. */
  image: ImageId | null;
  deeds: readonly string[];
}

export function readInputFile(db: Readable, sha256: Sha256): InputFileRow | null {
  const sql =
    'SELECT f.*, o.format, o.bytes FROM input_files f JOIN originals o ON o.sha256 = f.sha256 WHERE f.sha256 = ?';
  return prepare<[string], InputFileRow>(db, sql).get(sha256) ?? null;
}

/**
 * An input whose file is there.
 * @throws StudioError `not-found`, `file-missing`
 */
export function requireInput({ db, folder }: Library, sha256: Sha256): InputFileRow {
  const row = readInputFile(db, sha256);
  if (!row) {
    const message = 'This image is no longer among the inputs of the library. Add it again.';
    throw new StudioError({ code: 'not-found', message });
  }
  const path = originalPath(folder, row.sha256, row.format);
  if (!statSync(path, { throwIfNoEntry: false })) throw fileMissing(path);
  return row;
}

export function fileMissing(path: string): StudioError {
  const message = `The file of this image is missing from the library: ${path}. Put it back from a copy if you have one.`;
  return new StudioError({ code: 'file-missing', message });
}

/** At most so long, and never in the middle of a character. */
export function truncateName(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).replace(/[\uD800-\uDBFF]$/u, '');
}

export function rowToInputImage(row: InputFileRow): InputImage {
  return {
    sha256: row.sha256,
    image: row.image_id,
    name: row.name,
    format: row.format,
    bytes: row.bytes,
    width: row.width,
    height: row.height,
    orientation: row.orientation,
    frames: row.frames,
    hasAlpha: row.has_alpha === 1,
    thumbhash: row.thumbhash,
    changes: JSON.parse(row.deeds) as string[],
  };
}

/** Of an original that is an input or was one; null for any other. */
export function readInputFormat(db: Readable, sha256: Sha256): OutputFormat | null {
  const sql = `SELECT format FROM originals WHERE sha256 = :sha256 AND (EXISTS (SELECT 1 FROM input_files WHERE sha256 = :sha256)
    OR EXISTS (SELECT 1 FROM inputs WHERE sha256 = :sha256))`;
  return prepare<[{ sha256: string }], { format: OutputFormat }>(db, sql).get({ sha256 })?.format ?? null;
}

/**
 * The row of an input, in the caller's transaction and after the row of its original. One that is there keeps what was done to it. Bytes
 * that are an image of the library are known as that image, whichever way they came.
 */
export function storeInputFile(
  db: Writable,
  sha256: Sha256,
  inspection: Omit<InputInspection, 'preview' | 'thumbnail'>,
  origin: InputOrigin,
): void {
  const sql = `INSERT INTO input_files VALUES (:sha256, :name, :width, :height, :orientation, :frames, :hasAlpha, :thumbhash, :deeds,
    coalesce(:image, (SELECT id FROM images WHERE sha256 = :sha256 AND deleted_at IS NULL ORDER BY timeline DESC LIMIT 1)), :at)
    ON CONFLICT DO UPDATE SET name = excluded.name, image_id = coalesce(excluded.image_id, image_id), added_at = excluded.added_at`;
  prepare<[Record<string, string | number | null>]>(db, sql).run({
    sha256,
    name: origin.name,
    width: inspection.width,
    height: inspection.height,
    orientation: inspection.orientation,
    frames: inspection.frames,
    hasAlpha: inspection.hasAlpha ? 1 : 0,
    thumbhash: inspection.thumbhash,
    deeds: JSON.stringify(origin.deeds),
    image: origin.image,
    at: Date.now(),
  });
}
