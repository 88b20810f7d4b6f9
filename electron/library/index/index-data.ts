import type { Readable } from '../db/database.ts';
import { Columns } from './columns.ts';
import { FACTS_AFTER, writeFacts, type FactsRow } from './image-facts.ts';
import { readLineage, type Lineage } from './lineage.ts';
import { Lists } from './lists.ts';
import { localDays } from './local-days.ts';
import { readOrderNames, type OrderNames } from './order-names.ts';

/** Everything the index holds, as of one revision of the library. */
export interface IndexData {
  columns: Columns;
  tags: Lists;
  collections: Lists;
  lineage: Lineage;
  names: OrderNames;
  revision: number;
  /** What was computed from the rest, by name, until something changes. */
  derived: Map<string, unknown>;
}

/** What `compute` returns, computed once for each revision. */
export function derive<Value>({ derived }: IndexData, name: string, compute: () => Value): Value {
  if (!derived.has(name)) derived.set(name, compute());
  return derived.get(name) as Value;
}

/** Images that are loaded before the thread looks at its messages. */
const SLICE = 20_000;

/** The library's newest revision: 0 before its first change. */
export function readRevision(db: Readable): number {
  const sql = "SELECT seq FROM sqlite_sequence WHERE name = 'index_log'";
  return db.prepare<[], number>(sql).pluck().get() ?? 0;
}

/**
 * Reads the whole library, and yields the number of images read after every slice. What changes meanwhile has a newer revision than the
 * result, so that it is applied afterwards.
 */
export function* readLibrary(db: Readable): Generator<number, IndexData> {
  const revision = readRevision(db);
  const images = db.prepare<[], number>('SELECT count(*) FROM images').pluck().get() ?? 0;
  const columns = new Columns(images + 1024);
  const read = db.prepare<[number, number], FactsRow>(FACTS_AFTER).raw();
  for (let last = -1; ;) {
    const from = columns.count;
    for (const row of read.iterate(last, SLICE)) {
      columns.reserve(columns.count + 1);
      writeFacts(columns, columns.count, row);
      columns.count += 1;
      last = row[0];
    }
    if (columns.count - from < SLICE) break;
    yield columns.count;
  }
  writeDays(columns);
  const lineage = readLineage(db, columns);
  lineage.mark(columns);
  const tags = readLists(db, columns, 'SELECT tag, timeline FROM image_tags ORDER BY tag, timeline');
  const collections = readLists(
    db,
    columns,
    'SELECT collection, timeline FROM collection_images ORDER BY collection, timeline',
  );
  return { columns, tags, collections, lineage, names: readOrderNames(db), revision, derived: new Map() };
}

/** Computes the local day of every image. */
export function writeDays({ arrays: { timeline, day }, count }: Columns): void {
  const dayOf = localDays();
  for (let ordinal = 0; ordinal < count; ordinal += 1) day[ordinal] = dayOf(timeline[ordinal] ?? 0);
}

function readLists(db: Readable, columns: Columns, sql: string): Lists {
  const lists = new Lists();
  let key = NaN;
  let timelines: number[] = [];
  const keep = (): void => {
    if (timelines.length > 0) lists.set(key, columns.ordinals(timelines).slice());
  };
  for (const [next, timeline] of db.prepare<[], [number, number]>(sql).raw().iterate()) {
    if (next !== key) {
      keep();
      key = next;
      timelines = [];
    }
    timelines.push(timeline);
  }
  keep();
  return lists;
}
