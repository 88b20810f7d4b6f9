import { setImmediate } from 'node:timers/promises';
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

/**
 * A page of the prompts that requests were recorded with, last used first, each once. Paged by key; costs what its rows cost, and where words
 * are only excluded, also what was looked through, in slices.
 */
export async function readPromptHistory(
  db: Readable,
  { search, after, limit }: Page,
): Promise<{ prompts: UsedPrompt[]; next: number | null }> {
  const query = toFtsQuery(search);
  if (query.match === null && query.exclude === null && search.trim() !== '') return { prompts: [], next: null };
  // One more than requested shows whether there is a next page.
  const rows = await rowsBefore(db, query, after ?? Number.MAX_SAFE_INTEGER, limit + 1);
  const shown = rows.slice(0, limit);
  const prompts = shown.map(({ key, text, used_at: usedAt }) => ({
    prompt: text,
    usedAt,
    image: bestImageOfPrompt(db, key),
  }));
  return { prompts, next: rows.length > limit ? (shown.at(-1)?.used ?? null) : null };
}

const COLUMNS = 'p.key, p.text, p.used, p.used_at';

async function rowsBefore(db: Readable, { match, exclude }: FtsQuery, before: number, limit: number): Promise<Row[]> {
  if (match !== null) {
    const sql = `SELECT ${COLUMNS} FROM prompt_words w CROSS JOIN prompts p ON p.used = w.rowid
      WHERE w.prompt_words MATCH ? AND w.rowid < ? ORDER BY w.rowid DESC LIMIT ?`;
    const words = exclude === null ? match : `(${match}) NOT (${exclude})`;
    return prepare<[string, number, number], Row>(db, sql).all(words, before, limit);
  }
  if (exclude !== null) return othersBefore(db, exclude, before, limit);
  const sql = `SELECT ${COLUMNS} FROM prompts p WHERE p.used < ? ORDER BY p.used DESC LIMIT ?`;
  return prepare<[number, number], Row>(db, sql).all(before, limit);
}

/** Prompts that are looked through at once for those that don't match: about a millisecond. */
const WINDOW = 500;

/** All prompts except those that match. FTS5 can't exclude from everything, but quickly says which of a range match. */
async function othersBefore(db: Readable, exclude: string, before: number, limit: number): Promise<Row[]> {
  const end = prepare<[number], { first: number | null }>(
    db,
    `SELECT min(used) AS first FROM (SELECT used FROM prompts WHERE used < ? ORDER BY used DESC LIMIT ${WINDOW})`,
  );
  const sql = `SELECT ${COLUMNS} FROM prompts p WHERE p.used < :before AND p.used >= :first AND p.used NOT IN (
      SELECT rowid FROM prompt_words WHERE prompt_words MATCH :exclude AND rowid >= :first AND rowid < :before)
    ORDER BY p.used DESC LIMIT :limit`;
  const rows: Row[] = [];
  for (let last = before; rows.length < limit;) {
    const first = end.get(last)?.first ?? null;
    if (first === null) break;
    rows.push(...prepare<[object], Row>(db, sql).all({ before: last, first, exclude, limit: limit - rows.length }));
    last = first;
    await setImmediate();
  }
  return rows;
}
