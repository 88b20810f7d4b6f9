import { join } from 'node:path';
import * as v from 'valibot';
import {
  ImportIdSchema,
  type ImportId,
  GenerationIdSchema,
  ImageIdSchema,
  Sha256Schema,
  type GenerationId,
  type ImageId,
  type Sha256,
  type Timestamp,
} from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { fileFormatFacts, isFileFormat, type FileFormat } from '../../contract/catalogue/file-formats.ts';

/*
 * Paths inside a library, and the only place that makes them. They are part of its open format: changing one needs a migration.
 *
 * A library may come from anyone, and its database may hold anything: every value that becomes a part of a path is checked here, so that
 * none leads out of the library. A value that isn't what it should be is `library-damaged`.
 */
export const DATABASE = 'library.db';
export const LOCK = 'library.lock';
export const ORIGINALS = 'originals';
export const RECORDS = 'records';
export const INCOMING = 'incoming';
export const QUARANTINE = 'quarantine';
/** Copies of the database; made with the first one. */
export const SNAPSHOTS = 'snapshots';
export const FOLDERS = [ORIGINALS, 'thumbnails', RECORDS, INCOMING, QUARANTINE] as const;

/** Longest edges of the two thumbnail sizes, in pixels. */
export const PREVIEW_EDGE = 512;
export const THUMBNAIL_EDGE = 256;
type ThumbnailEdge = typeof PREVIEW_EDGE | typeof THUMBNAIL_EDGE;

/**
 * `originals/ab/cdef….png`: the bytes as received, named by their SHA-256.
 * @throws StudioError `library-damaged`, if the hash or the format isn't one
 */
export function originalPath(folder: string, sha256: Sha256, format: FileFormat): string {
  const hash = checked(Sha256Schema, sha256, 'hash');
  return join(folder, ORIGINALS, hash.slice(0, 2), `${hash.slice(2)}.${extensionOf(format)}`);
}

function extensionOf(format: FileFormat): string {
  if (isFileFormat(format)) return fileFormatFacts(format).extension;
  throw damagedPath('format');
}

/**
 * `thumbnails/512/ab/cdef….webp`: derived from the original.
 * @throws StudioError `library-damaged`, if the hash isn't one
 */
export function thumbnailPath(folder: string, sha256: Sha256, edge: ThumbnailEdge): string {
  const hash = checked(Sha256Schema, sha256, 'hash');
  return join(folder, 'thumbnails', String(edge), hash.slice(0, 2), `${hash.slice(2)}.webp`);
}

/**
 * `thumbnails/heat/ab/<image>.webp`: derived too. Sharded by the id's last two digits, which vary more than the first (UUIDv7).
 * @throws StudioError `library-damaged`, if the id isn't one
 */
export function heatMapPath(folder: string, imageId: ImageId): string {
  const id = checked(ImageIdSchema, imageId, 'image id');
  return join(folder, 'thumbnails', 'heat', id.slice(-2), `${id}.webp`);
}

/** A date that ISO 8601 writes with a year of four digits. */
const TimeSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Date.UTC(9999, 11, 31)));

/**
 * `records/2026/11/<id>.json`: the sidecar of a request or an import, by the UTC month in which it was created or imported.
 * @throws StudioError `library-damaged`, if the id or the time isn't one
 */
export function sidecarPath(folder: string, owner: GenerationId | ImportId, createdAt: Timestamp): string {
  const id = checked(v.union([GenerationIdSchema, ImportIdSchema]), owner, 'sidecar id');
  const [year = '', month = ''] = new Date(checked(TimeSchema, createdAt, 'time')).toISOString().split('-');
  return join(folder, RECORDS, year, month, `${id}.json`);
}

/** A plain file name: no separator, no drive or stream, no name that stands for another folder. */
const FileNameSchema = v.pipe(v.string(), v.regex(/^(?!\.)[\w.+-]{1,200}$/u));

/**
 * A file of the incoming folder.
 * @throws StudioError `library-damaged`, if the name isn't a plain file name
 */
export function incomingPath(folder: string, name: string): string {
  return join(folder, INCOMING, checked(FileNameSchema, name, 'file name'));
}

function checked<Schema extends v.GenericSchema>(schema: Schema, value: unknown, what: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw damagedPath(what);
}

/** The value itself isn't in the message: it may be anything. */
function damagedPath(what: string): StudioError {
  const message = `The library’s database holds a ${what} that isn’t valid, so its file can’t be located. No file was read or changed. If this library came from someone else, don’t trust it; otherwise make a copy of the library folder and report this.`;
  return new StudioError({ code: 'library-damaged', message });
}
