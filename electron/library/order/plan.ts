import type { Edit, OrderEdit } from '../../contract/entities/changes.ts';
import { prepare, type Writable } from '../db/database.ts';
import type { Aspect } from './image-cells.ts';
import type { NameCell } from './name-cells.ts';

/** Images by timeline, in the order of their selection. */
export type Timelines = ArrayLike<number>;

/** What a change will do, before anything is written. */
export interface Plan {
  edit: Edit | OrderEdit;
  /** Names for the sentence: see `Change`. */
  names: string[];
  aspects: Aspect[];
  cells: NameCell[];
  images: Timelines;
  /** Stores what the change does to some of its images, see `image-cells.ts`; those that it doesn't change are left out. */
  writes: CellWriter[];
  /** Stores cells of single images that are put before the others. They read `:change` only. */
  first?: CellWriter[];
  /** Images that came to be concerned while it was applied, a few. */
  late?(): number[];
}

/** An `INSERT INTO change_images`. It reads `:change`, and `:slice`: a JSON array of `[timeline, place in the selection]`. */
export interface CellWriter {
  sql: string;
  values: Record<string, string | number | null>;
}

/** The start of a writer's SQL. `cells`: SQL for the JSON, with the image as `i` and `s.value` as `[timeline, place]`. */
export function insertCells(cells: string, rest: string): string {
  return `INSERT INTO change_images (change, timeline, before) SELECT :change, i.timeline, ${cells}
    FROM json_each(:slice) s CROSS JOIN images i ON i.timeline = json_extract(s.value, '$[0]') ${rest} ON CONFLICT DO NOTHING`;
}

/** Stores the cells of some images. @param slice JSON: see {@link CellWriter} @returns how many images have cells now that had none */
export function writeCells(db: Writable, change: number, { writes }: Plan, slice: string): number {
  return sum(writes, ({ sql, values }) => prepare<[object]>(db, sql).run({ ...values, change, slice }).changes);
}

/** Returns as {@link writeCells}. */
export function writeFirstCells(db: Writable, change: number, { first = [] }: Plan): number {
  return sum(first, ({ sql, values }) => prepare<[object]>(db, sql).run({ ...values, change }).changes);
}

function sum(writers: readonly CellWriter[], write: (writer: CellWriter) => number): number {
  return writers.reduce((images, writer) => images + write(writer), 0);
}

/** Stores the cells of one image. */
export function cellsOf(timeline: number, cells: object): CellWriter {
  const sql =
    'INSERT INTO change_images (change, timeline, before) VALUES (:change, :timeline, :cells) ON CONFLICT DO NOTHING';
  return { sql, values: { timeline, cells: JSON.stringify(cells) } };
}
