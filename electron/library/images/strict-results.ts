import type { ImageId, Sha256, Timestamp } from '../../contract/entities/ids.ts';
import type { StrictMaskResult } from '../../contract/entities/strict-mask-result.ts';
import { errorFromJson, errorToJson } from '../db/columns.ts';
import { prepare, type Readable, type Writable } from '../db/database.ts';

/** A strict mask's result as the image queries select it; all null if none was requested. */
export interface StrictColumns {
  strict_state: 'due' | 'done' | 'failed' | null;
  strict_feather: number | null;
  strict_sha256: Sha256 | null;
  strict_width: number | null;
  strict_height: number | null;
  strict_has_alpha: number | null;
  strict_outside: number | null;
  strict_changed: number | null;
  strict_visible: number | null;
  strict_error: string | null;
  strict_made_at: number | null;
}

const COLUMNS = [
  'state',
  'feather',
  'sha256',
  'width',
  'height',
  'has_alpha',
  'outside',
  'changed',
  'visible',
  'error',
  'made_at',
];
export const STRICT_COLUMNS = COLUMNS.map((name) => `s.${name} AS strict_${name}`).join(', ');
/** Joins for a table of images named `i`. */
export const STRICT_JOIN = 'LEFT JOIN strict_results s ON s.image_id = i.id';

/** Null if no strict mask was requested or its result is still due. */
export function rowToStrictResult(row: StrictColumns & { id: ImageId }): StrictMaskResult | null {
  const { strict_feather: feather, strict_error: error, strict_sha256: sha256 } = row;
  if (feather === null) return null;
  const failure = errorFromJson(error, { table: 'strict_results', column: 'error', row: row.id }, 'none');
  if (row.strict_state === 'failed' && failure !== null) return { state: 'failed', feather, error: failure };
  if (row.strict_state !== 'done' || sha256 === null) return null;
  return {
    state: 'done',
    feather,
    sha256,
    width: row.strict_width ?? 0,
    height: row.strict_height ?? 0,
    hasAlpha: row.strict_has_alpha === 1,
    outside: row.strict_outside ?? 0,
    changed: row.strict_changed ?? 0,
    visible: row.strict_visible ?? 0,
  };
}

/**
 * Marks a strict mask as due if the image's job requested one and a mask was sent. Call it in the transaction that stores the
 * image.
 */
export function markStrictMaskDue(db: Writable, imageId: ImageId): void {
  const sql = `INSERT INTO strict_results (image_id, state, feather)
    SELECT i.id, 'due', json_extract(j.request, '$.strict.feather') FROM images i JOIN jobs j ON j.id = i.job_id
    WHERE i.id = ? AND json_extract(j.request, '$.strict.feather') IS NOT NULL
      AND EXISTS (SELECT 1 FROM inputs n WHERE n.generation_id = i.generation_id AND n.role = 'mask')`;
  prepare<[string]>(db, sql).run(imageId);
}

/** Stores a result, replacing an older one; does nothing if the image is gone. Call it in a transaction. */
export function storeStrictResult(db: Writable, imageId: ImageId, result: StrictMaskResult, at: Timestamp): void {
  const sql = `INSERT INTO strict_results
    SELECT :image, :state, :feather, :sha256, :width, :height, :hasAlpha, :outside, :changed, :visible, :error, :at
      FROM images WHERE id = :image
    ON CONFLICT DO UPDATE SET state = excluded.state, feather = excluded.feather, sha256 = excluded.sha256, width = excluded.width,
      height = excluded.height, has_alpha = excluded.has_alpha, outside = excluded.outside, changed = excluded.changed,
      visible = excluded.visible, error = excluded.error, made_at = excluded.made_at`;
  const done = result.state === 'done' ? result : null;
  prepare<[Record<string, string | number | null>]>(db, sql).run({
    image: imageId,
    state: result.state,
    feather: result.feather,
    sha256: done?.sha256 ?? null,
    width: done?.width ?? null,
    height: done?.height ?? null,
    hasAlpha: done ? Number(done.hasAlpha) : null,
    outside: done?.outside ?? null,
    changed: done?.changed ?? null,
    visible: done?.visible ?? null,
    error: errorToJson(result.state === 'failed' ? result.error : null),
    at,
  });
}

/** The feather of the strict mask that is due for an image; null if none is. */
export function readStrictMaskDue(db: Readable, imageId: ImageId): number | null {
  const sql = "SELECT feather FROM strict_results WHERE image_id = ? AND state = 'due'";
  return prepare<[string], { feather: number }>(db, sql).get(imageId)?.feather ?? null;
}

/** Images whose strict mask is still due: a crash came in between. */
export function listStrictMasksDue(db: Readable): { id: ImageId; feather: number }[] {
  const sql = "SELECT image_id AS id, feather FROM strict_results WHERE state = 'due' ORDER BY image_id DESC";
  return prepare<[], { id: ImageId; feather: number }>(db, sql).all();
}
