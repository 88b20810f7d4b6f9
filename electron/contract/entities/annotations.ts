import * as v from 'valibot';
import type { CollectionId, TagId } from './ids.ts';
import type { KnownCost } from './money.ts';

export const RatingSchema = v.picklist([0, 1, 2, 3, 4, 5]);
/** Stars; 0: not rated. */
export type Rating = v.InferOutput<typeof RatingSchema>;

/** What a person decided about an image at a glance. */
export interface Marks {
  rating: Rating;
  favourite: boolean;
  rejected: boolean;
}

/** A tag of an image: `path` names its parents too, `client/acme`. */
export interface ImageTag {
  id: TagId;
  path: string;
}

/** Everything a person added to an image. `note` is '' for none. */
export interface Annotations {
  marks: Marks;
  note: string;
  tags: ImageTag[];
}

/** A tag of the library. `images` counts images outside the trash that have it or a tag below it. */
export interface Tag {
  id: TagId;
  parentId: TagId | null;
  name: string;
  path: string;
  images: number;
}

/** Facts of an image that a summary compares. */
export const COMPARED_FACTS = ['op', 'model', 'size', 'quality', 'format', 'background'] as const;
export type ComparedFact = (typeof COMPARED_FACTS)[number];

/** How much of a selection has something: what a bulk edit shows as on, mixed or off. */
export interface SelectionSummary {
  images: number;
  bytes: number;
  cost: KnownCost;
  /** For each fact, the value of the first image, as a query names it, and how many different ones there are; '': it isn't known. */
  facts: Record<ComparedFact, { value: string; values: number }>;
  /** Number of images by rating, 0 to 5. */
  ratings: [number, number, number, number, number, number];
  favourites: number;
  rejected: number;
  tags: { id: TagId; images: number }[];
  collections: { id: CollectionId; images: number }[];
  /** The note, if all images have the same; null: they differ. */
  note: string | null;
}
