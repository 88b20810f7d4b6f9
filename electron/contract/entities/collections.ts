import type { CollectionId } from './ids.ts';

/** A named group of images; an image may be in several. */
export interface Collection {
  id: CollectionId;
  name: string;
  images: number;
}
