import type { Collection } from './collections.ts';
import type { Generation } from './generations.ts';
import type { ImageId, Sha256 } from './ids.ts';
import type { Image } from './images.ts';
import type { Micros } from './money.ts';

/** An image with all that is known of it. */
export interface ImageRecord extends Image {
  /** 0-based place in its generation. */
  position: number;
  sha256: Sha256;
  revisedPrompt: string | null;
  /** Its share of what its request cost; null where that is not known. */
  cost: Micros | null;
  collections: Collection[];
  /** The image that its request repeats with another model, while that is in the library. */
  repeats: ImageId | null;
  /** Images of requests that repeat this one with another model, newest first; not those in the trash. */
  repeatedBy: Image[];
  generation: Generation;
  /** The other images of the same click, in order, this one too. */
  siblings: Image[];
}
