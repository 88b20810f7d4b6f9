import { prepare, type Readable } from '../db/database.ts';
import { joinIndexTexts } from './search-tokens.ts';

interface WordsRow {
  prompt: string;
  revised_prompt: string | null;
  note: string | null;
  generation_id: string;
  /** JSON array of the names of files that were sent. */
  files: string;
}

const WORDS = `SELECT g.prompt, i.revised_prompt, i.note, i.generation_id, (SELECT json_group_array(f.name) FROM inputs n
    JOIN input_files f ON f.sha256 = n.sha256 WHERE n.generation_id = g.id AND n.role = 'image' AND f.image_id IS NULL) AS files
  FROM images i CROSS JOIN generations g ON g.id = i.generation_id WHERE i.timeline = ?`;

/** Images above one another that are looked at for a prompt. */
const MOST_PARENTS = 8;

/**
 * What an image is found by, as it is indexed: its prompt, or that of the image it was made from where it has none; the revised prompt, the
 * note, and the names of the files that were sent. Null if there is no such image.
 */
export function imageIndexText(db: Readable, timeline: number): string | null {
  const row = prepare<[number], WordsRow>(db, WORDS).get(timeline);
  if (!row) return null;
  const { revised_prompt: revised, note } = row;
  const prompt = row.prompt.trim() === '' ? parentPrompt(db, row.generation_id) : row.prompt;
  const files = JSON.parse(row.files) as string[];
  return joinIndexTexts([prompt, ...(revised === null || revised === prompt ? [] : [revised]), note ?? '', ...files]);
}

/** The nearest prompt among the images that a request's image was made from; '' for none. */
function parentPrompt(db: Readable, generationId: string): string {
  const sql = `SELECT i.generation_id AS id, g.prompt FROM inputs n JOIN images i ON i.id = n.image_id
    JOIN generations g ON g.id = i.generation_id WHERE n.generation_id = ? ORDER BY n.position LIMIT 1`;
  let child = generationId;
  for (let up = 0; up < MOST_PARENTS; up += 1) {
    const parent = prepare<[string], { id: string; prompt: string }>(db, sql).get(child);
    if (!parent) return '';
    if (parent.prompt.trim() !== '') return parent.prompt;
    child = parent.id;
  }
  return '';
}
