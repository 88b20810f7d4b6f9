import type { Readable } from '../db/database.ts';
import { bitsOf, hasBit } from './bits.ts';
import { STATES } from './columns.ts';
import { FACTS_OF, MARKS_SINCE, writeFacts, writeMarks, type FactsRow } from './image-facts.ts';
import { readRevision, type IndexData } from './index-data.ts';
import { readLinks } from './lineage.ts';
import { localDays } from './local-days.ts';
import { readOrderNames } from './order-names.ts';

/** What applying changes did to ordinals: images that were inserted between others move those behind them. */
export interface Applied {
  changes: number;
  /** The new images' ordinals, and how many images there were before. */
  places: Uint32Array;
  oldCount: number;
}

/** Thrown where the log doesn't reach back to the index: it has to be made anew. */
export class LogGapError extends Error {
  override readonly name = 'LogGapError';
}

/**
 * Applies everything that changed in the library since the data's revision.
 * @throws LogGapError
 */
export function applyLog(db: Readable, data: IndexData): Applied {
  // One snapshot, so that rows and log belong together.
  return db.transaction(() => applySnapshot(db, data))();
}

function applySnapshot(db: Readable, data: IndexData): Applied {
  const nothing = { changes: 0, places: new Uint32Array(0), oldCount: data.columns.count };
  const newest = readRevision(db);
  if (newest === data.revision) return nothing;
  requireLog(db, data.revision, newest);
  const applied = applyImages(db, data, changedImages(db, data.revision));
  applyMarks(db, data);
  applyMemberships(db, data, 'tags');
  applyMemberships(db, data, 'collections');
  const names = db.prepare<[number], number>('SELECT 1 FROM index_log WHERE revision > ? AND part = 4 LIMIT 1').pluck();
  if (names.get(data.revision) !== undefined) data.names = readOrderNames(db);
  const changes = newest - data.revision;
  data.revision = newest;
  data.derived.clear();
  return { ...applied, changes };
}

function requireLog(db: Readable, known: number, newest: number): void {
  const oldest = db.prepare<[], number | null>('SELECT min(revision) FROM index_log').pluck().get() ?? newest + 1;
  if (known <= newest && oldest <= known + 1) return;
  throw new LogGapError(`The library is at revision ${newest}, its log begins at ${oldest}, the index is at ${known}.`);
}

function changedImages(db: Readable, since: number): number[] {
  const sql = 'SELECT DISTINCT timeline FROM index_log WHERE revision > ? AND part = 0 ORDER BY timeline';
  return db.prepare<[number], number>(sql).pluck().all(since);
}

function applyImages(db: Readable, data: IndexData, timelines: number[]): Pick<Applied, 'places' | 'oldCount'> {
  const { columns } = data;
  const oldCount = columns.count;
  if (timelines.length === 0) return { places: new Uint32Array(0), oldCount };
  const rows = db.prepare<[string], FactsRow>(FACTS_OF).raw().all(JSON.stringify(timelines));
  const places = columns.insert(rows.flatMap(([timeline]) => (columns.ordinal(timeline) < 0 ? [timeline] : [])));
  data.lineage.renumber(places, oldCount);
  data.tags.renumber(places, oldCount);
  data.collections.renumber(places, oldCount);
  const dayOf = localDays();
  const found = new Set<number>();
  for (const row of rows) {
    const ordinal = columns.ordinal(row[0]);
    writeFacts(columns, ordinal, row);
    columns.arrays.day[ordinal] = dayOf(row[0]);
    found.add(row[0]);
  }
  const ordinals = columns.ordinals(timelines);
  for (const ordinal of ordinals)
    if (!found.has(columns.arrays.timeline[ordinal] ?? -1))
      columns.arrays.state[ordinal] = (columns.arrays.state[ordinal] ?? 0) | STATES.removed;
  const changed = bitsOf(columns.count, ordinals);
  const links = readLinks(db, columns, timelines);
  const isKnown = data.lineage.children.some((child) => hasBit(changed, child));
  if (found.size < timelines.length || links.length > 0 || isKnown) data.lineage.replace(changed, links, columns);
  return { places, oldCount };
}

/** One image may come several times, each time with what it has now: that costs less than to find out. */
function applyMarks(db: Readable, { columns, revision }: IndexData): void {
  for (const [timeline, marks] of db.prepare<[number], [number, number]>(MARKS_SINCE).raw().iterate(revision)) {
    const ordinal = columns.ordinal(timeline);
    if (ordinal >= 0) writeMarks(columns, ordinal, marks);
  }
}

const MEMBERSHIPS = {
  tags: { part: 2, table: 'image_tags', column: 'tag' },
  collections: { part: 3, table: 'collection_images', column: 'collection' },
} as const;

/** Reads again whether images have the tags, or are in the collections, that the log names with them. */
function applyMemberships(db: Readable, data: IndexData, kind: keyof typeof MEMBERSHIPS): void {
  const { part, table, column } = MEMBERSHIPS[kind];
  const sql = `SELECT l.key, l.timeline, m.timeline IS NOT NULL FROM index_log l
    LEFT JOIN ${table} m ON m.${column} = l.key AND m.timeline = l.timeline WHERE l.revision > ? AND l.part = ${part}`;
  const byKey = new Map<number, { all: number[]; present: number[] }>();
  for (const [key, timeline, present] of db
    .prepare<[number], [number, number, number]>(sql)
    .raw()
    .iterate(data.revision)) {
    const changes = byKey.get(key) ?? { all: [], present: [] };
    byKey.set(key, changes);
    changes.all.push(timeline);
    if (present === 1) changes.present.push(timeline);
  }
  for (const [key, { all, present }] of byKey)
    data[kind].change(key, data.columns.ordinals(ascending(all)), data.columns.ordinals(ascending(present)));
}

/** Each once. */
function ascending(timelines: readonly number[]): Float64Array {
  const sorted = Float64Array.from(timelines).sort();
  let next = 0;
  for (let index = 0; index < sorted.length; index += 1) {
    const timeline = sorted[index] ?? 0;
    if (next === 0 || sorted[next - 1] !== timeline) sorted[next++] = timeline;
  }
  return sorted.subarray(0, next);
}
