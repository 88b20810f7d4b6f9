import * as v from 'valibot';
import type { FileFormat } from '../catalogue/file-formats.ts';
import type { Timestamp } from './ids.ts';

/** A file of the quarantine by its name, in hexadecimal UTF-8: it is a part of addresses. */
export const QuarantineIdSchema = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2}){1,255}$/u), v.brand('QuarantineId'));
export type QuarantineId = v.InferOutput<typeof QuarantineIdSchema>;

/**
 * Why a file is there. `response`: the beginning of an image that was never complete; `unlisted`: it was among the originals, and couldn't be added;
 * `record`: what a record said before it was written again; `database`: a part of a database; `left`: a crash left it; `added`: Emulsion didn't
 * move it there.
 */
export type QuarantineReason = 'response' | 'unlisted' | 'record' | 'database' | 'left' | 'added';

export interface QuarantinedFile {
  id: QuarantineId;
  name: string;
  bytes: number;
  /** When it was moved there; for one that Emulsion didn't move, when it was changed. */
  at: Timestamp;
  reason: QuarantineReason;
  format: FileFormat;
  /** Whether it may be an image, by its first bytes. */
  isImage: boolean;
}

export interface QuarantinePage {
  files: QuarantinedFile[];
  /** The file after which the next part begins; null at the end. */
  next: QuarantineId | null;
  /** All files that are there. */
  total: number;
}

/** `original`: it is a listed original that was missing or damaged. `image`: it was added as an imported image. */
export interface Restored {
  as: 'original' | 'image';
}
