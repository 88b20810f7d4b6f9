import type { FamilyLink } from '../../electron/contract/entities/views.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { Readable } from '../../electron/library/db/database.ts';
import { readOrigins } from '../../electron/library/family/links.ts';
import { rowsOf } from '../library/rebuild/library-rows.ts';

/** How the rows of one kind came back. */
export interface Compared {
  name: string;
  before: number;
  /** Of these, the rows that are there with every value. */
  same: number;
  /** Rows that weren't there before. */
  more: number;
  /** One that didn't come back, and one that is new, as JSON. */
  lost: string | undefined;
  added: string | undefined;
}

/** Tables by the rows that `rowsOf` and `more` read of them. */
const COMPARED: Readonly<Record<string, string>> = {
  jobs: 'jobs',
  generations: 'generations',
  answers: 'documents',
  images: 'images',
  imports: 'imports',
  originals: 'originals',
  inputs: 'inputs',
  input_files: 'uploads',
  partials: 'partials',
  strict_results: 'strict',
  tags: 'tags',
  image_tags: 'tagged',
  collections: 'collections',
  collection_images: 'collected',
  saved_prompts: 'saved',
  prompt_versions: 'versions',
  prompts: 'used',
  counters: 'counters',
  batches: 'batches',
  prompt_sources: 'sources',
  picture_words: 'words of images',
  prompt_words: 'words of prompts',
};

/** Tables that a rebuild doesn't bring back, and why. */
const NOT_COMPARED: Readonly<Record<string, string>> = {
  drafts: 'never sent, so in no record',
  draft_steps: 'never sent, so in no record',
  changes: 'the undo history',
  change_images: 'the undo history',
  removals: 'files about to be deleted',
  deleted_images: 'deleted for good',
  deleted_by_collection: 'deleted for good',
  landings: 'files being saved',
  index_identity: 'of the image index, which is made again',
  index_log: 'of the image index, which is made again',
  record_hashes: 'what records were when they were written',
  sqlite_sequence: 'SQLite’s own',
};

/** Tables in which FTS5 keeps an index; its words are compared instead. */
const OF_FTS = /_(?:data|idx|docsize|config)$/u;

/** @returns tables that are neither compared nor left out with a reason */
export function unknownTables(db: Readable): string[] {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck();
  return tables
    .all()
    .filter((name) => !Object.hasOwn(COMPARED, name) && !Object.hasOwn(NOT_COMPARED, name) && !OF_FTS.test(name));
}

/** Everything of a library that a rebuild should bring back, as rows by what they are about. Keys may differ, so rows name each other by ids. */
export function readTables(db: Readable): Map<string, Map<string, number>> {
  const rows = { ...rowsOf({ db }), ...more(db) };
  const missing = Object.values(COMPARED).filter((name) => !Object.hasOwn(rows, name));
  if (missing.length > 0) throw new Error(`Nothing was read of ${missing.join(', ')}.`);
  return new Map(Object.entries(rows).map(([name, list]) => [name, counted(list)]));
}

/** What must come back without exception: the same rows, asked for by what a person added. */
const PERSONAL: Readonly<Record<string, string>> = {
  'ratings, favourites, rejects':
    'SELECT id, rating, favourite, rejected FROM images WHERE rating > 0 OR favourite OR rejected',
  notes: 'SELECT id, note FROM images WHERE note IS NOT NULL',
  'tags of images': `SELECT i.id, t.id AS tag FROM image_tags m JOIN tags t ON t.key = m.tag JOIN images i USING (timeline)`,
  'images in collections': `SELECT i.id, c.id AS collection, m.position FROM collection_images m JOIN collections c ON c.key = m.collection
    JOIN images i USING (timeline)`,
};
const FAMILY = 'family links';
export const EXACT: readonly string[] = [...Object.keys(PERSONAL), FAMILY];

function more(db: Readable): Record<string, unknown[]> {
  const all = (sql: string): unknown[] => db.prepare<[], Record<string, unknown>>(sql).all();
  return {
    ...Object.fromEntries(Object.entries(PERSONAL).map(([name, sql]) => [name, all(sql)])),
    [FAMILY]: familyLinks(db),
    sources: all('SELECT s.prompt_id, s.version, p.text FROM prompt_sources s JOIN prompts p ON p.key = s.prompt'),
    'prompts of images': all('SELECT i.id, p.text FROM images i JOIN prompts p ON p.key = i.prompt_key'),
    'words of images': words(db, 'picture_words'),
    'words of prompts': words(db, 'prompt_words'),
  };
}

/** An index for searches as its words, with the number of texts that have them. */
function words(db: Readable, table: string): unknown[] {
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.${table}_vocabulary USING fts5vocab (main, ${table}, row)`);
  return db.prepare(`SELECT term, doc, cnt FROM temp.${table}_vocabulary`).all();
}

/** Links between images that both exist. */
function familyLinks(db: Readable): (FamilyLink & { child: ImageId })[] {
  const ids = db.prepare<[], ImageId>('SELECT id FROM images').pluck().all();
  const known = new Set(ids);
  return [...readOrigins(db, ids).links].flatMap(([child, links]) =>
    links.filter(({ from }) => known.has(from)).map((link) => ({ ...link, child })),
  );
}

/** Compares two answers of `readTables`. */
export function compareTables(before: Map<string, Map<string, number>>, after: typeof before): Compared[] {
  return [...before].map(([name, rows]) => {
    const others = after.get(name) ?? new Map<string, number>();
    const same = sum([...rows].map(([row, times]) => Math.min(times, others.get(row) ?? 0)));
    const only = (these: Map<string, number>, those: Map<string, number>): string | undefined =>
      [...these].find(([row, times]) => times > (those.get(row) ?? 0))?.[0];
    return {
      ...{ name, before: sum(rows.values()), same, more: sum(others.values()) - same },
      ...{ lost: only(rows, others), added: only(others, rows) },
    };
  });
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

/** Rows as text, with how often each is there. */
function counted(rows: readonly unknown[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = JSON.stringify(row, inOrder);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** The order of an object's names says nothing. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
