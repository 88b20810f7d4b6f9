import * as v from 'valibot';
import type { OutputFormat } from '../catalogue/parameters.ts';
import type { ImageId, Sha256 } from './ids.ts';

/** What an image's metadata says about a person or a work: a place, or the prompt of another program. `other`: dates, devices, comments. */
export const CARRIED_KINDS = ['location', 'prompt', 'other'] as const;
export type CarriedKind = (typeof CARRIED_KINDS)[number];

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What inspecting a file showed beyond its format and size. */
export const InputDetailsSchema = v.object({
  /** Bits per channel. */
  depth: v.picklist([8, 16]),
  /** `profile`: by an ICC profile other than sRGB. `chunks`: by a PNG's gAMA, cHRM or cICP, which servers ignore. */
  colour: v.picklist(['srgb', 'profile', 'chunks', 'cmyk']),
  /** The image read as a mask: see `inspectMask`. */
  mask: v.object({
    kind: v.picklist(['transparent', 'black-and-white', 'grey', 'photo']),
    clear: count,
    partial: count,
  }),
  /** What would leave with the file besides its pixels. */
  carries: v.array(v.picklist(CARRIED_KINDS)),
});
export type InputDetails = v.InferOutput<typeof InputDetailsSchema>;

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
  /** Null or missing: inspected by an earlier version. */
  details?: InputDetails | null;
}
