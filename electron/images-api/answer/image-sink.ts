/**
 * What an image is, as far as it is known. `undecided`: what comes later in its document may show that it is a partial image, or no image of
 * the answer, but for example an input that the server repeats. `position`: of finished images, from 0; of partial ones, how many came
 * before.
 */
export interface ImagePlace {
  kind: 'image' | 'partial' | 'undecided';
  position: number;
}

/** A file that one image is written to, provided by the caller. Its methods reject with the system's errors. */
export interface ImageSink {
  /** Appends bytes, which may be reused afterwards. Called again only when it has resolved. */
  write(bytes: Buffer): Promise<void>;
  /** Closes the file, whose image is complete. Resolves with its path. */
  complete(kind: ImagePlace['kind']): Promise<string>;
  /** Closes the file, whose image is not complete. Resolves with its path. */
  keep(): Promise<string>;
  /** Closes and deletes the file. */
  remove(): Promise<void>;
}

/** Creates the file of the next image. Rejects with the system's error. */
export type OpenImageSink = (place: ImagePlace) => Promise<ImageSink>;
