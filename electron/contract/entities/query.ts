import * as v from 'valibot';
import { CollectionIdSchema, type ImageId } from './ids.ts';

/*
 * What a person asks the library for. A query is a conjunction: an image matches if all its terms match. Text and chips are two views of
 * it: `parseQuery(printQuery(query))` is the same query.
 */

/**
 * Words are folded on both sides: compatibility forms, case, diacritics. They are looked for in prompt, revised prompt, note, tags, names of
 * collections and files, and for variations in the prompt of their input. `prefix`: `ligh*`; `phrase`: `"red glass"`.
 */
export interface TextTerm {
  kind: 'word' | 'prefix' | 'phrase';
  text: string;
  not: boolean;
}

/**
 * Fields whose values are named. An image matches if it has any of the values; `none` stands for images without one (`tag:none`).
 * `size`: received, `WxH`; `asked`: the requested size; `tag`: a path, `client/acme`, with all below it; `in`: a collection's name.
 * `source`: `generated`, `imported`, or the program that made an imported image.
 */
export const VALUE_FIELDS = [
  'model',
  'op',
  'server',
  'size',
  'asked',
  'ratio',
  'format',
  'background',
  'quality',
  'source',
  'tag',
  'in',
  'is',
  'has',
  'job',
  'stack',
] as const;
export type ValueField = (typeof VALUE_FIELDS)[number];

/** Values of `is:`. `differs`: received size or quality isn't the one asked for; `uncertain`: may have been billed. */
export const IS_VALUES = [
  'favourite',
  'rejected',
  'rated',
  'animated',
  'damaged',
  'stacked',
  'uncertain',
  'differs',
  'imported',
  'signed',
] as const;
/** Values of `has:`. `children`: other images were made from it; `strict`: a masked result; `revised`: a prompt revised by the server. */
export const HAS_VALUES = [
  'mask',
  'markup',
  'inputs',
  'children',
  'alpha',
  'note',
  'tag',
  'collection',
  'strict',
  'revised',
] as const;

/**
 * Fields with a range. Dates are local days: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or a word as typed (`today`, `7-days`), which
 * `query/days.ts` resolves; `cost` in dollars; `bytes` in MB.
 */
export const RANGE_FIELDS = ['date', 'cost', 'rating', 'width', 'height', 'bytes'] as const;
export type RangeField = (typeof RANGE_FIELDS)[number];

/** `similar`: similar look; `near`: near duplicates; `prompt`: the same or almost the same prompt as an image. */
export const LIKENESS_FIELDS = ['similar', 'near', 'prompt'] as const;
export type LikenessField = (typeof LIKENESS_FIELDS)[number];

export interface ValueFilter {
  field: ValueField;
  values: readonly string[];
  not: boolean;
}

/** Both ends belong to the range; null is open. */
export interface RangeFilter {
  field: RangeField;
  from: string | null;
  to: string | null;
  not: boolean;
}

export interface LikenessFilter {
  field: LikenessField;
  image: ImageId;
  not: boolean;
}

export type Filter = ValueFilter | RangeFilter | LikenessFilter;

export interface Query {
  text: readonly TextTerm[];
  filters: readonly Filter[];
}

/** A part of a query's text that can't be understood: it is left out, or searched for as text. `at` and `length` in UTF-16 units. */
export interface QueryError {
  at: number;
  length: number;
  /** A sentence. */
  message: string;
}

export interface ParsedQuery {
  query: Query;
  errors: readonly QueryError[];
}

/** The longest query text. */
export const MAX_QUERY_LENGTH = 10_000;

const SORTS = ['date', 'rating', 'cost', 'size', 'random', 'collection', 'likeness'] as const;

/** `size` is pixels. `seed` keeps a random order while one looks; `collection` is that collection's own order. */
export const SortSchema = v.strictObject({
  by: v.picklist(SORTS),
  descending: v.boolean(),
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff))),
  collectionId: v.optional(CollectionIdSchema),
});
export type Sort = v.InferOutput<typeof SortSchema>;
export type SortBy = Sort['by'];

export const GroupingSchema = v.picklist(['day', 'month', 'none']);
export type Grouping = v.InferOutput<typeof GroupingSchema>;

/** Images of a stack are shown as one: its cover. `jobs`: of one job; `edits`: of a chain of edits. */
export const StackingSchema = v.picklist(['none', 'jobs', 'edits']);
export type Stacking = v.InferOutput<typeof StackingSchema>;
