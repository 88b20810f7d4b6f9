import type { Filter, Query, TextTerm } from '../../../electron/contract/entities/query.ts';
import type { KnownCost } from '../../../electron/contract/entities/money.ts';
import type { ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { parseQuery } from '../../../electron/contract/query/parse-query.ts';
import type { Readable } from '../../../electron/library/db/database.ts';

/*
 * The same answers as the index's, in plain SQL: slow, and with nothing of the index in it. Only for libraries whose words are plain letters.
 */

const TAG_TREE = `WITH RECURSIVE below (key, path, root) AS (
  SELECT key, folded, key FROM tags WHERE parent IS NULL
  UNION ALL SELECT t.key, b.path || '/' || t.folded, b.root FROM tags t JOIN below b ON t.parent = b.key)`;
const FROM = `FROM images i JOIN generations g ON g.id = i.generation_id JOIN jobs j ON j.id = i.job_id
  JOIN originals o ON o.sha256 = i.sha256`;

/** Timeline keys of a question's images in order. */
export function plainAnswer(db: Readable, question: ViewQuestion): number[] {
  const { query } = parseQuery(question.query);
  const sql = `SELECT i.timeline ${FROM} WHERE ${conditions(query, question.place)} ORDER BY ${orderOf(question)}`;
  return db.prepare<[], number>(sql).pluck().all();
}

/** Number of images with each value of a column, the query's own filters on that field left out. */
export function plainCounts(
  db: Readable,
  question: ViewQuestion,
  field: string,
  column: string,
): Record<string, number> {
  const { query } = parseQuery(question.query);
  const others = { ...query, filters: query.filters.filter((filter) => filter.field !== field) };
  const sql = `SELECT coalesce(${column}, '') AS value, count(*) AS count ${FROM}
    WHERE ${conditions(others, question.place)} GROUP BY 1`;
  const rows = db.prepare<[], { value: string; count: number }>(sql).all();
  return Object.fromEntries(rows.map(({ value, count }) => [value, count]));
}

/** What images cost together, by timeline key. */
export function plainCost(db: Readable, timelines: readonly number[]): KnownCost {
  const sql = `SELECT coalesce(sum(cost), 0) AS micros, count(*) - count(cost) AS unknown FROM images
    WHERE timeline IN (SELECT value FROM json_each(?))`;
  return db.prepare<[string], KnownCost>(sql).get(JSON.stringify(timelines)) ?? { micros: 0, unknown: 0 };
}

/**
 * Number of images with each tag or one below it, by path, or in each collection, by name; '' for those without one. The query's own filters on
 * that field are left out.
 */
export function plainNameCounts(db: Readable, question: ViewQuestion, field: 'tag' | 'in'): Record<string, number> {
  const { query } = parseQuery(question.query);
  const others = { ...query, filters: query.filters.filter((filter) => filter.field !== field) };
  const matching = `SELECT i.timeline ${FROM} WHERE ${conditions(others, question.place)}`;
  const table = field === 'tag' ? 'image_tags' : 'collection_images';
  const members =
    field === 'tag'
      ? `WITH RECURSIVE tree (key, path, above) AS (
          SELECT key, name, key FROM tags WHERE parent IS NULL
          UNION ALL SELECT t.key, b.path || '/' || t.name, t.key FROM tags t JOIN tree b ON t.parent = b.key)
        SELECT a.path AS value, count(DISTINCT m.timeline) AS count FROM tree a
        JOIN tree b ON b.path = a.path OR b.path LIKE a.path || '/%' JOIN image_tags m ON m.tag = b.key`
      : `SELECT c.name AS value, count(DISTINCT m.timeline) AS count FROM collections c
        JOIN collections b ON b.key = c.key OR b.parent = c.key JOIN collection_images m ON m.collection = b.key`;
  const rows = db
    .prepare<[], { value: string; count: number }>(
      `${members} WHERE m.timeline IN (${matching}) GROUP BY 1
       UNION ALL SELECT '', count(*) FROM (${matching} AND i.timeline NOT IN (SELECT timeline FROM ${table}))`,
    )
    .all();
  return Object.fromEntries(rows.map(({ value, count }) => [value, count]));
}

function conditions({ text, filters }: Query, place: string): string {
  const last = text.at(-1);
  const parts = [
    place === 'trash' ? 'i.deleted_at IS NOT NULL' : 'i.deleted_at IS NULL',
    ...text.map((term) => negated(term.not, textCondition(term, term === last))),
    ...filters.map((filter) => negated(filter.not, condition(filter))),
  ];
  return parts.map((part) => `(${part})`).join(' AND ');
}

const negated = (not: boolean, sql: string): string => (not ? `NOT coalesce((${sql}), 0)` : sql);
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function textCondition({ kind, text, not }: TextTerm, isLast: boolean): string {
  const prefix = kind === 'prefix' || (isLast && kind === 'word' && !not);
  const fts = quoted(`"${text}"${prefix ? '*' : ''}`);
  return `i.timeline IN (SELECT rowid FROM picture_words WHERE picture_words MATCH ${fts})
    OR i.timeline IN (${TAG_TREE} SELECT m.timeline FROM image_tags m JOIN below b ON b.key = m.tag WHERE instr(b.path, ${quoted(text)}))
    OR i.timeline IN (SELECT m.timeline FROM collection_images m JOIN collections c ON c.key = m.collection
      WHERE instr(lower(c.name), ${quoted(text)}))`;
}

const received = `CASE WHEN json_extract(g.answer, '$.quality') IS NOT NULL THEN json_extract(g.answer, '$.quality')
  ELSE nullif(json_extract(g.parameters, '$.quality'), 'auto') END`;
export const COLUMNS: Record<string, string> = {
  model: 'g.model',
  op: 'g.operation',
  server: 'j.profile_name',
  format: 'o.format',
  asked: "json_extract(g.parameters, '$.size')",
  background: "json_extract(g.parameters, '$.background')",
  quality: received,
  size: "CASE WHEN i.width > 0 AND i.height > 0 THEN i.width || 'x' || i.height END",
};
const RANGES: Record<string, string> = {
  rating: 'i.rating',
  cost: 'i.cost / 1000000.0',
  width: 'nullif(i.width, 0)',
  height: 'nullif(i.height, 0)',
  bytes: 'o.bytes / 1000000.0',
  date: "strftime('%Y-%m-%d', i.timeline / 1024 / 1000, 'unixepoch', 'localtime')",
};
const IMAGE_INPUT = "SELECT 1 FROM inputs n WHERE n.generation_id = g.id AND g.operation <> 'create'";
const PROPERTIES: Record<string, string> = {
  favourite: 'i.favourite',
  rejected: 'i.rejected',
  rated: 'i.rating > 0',
  animated: "o.format = 'gif' AND i.flaw IS NULL",
  damaged: "i.flaw = 'undecodable'",
  uncertain: "g.billing = 'possible'",
  differs: `(i.width > 0 AND json_extract(g.parameters, '$.size') LIKE '%x%' AND json_extract(g.parameters, '$.size') <> i.width || 'x' || i.height)
    OR (json_extract(g.parameters, '$.quality') <> 'auto' AND json_extract(g.answer, '$.quality') <> json_extract(g.parameters, '$.quality'))`,
  mask: `EXISTS (${IMAGE_INPUT} AND role = 'mask')`,
  inputs: `EXISTS (${IMAGE_INPUT} AND role = 'image')`,
  children: `EXISTS (SELECT 1 FROM inputs n JOIN images c ON c.generation_id = n.generation_id WHERE n.image_id = i.id AND n.role = 'image')`,
  alpha: 'i.has_alpha',
  note: 'i.note IS NOT NULL',
  revised: 'i.revised_prompt IS NOT NULL',
  tag: 'i.timeline IN (SELECT timeline FROM image_tags)',
  collection: 'i.timeline IN (SELECT timeline FROM collection_images)',
};

function condition(filter: Filter): string {
  if ('image' in filter) throw new Error('Likeness has no plain SQL.');
  if ('values' in filter) return filter.values.map((value) => `(${valueCondition(filter.field, value)})`).join(' OR ');
  const column = RANGES[filter.field]!;
  const end = (value: string): string => (filter.field === 'date' ? quoted(value) : value);
  const from = filter.from === null ? '1' : `${column} >= ${end(filter.from)}`;
  const to =
    filter.to === null
      ? '1'
      : `substr(${column}, 1, ${filter.field === 'date' ? filter.to.length : 99}) <= ${end(filter.to)}`;
  const limit = filter.field === 'date' ? to : to.replace(/^substr\((.*), 1, 99\)/u, '$1');
  return `${column} IS NOT NULL AND ${from} AND ${limit}`;
}

function valueCondition(field: string, value: string): string {
  const column = COLUMNS[field];
  if (column !== undefined)
    return value === 'none' ? `${column} IS NULL` : `lower(${column}) = lower(${quoted(value)})`;
  if (field === 'is' || field === 'has') return PROPERTIES[value]!;
  const table = field === 'tag' ? 'image_tags' : 'collection_images';
  if (value === 'none') return `i.timeline NOT IN (SELECT timeline FROM ${table})`;
  if (field === 'tag')
    return `i.timeline IN (${TAG_TREE} SELECT m.timeline FROM image_tags m JOIN below b ON b.key = m.tag
      WHERE b.path = ${quoted(value)} OR b.path LIKE ${quoted(`${value}/%`)})`;
  return `i.timeline IN (SELECT m.timeline FROM collection_images m JOIN collections c ON c.key = m.collection
    LEFT JOIN collections p ON p.key = c.parent WHERE lower(c.name) = lower(${quoted(value)}) OR lower(p.name) = lower(${quoted(value)}))`;
}

function orderOf({ sort }: ViewQuestion): string {
  const direction = sort.descending ? 'DESC' : 'ASC';
  const columns: Record<string, string> = {
    date: 'i.timeline',
    rating: 'i.rating',
    cost: `i.cost IS NULL, i.cost`,
    size: 'i.width * i.height',
  };
  return sort.by === 'date' ? `i.timeline ${direction}` : `${columns[sort.by]!} ${direction}, i.timeline DESC`;
}
