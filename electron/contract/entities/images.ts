import type { FileFormat } from '../catalogue/file-formats.ts';
import type { GenerationId, ImageId, JobId, Timestamp } from './ids.ts';
import type { ImageFlaw } from './image-flaws.ts';
import type { StrictMaskResult } from './strict-mask-result.ts';

/** What the library shows of an image, before and after its pixels are loaded. */
export interface Image {
  id: ImageId;
  /** Null for an imported image. */
  jobId: JobId | null;
  generationId: GenerationId | null;
  /** The prompt of its generation, or the one that its file names; '' for a variation or where none is known. Also its accessible name. */
  prompt: string;
  /** '' where it isn't known. */
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

/** An image that a request of Emulsion's received. */
export interface GeneratedImage extends Image {
  jobId: JobId;
  generationId: GenerationId;
}

/** A partial image, during its generation and afterwards. Its pixels are at `/partial/<generation>/<index>`. */
export interface PartialImage {
  generationId: GenerationId;
  /** 0-based, in order of arrival; the servers' own indexes repeat or are missing. */
  index: number;
  arrivedAt: Timestamp;
  bytes: number;
}

/** The newest images of the library, newest first. */
export interface NewestImages {
  images: Image[];
  /** Number of images in the library. */
  all: number;
}
