import * as v from 'valibot';
import type { ImageId, Sha256 } from '../../contract/entities/ids.ts';
import { InputDetailsSchema, type InputDetails, type InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { readJsonOr } from '../db/columns.ts';
import { prepare, type Readable, type Writable } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { requireFile } from '../files/require-file.ts';
import type { InputInspection } from './inspect-input.ts';

const MAX_NAME_LENGTH = 200;

/** An uploaded or prepared input, with its file's format and size. */
export interface InputFileRow {
  sha256: Sha256;
  name: string;
  width: number;
  height: number;
  orientation: number;
  frames: number;
  has_alpha: number;
  thumbhash: string | null;
  /** JSON: what was changed, as sentences. */
  deeds: string;
  image_id: ImageId | null;
  added_at: number;
  /** JSON; NULL: inspected by an earlier version. */
  details: string | null;
  format: OutputFormat;
  bytes: number;
}

/** Facts about a file besides its bytes. */
export interface InputOrigin {
  name: string;
  /** The library's image it was made from. */
  image: ImageId | null;
  /** What was changed, as sentences. */
  changes: readonly string[];
}

export function readInputFile(db: Readable, sha256: Sha256): InputFileRow | null {
  const sql =
    'SELECT f.*, o.format, o.bytes FROM input_files f JOIN originals o ON o.sha256 = f.sha256 WHERE f.sha256 = ?';
  return prepare<[string], InputFileRow>(db, sql).get(sha256) ?? null;
}

/**
 * An input whose file exists.
 * @throws StudioError `not-found`, `file-missing`
 */
export function requireInput({ db, folder }: Library, sha256: Sha256): InputFileRow {
  const row = readInputFile(db, sha256);
  if (!row) {
    const message = 'This input is no longer in the library. Add it again.';
    throw new StudioError({ code: 'not-found', message });
  }
  requireFile(originalPath(folder, row.sha256, row.format));
  return row;
}

/** At most {@link MAX_NAME_LENGTH} UTF-16 units, never splitting a surrogate pair. */
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
    changes: readChanges(row),
    details: readDetails(row),
  };
}

/** What was changed in a file, as sentences. If they can't be read, a sentence says so: the file may have been changed. */
export function readChanges({ sha256, deeds }: InputFileRow): string[] {
  const at = { table: 'input_files', column: 'deeds', row: sha256 };
  return readJsonOr(v.array(v.string()), deeds, at, ['What was changed in this file can’t be read from the library.']);
}

/** Null if an earlier version inspected the file, or if they can't be read: the rules then judge by the rest. */
export function readDetails({ sha256, details }: Pick<InputFileRow, 'sha256' | 'details'>): InputDetails | null {
  const at = { table: 'input_files', column: 'details', row: sha256 };
  return details === null ? null : readJsonOr(v.nullable(InputDetailsSchema), details, at, null);
}

/** Call it in a transaction. */
export function storeInputDetails(db: Writable, sha256: Sha256, details: InputDetails): void {
  prepare<[string, string]>(db, 'UPDATE input_files SET details = ? WHERE sha256 = ?').run(
    JSON.stringify(details),
    sha256,
  );
}

/** Format of an original that is or was an input; null for any other. */
export function readInputFormat(db: Readable, sha256: Sha256): OutputFormat | null {
  const sql = `SELECT format FROM originals WHERE sha256 = :sha256 AND (EXISTS (SELECT 1 FROM input_files WHERE sha256 = :sha256)
    OR EXISTS (SELECT 1 FROM inputs WHERE sha256 = :sha256))`;
  return prepare<[{ sha256: string }], { format: OutputFormat }>(db, sql).get({ sha256 })?.format ?? null;
}

/**
 * Stores an input's row, in the caller's transaction and after its original's row. Bytes that are an image of the library are
 * linked to that image, however they were added. The row names the changes of the last use; a request names those of its own.
 */
export function storeInputFile(
  db: Writable,
  sha256: Sha256,
  inspection: Omit<InputInspection, 'preview' | 'thumbnail'>,
  origin: InputOrigin,
): void {
  const sql = `INSERT INTO input_files (sha256, name, width, height, orientation, frames, has_alpha, thumbhash, deeds, image_id,
      added_at, details) VALUES (:sha256, :name, :width, :height, :orientation, :frames, :hasAlpha, :thumbhash, :deeds,
    coalesce(:image, (SELECT id FROM images WHERE sha256 = :sha256 AND deleted_at IS NULL ORDER BY timeline DESC LIMIT 1)), :at, :details)
    ON CONFLICT DO UPDATE SET name = excluded.name, image_id = coalesce(excluded.image_id, image_id), added_at = excluded.added_at,
      deeds = excluded.deeds, details = excluded.details`;
  prepare<[Record<string, string | number | null>]>(db, sql).run({
    sha256,
    name: origin.name,
    width: inspection.width,
    height: inspection.height,
    orientation: inspection.orientation,
    frames: inspection.frames,
    hasAlpha: inspection.hasAlpha ? 1 : 0,
    thumbhash: inspection.thumbhash,
    deeds: JSON.stringify(origin.changes),
    image: origin.image,
    at: Date.now(),
    details: JSON.stringify(inspection.details),
  });
}
