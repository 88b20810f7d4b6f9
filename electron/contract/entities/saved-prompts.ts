import * as v from 'valibot';
import type { ImageId, SavedPromptId, Timestamp } from './ids.ts';
import type { Image } from './images.ts';

export const SavedPromptTextSchema = v.pipe(v.string(), v.nonEmpty(), v.maxLength(32_000));
export const SavedPromptNameSchema = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(120));

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
  /** The best-rated, newest image of any version; null if none was created from it. */
  bestImage: Image | null;
}

export interface PromptVersion {
  version: number;
  text: string;
  createdAt: Timestamp;
}

/** A prompt that was used, with the newest image created from it. */
export interface UsedPrompt {
  prompt: string;
  usedAt: Timestamp;
  images: number;
  imageId: ImageId | null;
}
