import { relative, sep } from 'node:path';
import * as v from 'valibot';
import { FILE_FORMATS } from '../../contract/catalogue/file-formats.ts';
import { RatingSchema } from '../../contract/entities/annotations.ts';
import {
  CollectionIdSchema,
  ImageIdSchema,
  Sha256Schema,
  TagIdSchema,
  type ImageId,
} from '../../contract/entities/ids.ts';
import { isDamage } from '../../contract/entities/image-flaws.ts';
import { prepare, type Readable } from '../db/database.ts';
import { originalPath } from '../files/folders.ts';
import { readAnnotations } from '../images/annotations.ts';
import { flawOf, type ImageRow, type PartialRow } from '../images/image-rows.ts';

/** ISO 8601, in UTC. */
export const SidecarTimeSchema = v.pipe(v.string(), v.isoTimestamp());

/** A file of the library: `file` is its path in the library's folder, with forward slashes. */
export const SidecarFileFields = {
  sha256: Sha256Schema,
  file: v.string(),
  format: v.picklist(FILE_FORMATS),
  bytes: v.number(),
};

/**
 * What sidecars say of an image, whether it was requested or imported. From `rating` on: what a person added; missing in sidecars of version
 * 1, except names of collections.
 */
export const SidecarImageFields = {
  ...SidecarFileFields,
  id: ImageIdSchema,
  width: v.number(),
  height: v.number(),
  created_at: SidecarTimeSchema,
  damaged: v.boolean(),
  /** Missing in sidecars of version 1, and null before the image was decoded. */
  has_alpha: v.optional(v.nullable(v.boolean()), null),
  /** Base64. */
  thumbhash: v.optional(v.nullable(v.string()), null),
  rating: v.optional(RatingSchema, 0),
  favourite: v.optional(v.boolean(), false),
  rejected: v.optional(v.boolean(), false),
  note: v.optional(v.string(), ''),
  /** By path: `client/acme`. */
  tags: v.optional(v.array(v.object({ id: TagIdSchema, path: v.string() })), []),
  /** By name, with the image's position in each. */
  collections: v.optional(
    v.array(
      v.object({
        id: CollectionIdSchema,
        name: v.string(),
        position: v.optional(v.nullable(v.number()), null),
        added_at: v.optional(v.nullable(SidecarTimeSchema), null),
      }),
    ),
    [],
  ),
  /** It stands for its stack. */
  stack_cover: v.optional(v.boolean(), false),
  /** When it was moved to the trash. */
  trashed_at: v.optional(v.nullable(SidecarTimeSchema), null),
};
/** An image as sidecars are written. */
export type SidecarImage = Required<v.InferInput<v.ObjectSchema<typeof SidecarImageFields, undefined>>>;
type FileRow = Pick<PartialRow, 'sha256' | 'format' | 'bytes'>;

/** What a sidecar says of an image, from its row. */
export function sidecarImage(db: Readable, folder: string, row: ImageRow): SidecarImage {
  const added = readAnnotations(db, row.id);
  const { rating = 0, favourite = false, rejected = false } = added?.marks ?? {};
  return {
    id: row.id,
    ...sidecarFile(folder, row),
    width: row.width,
    height: row.height,
    created_at: iso(row.created_at),
    damaged: isDamage(flawOf(row)),
    has_alpha: row.thumbhash === null ? null : row.has_alpha === 1,
    thumbhash: row.thumbhash,
    rating,
    favourite,
    rejected,
    note: added?.note ?? '',
    tags: added?.tags ?? [],
    collections: memberships(db, row.id),
    stack_cover: row.stack_cover === 1,
    trashed_at: isoOrNull(added?.trashedAt ?? null),
  };
}

/** A file's hash, format and size, with its path relative to the library's folder. */
export function sidecarFile(
  folder: string,
  { sha256, format, bytes }: FileRow,
): Pick<SidecarImage, keyof FileRow | 'file'> {
  const path = relative(folder, originalPath(folder, sha256, format));
  return { sha256, file: path.split(sep).join('/'), format, bytes };
}

function memberships(db: Readable, id: ImageId): SidecarImage['collections'] {
  const sql = `SELECT c.id, c.name, m.position, m.added_at FROM collection_images m JOIN collections c ON c.key = m.collection
    WHERE m.timeline = (SELECT timeline FROM images WHERE id = ?) ORDER BY c.name`;
  type Row = Pick<NonNullable<SidecarImage['collections']>[number], 'id' | 'name'> & {
    position: number;
    added_at: number;
  };
  return prepare<[string], Row>(db, sql)
    .all(id)
    .map((row) => ({ ...row, added_at: iso(row.added_at) }));
}

export const iso = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));
