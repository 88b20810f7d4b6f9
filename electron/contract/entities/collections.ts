import type { CollectionId, ImageId } from './ids.ts';

/** A named group of images; an image may be in several. One below another at most; `query` makes it smart: it has what matches. */
export interface Collection {
  id: CollectionId;
  name: string;
  parentId: CollectionId | null;
  /** The image that stands for it; null: its first. */
  coverId: ImageId | null;
  /** Null for a collection with images of its own. */
  query: string | null;
  /** Images outside the trash; of a smart collection, as counted last by the index, or null before. */
  images: number | null;
}

/** A collection that an image is in. `position`: the image's place in its order. */
export type CollectionPlace = Pick<Collection, 'id' | 'name'> & { position: number };
