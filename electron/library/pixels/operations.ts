import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { Conversion } from '../../contract/entities/exports.ts';
import { defineOperation, type Lane } from '../decoding/operation.ts';
import type { Size } from './change-messages.ts';
import type { ImageHeader, ThumbnailSet } from './decode.ts';

/*
 * What a decoding process does for the library with one file: see the functions of the same names in `decode.ts`. Only their types are
 * imported, so that the application itself never loads sharp.
 */

interface ImageFile {
  path: string;
  format: FileFormat;
}

const laneOf = ({ format }: ImageFile): Lane => (format === 'svg' ? 'drawings' : 'pixels');

export const READ_HEADER = defineOperation<{ path: string }, ImageHeader>({
  name: 'read-header',
  seconds: 10,
  lane: 'headers',
});

/** `size`: as displayed. Without thumbnails, making them would cost too much. */
export const RENDER_THUMBNAILS = defineOperation<
  ImageFile,
  { size: Size | null; thumbnails: ThumbnailSet | null } | { flaw: 'truncated' | 'undecodable' | 'too-large' }
>({
  name: 'render-thumbnails',
  seconds: 30,
  lane: laneOf,
});

/** See `hashPreviews` in `difference-hash.ts`. */
export const HASH_PREVIEWS = defineOperation<{ paths: readonly string[] }, (Uint8Array | null)[]>({
  name: 'hash-previews',
  seconds: 30,
  lane: 'pixels',
});

/** Writes an image in another format or size to `to`, a new file; see `convertPixels`. Its size in pixels, or why that can't be done. */
export const CONVERT_IMAGE = defineOperation<
  ImageFile & { to: string; conversion: Conversion; xmp: string | null },
  Size | 'undecodable' | 'too-large'
>({
  name: 'convert-image',
  seconds: 60,
  lane: laneOf,
});

/** Writes the PNG to `to`, a new file. False: rendering it would cost too much. */
export const RENDER_PNG = defineOperation<ImageFile & { to: string }, boolean>({
  name: 'render-png',
  seconds: 40,
  lane: laneOf,
});
