import type { OutputFormat } from '../catalogue/parameters.ts';
import type { ImageId, Sha256 } from './ids.ts';

/** An image that can go out: a file among the library's originals, looked at. */
export interface InputImage {
  sha256: Sha256;
  /** The library's image that it was taken from. */
  image: ImageId | null;
  /** A file's name, or the prompt of the image. */
  name: string;
  format: OutputFormat;
  bytes: number;
  /** As it is seen, after its orientation was applied. */
  width: number;
  height: number;
  /** 1 to 8, as EXIF counts; above 1 the pixels lie turned or mirrored in the file. */
  orientation: number;
  frames: number;
  hasAlpha: boolean;
  /** Base64 of the thumbhash. */
  thumbhash: string | null;
  /** What was done to the image that it was made from, as sentences; [] for one that is as it came. */
  changes: string[];
}
