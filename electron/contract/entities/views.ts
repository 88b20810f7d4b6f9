import * as v from 'valibot';
import type { Marks } from './annotations.ts';
import { ImageIdSchema, type ImageId } from './ids.ts';
import type { Operation } from '../catalogue/parameters.ts';
import type { Image } from './images.ts';
import type { KnownCost } from './money.ts';
import {
  GroupingSchema,
  MAX_QUERY_LENGTH,
  SortSchema,
  StackingSchema,
  type QueryError,
  type RangeField,
  type ValueField,
} from './query.ts';

/*
 * A view is the image index's answer to a question: the images that match, in order. The page asks for it once, then for its shape (one
 * binary answer, `/index/<view>/shape`) and for the rows on screen, by position. A view belongs to one revision of the library; `index`
 * events say that there is a newer one.
 */

/** What the page asks the index. `place`: images in the library or in the trash. */
export const ViewQuestionSchema = v.strictObject({
  query: v.pipe(v.string(), v.maxLength(MAX_QUERY_LENGTH)),
  sort: SortSchema,
  grouping: GroupingSchema,
  stacking: StackingSchema,
  place: v.picklist(['library', 'trash']),
});
export type ViewQuestion = v.InferOutput<typeof ViewQuestionSchema>;

/** Consecutive images of a view that share a day or a month (`YYYY-MM-DD`, `YYYY-MM`; '' without grouping), in local time. */
export interface Bucket {
  key: string;
  /** Position of its first image. */
  first: number;
  count: number;
  /** Null where it isn't known yet, or where the view has stacks: `count` is the number of stacks then. */
  cost: KnownCost | null;
}

/** A view's handle; it expires when many newer ones were asked for, or the index restarts. */
export type ViewId = string;
export const ViewIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-z-]{1,64}$/u));

export interface View {
  id: ViewId;
  revision: number;
  /** Images, or stacks, in the view. */
  total: number;
  /** Images in the library (or in the trash), whatever the query. */
  all: number;
  /** In the view's order, also where grouping is none: then by month for a view sorted by date, otherwise []. */
  buckets: Bucket[];
  /** Parts of the query that weren't understood, and were left out. */
  errors: QueryError[];
  /** No word matched, so parts of words were looked for. */
  byParts: boolean;
}

/** One value of a facet: `label` is what a person reads, `value` what the query says. */
export interface FacetValue {
  value: string;
  label: string;
  count: number;
}

/** Counts of a facet's values, with its own filter left out. `none`: images without a value. */
export interface Facet {
  field: ValueField;
  values: FacetValue[];
  /** Values beyond those listed. */
  more: number;
  none: number;
}

/** Smallest and largest value of a range among all images of the view; null where there is none. */
export interface FacetRange {
  field: RangeField;
  least: string | null;
  most: string | null;
  /** Counts of the values, for ratings; of equal steps otherwise. */
  counts: number[];
}

export interface Facets {
  facets: Facet[];
  ranges: FacetRange[];
}

/** An image as the grid shows it. */
export interface GridImage extends Image {
  marks: Marks;
  /** Number of images that its cell stands for; 1 for a single image. */
  stack: number;
}

/** How far the index is. `loaded` of `images` while it isn't ready. */
export interface IndexStatus {
  ready: boolean;
  revision: number;
  loaded: number;
  images: number;
}

/** Images between two of a view, both included. */
const ViewRangeSchema = v.strictObject({ first: ImageIdSchema, last: ImageIdSchema });
const some = v.pipe(v.array(ImageIdSchema), v.maxLength(10_000));

/**
 * Images chosen one by one, or the images of a view: all or those of some ranges, without `except`, and `also` those. Images created after
 * `until` (ms since 1970), or moved to the trash after it where that is the place, aren't meant: the person hasn't seen them. A stack stands for all of its images.
 */
export const SelectionSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('images'), imageIds: some }),
  v.strictObject({
    kind: v.literal('view'),
    question: ViewQuestionSchema,
    ranges: v.union([v.literal('all'), v.pipe(v.array(ViewRangeSchema), v.maxLength(1000))]),
    except: some,
    also: some,
    until: v.number(),
  }),
]);
export type Selection = v.InferOutput<typeof SelectionSchema>;

/** The grid's answer for ids: their positions in a view; null for images that aren't in it. */
export type Positions = (number | null)[];

/** What an image's request asked for, without its prompt: that is the image's. */
export interface FamilyRequest {
  operation: Operation;
  /** An edit that was requested as a variation. */
  variation: boolean;
  /** Under the API's names. */
  parameters: Readonly<Record<string, unknown>>;
  /** Images sent with it. */
  references: number;
  mask: boolean;
  markup: boolean;
}

/** A relative of an image: see `library.family`. */
export interface FamilyMember {
  image: Image;
  /** It is in the trash, and listed because others were made from it. */
  trashed: boolean;
  /** Null for an imported image. */
  request: FamilyRequest | null;
  /** What it was made from, as recorded; [] for the roots. The first is the one that it differs least from. Others may not be members. */
  parents: FamilyLink[];
}

/**
 * `repeat`: its request repeats that of `from` with another model; `draft`: it was sent from that image of a canvas draft; `input`: that
 * image was sent with the request.
 */
export interface FamilyLink {
  from: ImageId;
  kind: 'input' | 'repeat' | 'draft';
}

export interface Family {
  /** Oldest first, with the image itself. */
  members: FamilyMember[];
  /** Relatives that were found and aren't listed. */
  more: number;
  /** There may be further ones: the search ended at its limit. */
  unfinished: boolean;
}
