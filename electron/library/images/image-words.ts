import { prepare, type Readable } from '../db/database.ts';
import { ORIGIN_JOINS } from './image-rows.ts';
import { joinIndexTexts } from './search-tokens.ts';

interface WordsRow {
  prompt: string;
  revised_prompt: string | null;
  note: string | null;
  generation_id: string | null;
  file_name: string | null;
  /** JSON array of the names of files that were sent. */
  files: string;
}

const WORDS = `SELECT coalesce(g.prompt, im.prompt) AS prompt, i.revised_prompt, i.note, i.generation_id, im.file_name, (SELECT json_group_array(f.name) FROM inputs n
    JOIN input_files f ON f.sha256 = n.sha256 WHERE n.generation_id = g.id AND n.role = 'image' AND f.image_id IS NULL) AS files
  FROM images i ${ORIGIN_JOINS} WHERE i.timeline = ?`;

/** Images above one another that are looked at for a prompt. */
const MOST_PARENTS = 8;

/**
 * What an image is found by, as it is indexed: its prompt, or that of the image it was made from where it has none; the revised prompt, the
 * note, the name of the file that it was imported from, and the names of the files that were sent. Null if there is no such image.
 */
export function imageIndexText(db: Readable, timeline: number): string | null {
  const row = prepare<[number], WordsRow>(db, WORDS).get(timeline);
  if (!row) return null;
  const { revised_prompt, note, file_name, generation_id: generation } = row;
  const prompt = row.prompt.trim() === '' && generation !== null ? parentPrompt(db, generation) : row.prompt;
  return wordsToIndex({ prompt, revised_prompt, note, file_name, files: JSON.parse(row.files) as string[] });
}

/** What an image is found by, from its own facts. `file_name`: of the file that it was imported from; `files`: names of the files that were sent. */
export function wordsToIndex({
  prompt,
  revised_prompt: revised,
  note,
  file_name,
  files,
}: Pick<WordsRow, 'prompt' | 'revised_prompt' | 'note' | 'file_name'> & { files: readonly string[] }): string {
  return joinIndexTexts([
    prompt,
    ...(revised === null || revised === prompt ? [] : [revised]),
    note ?? '',
    file_name ?? '',
    ...files,
  ]);
}

/** The nearest prompt among the images that a request's image was made from; '' for none. */
function parentPrompt(db: Readable, generationId: string): string {
  const sql = `SELECT i.generation_id AS id, coalesce(g.prompt, im.prompt) AS prompt FROM inputs n JOIN images i ON i.id = n.image_id
    ${ORIGIN_JOINS} WHERE n.generation_id = ? ORDER BY n.position LIMIT 1`;
  let child = generationId;
  for (let up = 0; up < MOST_PARENTS; up += 1) {
    const parent = prepare<[string], { id: string | null; prompt: string }>(db, sql).get(child);
    if (!parent) return '';
    if (parent.prompt.trim() !== '') return parent.prompt;
    if (parent.id === null) return '';
    child = parent.id;
  }
  return '';
}
