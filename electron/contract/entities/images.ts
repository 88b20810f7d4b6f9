import * as v from 'valibot';
import type { FileFormat } from '../catalogue/file-formats.ts';
import { type GenerationId, type ImageId, ImageIdSchema, type JobId, type Timestamp } from './ids.ts';
import type { ImageFlaw } from './image-flaws.ts';
import type { StrictMaskResult } from './strict-mask-result.ts';

/** What the library shows of an image, before and after its pixels are loaded. */
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
  format: FileFormat;
  /** Size of the original in bytes. */
  bytes: number;
  hasAlpha: boolean;
  /** Base64 of the thumbhash (about 25 bytes), or null where the image has no decoded pixels. */
  thumbhash: string | null;
  /** Why it has no thumbnail; its row keeps it until someone has it tried again. Its file is kept unchanged. */
  flaw?: ImageFlaw;
  /** The result of the strict mask; absent if none was requested or it isn't finished. */
  strict?: StrictMaskResult;
}

/** A partial image, during its generation and afterwards. Its pixels are at `/partial/<generation>/<index>`. */
export interface PartialImage {
  generationId: GenerationId;
  /** 0-based, in order of arrival; the servers' own indexes repeat or are missing. */
  index: number;
  arrivedAt: Timestamp;
  bytes: number;
}

/** A page of the library, newest first. `next` is null on the last page. */
export interface ImagePage {
  images: Image[];
  /** Number of matching images; of a search, counted up to 5,000. */
  total: number;
  next: ImageCursor | null;
}

export const ImageCursorSchema = v.strictObject({ createdAt: v.number(), id: ImageIdSchema });
export type ImageCursor = v.InferOutput<typeof ImageCursorSchema>;
