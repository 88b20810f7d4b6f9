import type { ImageRecord } from '../../contract/entities/image-records.ts';
import type { Readable } from '../db/database.ts';
import type { Decoding } from '../decoding/operation.ts';
import type { Source } from './exported-image.ts';

/** A library that is exported from. */
export interface ExportedLibrary {
  db: Readable;
  folder: string;
  decoding: Pick<Decoding, 'run'>;
}

/** The file that an export writes of an image. */
export interface ExportedFile {
  /** With the size that the file has. */
  readonly record: ImageRecord;
  readonly source: Source;
  /** Why it is the original, byte for byte, although a copy was asked for. */
  readonly kept: 'signed' | 'unchanged' | null;
  /** Whether the original has another program's XMP that is damaged or too large, and isn't in the copy. */
  readonly dropsXmp: boolean;
  /** The extension with its dot. */
  readonly ending: string;
  /** About how many bytes it has. */
  size(): Promise<number>;
  /** Proves the source. @throws DamagedError if its bytes aren't those that were received */
  check(): Promise<void>;
  /** The file's bytes; a part is valid until the next. @throws DamagedError, at the end at the latest */
  parts(): AsyncIterable<Buffer>;
  /** Removes what was made for it. */
  dispose(): Promise<void>;
}
