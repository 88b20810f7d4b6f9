import type { SavedPromptId } from '../../contract/entities/ids.ts';
import type { Image } from '../../contract/entities/images.ts';
import { prepare, type Readable } from '../db/database.ts';
import { IMAGE_COLUMNS, IMAGE_JOINS, rowToImage, type ImageRow } from '../images/image-rows.ts';

/** Prompts of a saved prompt that are looked at, used last first: its variables may have been filled in thousands of times. */
const MAX_PROMPTS = 500;

/* The best of each prompt is one step in `images_of_prompt`, however many images the prompt has. */
const BEST = `SELECT timeline FROM images WHERE prompt_key = p.key AND deleted_at IS NULL AND prompt_key IS NOT NULL
  ORDER BY rating DESC, timeline DESC LIMIT 1`;

/**
 * The best-rated image outside the trash that was created from a saved prompt, the newest of several; null if there is none. Considers the
 * {@link MAX_PROMPTS} prompts made from it that were used last.
 */
export function bestImageOf(db: Readable, id: SavedPromptId): Image | null {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS} WHERE i.timeline = (
    SELECT best.timeline FROM images best WHERE best.timeline IN (
      SELECT (${BEST}) FROM prompts p WHERE p.key IN (
        SELECT prompt FROM prompt_sources WHERE prompt_id = :id
        UNION SELECT used.key FROM prompt_versions v JOIN prompts used ON used.text = v.text WHERE v.prompt_id = :id
      ) ORDER BY p.used DESC LIMIT ${MAX_PROMPTS}
    ) ORDER BY best.rating DESC, best.timeline DESC LIMIT 1)`;
  const row = prepare<[{ id: string }], ImageRow>(db, sql).get({ id });
  return row ? rowToImage(row) : null;
}

/** The best-rated, newest image of a used prompt, by the prompt's key; null if there is none outside the trash. */
export function bestImageOfPrompt(db: Readable, key: number): Image | null {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM prompts p CROSS JOIN images i ON i.timeline = (${BEST}) ${IMAGE_JOINS} WHERE p.key = ?`;
  const row = prepare<[number], ImageRow>(db, sql).get(key);
  return row ? rowToImage(row) : null;
}
