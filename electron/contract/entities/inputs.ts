import type { OutputFormat } from '../catalogue/parameters.ts';
import type { ImageId, Sha256 } from './ids.ts';

/** An image that can be sent: a validated file among the library's originals. */
export interface InputImage {
  sha256: Sha256;
  /** The library image that it was taken from. */
  image: ImageId | null;
  /** The file's name, or the image's prompt. */
  name: string;
  format: OutputFormat;
  bytes: number;
  /** In pixels, after applying the orientation. */
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8; above 1 the pixels are stored rotated or mirrored. */
  orientation: number;
  frames: number;
  hasAlpha: boolean;
  /** Base64 of the thumbhash. */
  thumbhash: string | null;
  /** Changes made by `inputs.prepare` or `inputs.frame`, as sentences; [] if unchanged. */
  changes: string[];
}
