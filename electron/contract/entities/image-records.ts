import type { Annotations } from './annotations.ts';
import type { CollectionPlace } from './collections.ts';
import type { Generation } from './generations.ts';
import type { ImportFacts } from './import-facts.ts';
import type { ImageId, Sha256, Timestamp } from './ids.ts';
import type { Image } from './images.ts';
import type { Micros } from './money.ts';

/** An image with its complete record. */
export interface ImageRecord extends Image, Annotations {
  /** 0-based index in its generation. */
  position: number;
  sha256: Sha256;
  revisedPrompt: string | null;
  /** Its share of the request's cost, micro-dollars; null if unknown. */
  cost: Micros | null;
  collections: CollectionPlace[];
  /** When it was moved to the trash; null where it isn't there. */
  trashedAt: Timestamp | null;
  /** The image that its request repeats with another model; null if that isn't in the library. */
  repeats: ImageId | null;
  /** Images of requests that repeat this image with another model, newest first; without those in the trash. */
  repeatedBy: Image[];
  /** Null for an imported image. */
  generation: Generation | null;
  /** Null for one that Emulsion requested. */
  imported: ImportFacts | null;
  /** Whether its file has Content Credentials (C2PA), which aren't verified; null until it was looked at. */
  signed: boolean | null;
  /** All images of the same job, in order, including this one. */
  siblings: Image[];
}
