import * as v from 'valibot';
import type { OutputFormat } from '../catalogue/parameters.ts';
import { type GenerationId, type ImageId, ImageIdSchema, type JobId, type Timestamp } from './ids.ts';
import type { StrictMaskResult } from './strict-mask-result.ts';

/** An image's place on screen before and after its pixels are there. */
export interface Image {
  id: ImageId;
  jobId: JobId;
  generationId: GenerationId;
  /** The prompt of its generation, '' for a variation; also its accessible name. */
  prompt: string;
  model: string;
  createdAt: Timestamp;
  width: number;
  height: number;
  format: OutputFormat;
  /** Size of the original in bytes. */
  bytes: number;
  hasAlpha: boolean;
  /** Base64 of the thumbhash (about 25 bytes), or null where the image has no decoded pixels. */
  thumbhash: string | null;
  /** True where the bytes cannot be decoded. They are kept as they came. */
  damaged?: boolean;
  /** What came of the wish for a strict mask; left out where there was none, or nothing has come of it yet. */
  strict?: StrictMaskResult;
}

/** A partial image, while its generation runs and afterwards. Its pixels are at `/partial/<generation>/<index>`. */
export interface PartialImage {
  generationId: GenerationId;
  /** 0-based, counted by us in the order of arrival: servers' own numbers repeat or are missing. */
  index: number;
  arrivedAt: Timestamp;
  bytes: number;
}

/** A page of the library, newest first. `next` is null on the last page. */
export interface ImagePage {
  images: Image[];
  /** Images that match in all. */
  total: number;
  next: ImageCursor | null;
}

export const ImageCursorSchema = v.strictObject({ createdAt: v.number(), id: ImageIdSchema });
export type ImageCursor = v.InferOutput<typeof ImageCursorSchema>;
