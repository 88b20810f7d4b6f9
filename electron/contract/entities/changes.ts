import * as v from 'valibot';
import type { ErrorReport } from '../errors/errors.ts';
import { RatingSchema } from './annotations.ts';
import { CollectionIdSchema, ImageIdSchema, TagIdSchema, type ChangeId, type Timestamp } from './ids.ts';

/** A tag by its path: names separated by slashes, `client/acme`. Parents that don't exist are created. */
const TagPathSchema = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200));
export const MAX_NOTE_LENGTH = 20_000;

/** What a change does to every image of a selection. */
export const EditSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('rate'), rating: RatingSchema }),
  v.strictObject({ kind: v.literal('favourite'), on: v.boolean() }),
  v.strictObject({ kind: v.literal('reject'), on: v.boolean() }),
  v.strictObject({ kind: v.literal('note'), note: v.pipe(v.string(), v.maxLength(MAX_NOTE_LENGTH)) }),
  v.strictObject({
    kind: v.literal('tag'),
    add: v.pipe(v.array(TagPathSchema), v.maxLength(100)),
    remove: v.pipe(v.array(TagIdSchema), v.maxLength(100)),
  }),
  /** Adds to a collection or removes from it. `before`: the image that they are put before; null: at the end. */
  v.strictObject({
    kind: v.literal('collect'),
    collectionId: CollectionIdSchema,
    on: v.boolean(),
    before: v.optional(v.nullable(ImageIdSchema), null),
  }),
  /** Moves images within a collection's own order. */
  v.strictObject({
    kind: v.literal('arrange'),
    collectionId: CollectionIdSchema,
    before: v.nullable(ImageIdSchema),
  }),
  /** Shows this image for its stack. */
  v.strictObject({ kind: v.literal('cover') }),
  v.strictObject({ kind: v.literal('trash') }),
  v.strictObject({ kind: v.literal('restore') }),
  /** Deletes for good what is in the trash. Can't be undone. */
  v.strictObject({ kind: v.literal('empty') }),
  /** Moves duplicates to the trash after `keep` got their best rating, favourite, tags and collections. */
  v.strictObject({ kind: v.literal('merge'), keep: ImageIdSchema }),
]);
export type Edit = v.InferOutput<typeof EditSchema>;

const named = v.pipe(v.string(), v.nonEmpty());
/** Names of smart collections that keep the old name in their query, because it would be too long with the new one. */
const tooLong = v.optional(v.array(named));
/** Changes of tags and collections themselves; journalled and undone like edits. */
export const OrderEditSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('tag-rename'), tagId: TagIdSchema, from: named, to: named, tooLong }),
  /** `from`: its path before. */
  v.strictObject({ kind: v.literal('tag-move'), tagId: TagIdSchema, path: named, from: v.optional(named), tooLong }),
  v.strictObject({ kind: v.literal('tag-merge'), tagId: TagIdSchema, from: named, into: named, tooLong }),
  v.strictObject({ kind: v.literal('tag-remove'), tagId: TagIdSchema, path: named }),
  v.strictObject({ kind: v.literal('collection-create'), collectionId: CollectionIdSchema, name: named }),
  /** `from`: its name before, if that was another one. */
  v.strictObject({
    kind: v.literal('collection-change'),
    collectionId: CollectionIdSchema,
    name: named,
    from: v.optional(named),
    tooLong,
  }),
  v.strictObject({ kind: v.literal('collection-remove'), collectionId: CollectionIdSchema, name: named }),
]);
export type OrderEdit = v.InferOutput<typeof OrderEditSchema>;

/**
 * An entry of the undo journal. `applying` and `reverting` have `applied` of `images` done. `final` can't be undone. `left`: images that its
 * last undo or redo left as they are, because they were changed later or deleted. `error`: why it was stopped and reverted. Sentences are made
 * by `describeChange`.
 */
export interface Change {
  id: ChangeId;
  state: 'applying' | 'done' | 'reverting' | 'undone' | 'final';
  edit: Edit | OrderEdit;
  /** Names for the sentence: of the collection, or of the tags added and removed. */
  names: string[];
  images: number;
  applied: number;
  left: number;
  at: Timestamp;
  undoneAt: Timestamp | null;
  error?: ErrorReport;
}

export const ChangeCursorSchema = v.pipe(v.number(), v.integer());
/** Newest first. */
export interface ChangePage {
  changes: Change[];
  next: number | null;
}

/** What is in the trash. `bytes`: what emptying it frees at most. */
export interface TrashTotals {
  images: number;
  bytes: number;
}
