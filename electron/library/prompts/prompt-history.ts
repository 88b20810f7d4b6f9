import type { UsedPrompt } from '../../contract/entities/saved-prompts.ts';
import { prepare, type Readable } from '../db/database.ts';
import { toFtsQuery, type FtsQuery } from '../images/search-tokens.ts';
import { bestImageOfPrompt } from './best-image.ts';

interface Page {
  /** Words as typed; '' for all prompts. */
  search: string;
  /** `next` of the page before; null for the first. */
  after: number | null;
  limit: number;
}

interface Row {
  key: number;
  text: string;
  used: number;
  used_at: number;
}

/** A page of the prompts that requests were recorded with, last used first, each once. Paged by key; costs what its rows cost. */
export function readPromptHistory(
  db: Readable,
  { search, after, limit }: Page,
): { prompts: UsedPrompt[]; next: number | null } {
  const query = toFtsQuery(search);
  if (query.match === null && query.exclude === null && search.trim() !== '') return { prompts: [], next: null };
  // One more than requested shows whether there is a next page.
  const rows = rowsBefore(db, query, after ?? Number.MAX_SAFE_INTEGER, limit + 1);
  const shown = rows.slice(0, limit);
  const prompts = shown.map(({ key, text, used_at: usedAt }) => ({
    prompt: text,
    usedAt,
    image: bestImageOfPrompt(db, key),
  }));
  return { prompts, next: rows.length > limit ? (shown.at(-1)?.used ?? null) : null };
}

const COLUMNS = 'p.key, p.text, p.used, p.used_at';

function rowsBefore(db: Readable, { match, exclude }: FtsQuery, before: number, limit: number): Row[] {
  if (match !== null) {
    const sql = `SELECT ${COLUMNS} FROM prompt_words w CROSS JOIN prompts p ON p.used = w.rowid
      WHERE w.prompt_words MATCH ? AND w.rowid < ? ORDER BY w.rowid DESC LIMIT ?`;
    const words = exclude === null ? match : `(${match}) NOT (${exclude})`;
    return prepare<[string, number, number], Row>(db, sql).all(words, before, limit);
  }
  if (exclude !== null) {
    const sql = `SELECT ${COLUMNS} FROM prompts p WHERE p.used < ?
      AND NOT EXISTS (SELECT 1 FROM prompt_words WHERE prompt_words MATCH ? AND rowid = p.used) ORDER BY p.used DESC LIMIT ?`;
    return prepare<[number, string, number], Row>(db, sql).all(before, exclude, limit);
  }
  const sql = `SELECT ${COLUMNS} FROM prompts p WHERE p.used < ? ORDER BY p.used DESC LIMIT ?`;
  return prepare<[number, number], Row>(db, sql).all(before, limit);
}
