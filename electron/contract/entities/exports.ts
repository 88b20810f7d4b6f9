import * as v from 'valibot';
import type { FileFormat } from '../catalogue/file-formats.ts';
import type { Sha256, Timestamp } from './ids.ts';

const MAX_PATTERN_LENGTH = 200;

/** How images are exported. */
export const ExportOptionsSchema = v.strictObject({
  /** An existing folder on this computer, as an absolute path. */
  folder: v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096)),
  /** `originals`: byte for byte. `copies`: with prompt, rating and tags as XMP where their format has it; signed files stay as they are. */
  images: v.picklist(['originals', 'copies']),
  /** `files`: each image on its own. `zip`: one ZIP, with thumbnails, records, a page that shows them, and a table. */
  as: v.picklist(['files', 'zip']),
  /** See `nameByPattern`. */
  names: v.pipe(v.string(), v.maxLength(MAX_PATTERN_LENGTH)),
});
export type ExportOptions = v.InferOutput<typeof ExportOptionsSchema>;

/** Why an image wasn't exported: its file isn't in the library folder, or its bytes aren't those that were received. */
export type ExportProblem = 'missing' | 'damaged';

/** What an export has written. */
export interface ExportResult {
  /** Where it is: the folder, or the ZIP. */
  path: string;
  images: number;
  bytes: number;
  /** Of the copies, those that stayed byte for byte: signed ones, and those whose format or structure has no place for XMP. */
  signed: number;
  unchanged: number;
  /** Images that weren't exported; the first hundred by name. */
  failed: number;
  problems: { name: string; problem: ExportProblem }[];
}

/** Facts of an image that file names are made of. */
export interface NamedImage {
  createdAt: Timestamp;
  /** '' for none. */
  prompt: string;
  model: string;
  width: number;
  height: number;
  /** '' where none was asked for. */
  quality: string;
  rating: number;
  sha256: Sha256;
}

/** What an export would be of. */
export interface ExportPreview {
  images: number;
  /** The first three in its order, and what their files are. */
  first: (NamedImage & { format: FileFormat })[];
}
