import * as v from 'valibot';
import { SavedPromptIdSchema, type SavedPromptId, type Timestamp } from './ids.ts';
import type { Image } from './images.ts';

export const SavedPromptTextSchema = v.pipe(
  v.string(),
  v.check((text) => text.trim() !== ''),
  v.maxLength(32_000),
);
export const SavedPromptNameSchema = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(120));
export const SavedPromptTagsSchema = v.pipe(v.array(SavedPromptNameSchema), v.maxLength(50));

/** A version of a saved prompt: what an image was created from. */
export const SavedPromptVersionSchema = v.strictObject({
  id: SavedPromptIdSchema,
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type SavedPromptVersion = v.InferOutput<typeof SavedPromptVersionSchema>;

/** A prompt kept for reuse. `{name}` in its text is a variable. */
export interface SavedPrompt {
  id: SavedPromptId;
  name: string;
  tags: string[];
  /** Of the newest version. */
  text: string;
  version: number;
  createdAt: Timestamp;
  changedAt: Timestamp;
  /**
   * The best-rated, newest image outside the trash that was created from any version: with exactly its text, or with a request that names
   * the version. Null if there is none.
   */
  bestImage: Image | null;
}

export interface PromptVersion {
  version: number;
  text: string;
  createdAt: Timestamp;
}

/** A prompt that was used, with the best-rated, newest image created from it. */
export interface UsedPrompt {
  prompt: string;
  usedAt: Timestamp;
  image: Image | null;
}
