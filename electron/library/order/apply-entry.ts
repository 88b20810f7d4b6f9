import { prepare, transact, type Readable, type Writable } from '../db/database.ts';
import { countLeft, putCells, type CellRange, type Direction } from './image-cells.ts';
import { insertEntry, updateEntry, type Entry, type Inverse } from './journal.ts';
import { putNames, removeNames } from './name-cells.ts';
import { writeCells, writeFirstCells, type Plan } from './plan.ts';

/** All images of a change. */
const everything = (change: number): CellRange => ({ change, first: 0, last: Number.MAX_SAFE_INTEGER });

/** The beginning of a change: its entry, its tags and collections, and what comes before the slices. Call it in a transaction. */
export function beginEntry(db: Writable, plan: Plan, head: Pick<Entry, 'id' | 'state' | 'at'>): Entry {
  const { names, aspects, cells, edit } = plan;
  const inverse: Inverse = { names, aspects, cells, touched: 0, left: 0 };
  const sequence = insertEntry(db, { ...head, edit, inverse, images: plan.images.length });
  putNames(db, cells, 'forward');
  const touched = writeFirstCells(db, sequence, plan);
  putCells(db, everything(sequence), aspects, 'forward');
  return { ...head, sequence, edit, inverse: { ...inverse, touched }, images: plan.images.length, undoneAt: null };
}

/** Applies a change to images, `[timeline, place][]`. Call it in a transaction. @returns how many of them it changed */
export function applySlice(
  db: Writable,
  { sequence }: Entry,
  plan: Plan,
  slice: readonly (readonly [number, number])[],
): number {
  const timelines = slice.map(([timeline]) => timeline);
  if (timelines.length === 0) return 0;
  const touched = writeCells(db, sequence, plan, JSON.stringify(slice));
  const range = { change: sequence, first: Math.min(...timelines), last: Math.max(...timelines) };
  putCells(db, range, plan.aspects, 'forward');
  return touched;
}

/** The end of a change. Call it in a transaction. @param applied images that its slices changed */
export function finishEntry(db: Writable, entry: Entry, plan: Plan, applied: number): Entry {
  const late = (plan.late?.() ?? []).map((timeline, place) => [timeline, place] as const);
  const touched = entry.inverse.touched + applied + applySlice(db, entry, plan, late);
  removeNames(db, plan.cells, 'forward');
  const done = { ...entry, state: 'done' as const, inverse: { ...entry.inverse, touched } };
  updateEntry(db, done);
  return done;
}

/** Applies a change of a few images in one transaction. Null: it changed nothing, and isn't kept. */
export function applyAtOnce(db: Writable, plan: Plan, head: Pick<Entry, 'id' | 'at'>): Entry | null {
  return transact(db, () => {
    const entry = beginEntry(db, plan, { ...head, state: 'done' });
    const images = Array.from(plan.images, (timeline, place) => [timeline, place] as const);
    const done = finishEntry(db, entry, plan, applySlice(db, entry, plan, images));
    if (done.inverse.touched > 0 || plan.cells.length > 0) return done;
    prepare<[number]>(db, 'DELETE FROM changes WHERE sequence = ?').run(done.sequence);
    return null;
  });
}

/** Number of images whose values a change of a few images holds. */
function touchedBy(db: Readable, sequence: number): number {
  return (
    prepare<[number], { n: number }>(db, 'SELECT count(*) AS n FROM change_images WHERE change = ?').get(sequence)?.n ??
    0
  );
}

/** Undoes or redoes a change of a few images in one transaction. */
export function putAtOnce(db: Writable, entry: Entry, direction: Direction, at: number): Entry {
  return transact(db, () => {
    const { sequence, inverse } = entry;
    putNames(db, inverse.cells, direction);
    const gone = inverse.touched - touchedBy(db, sequence);
    const left = gone + countLeft(db, everything(sequence), inverse.aspects, direction);
    putCells(db, everything(sequence), inverse.aspects, direction);
    return settleEntry(db, { ...entry, inverse: { ...inverse, left } }, direction, at);
  });
}

/** The end of an undo or a redo. Call it in a transaction. */
export function settleEntry(db: Writable, entry: Entry, direction: Direction, at: number): Entry {
  removeNames(db, entry.inverse.cells, direction);
  const undone = direction === 'back';
  const settled: Entry = { ...entry, state: undone ? 'undone' : 'done', undoneAt: undone ? at : null };
  updateEntry(db, settled);
  return settled;
}
