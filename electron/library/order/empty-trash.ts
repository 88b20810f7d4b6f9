import type { Edit } from '../../contract/entities/changes.ts';
import type { ChangeId } from '../../contract/entities/ids.ts';
import { prepare, transact, type Writable } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import { concernedBy } from './concerned.ts';
import { deleteImages } from './delete-images.ts';
import {
  insertEntry,
  listUnfinished,
  pageOfCells,
  removeEntryPiece,
  toChange,
  updateEntry,
  type Entry,
} from './journal.ts';
import type { Control, Ended } from './long-change.ts';
import type { Timelines } from './plan.ts';
import { finishRemovals } from './removals.ts';
import { inSlices } from './slices.ts';

/*
 * Deleting for good has two parts. First all images are listed in `change_images`, and the list is declared complete (`touched`): a crash
 * before that deletes nothing. Then they are deleted in slices, and a crash in between is continued by the next start before it shows anything.
 * Files are deleted last, when no row names them any more: see `removals.ts`.
 */

interface Emptying {
  id: ChangeId;
  at: number;
  edit: Extract<Edit, { kind: 'empty' }>;
  images: Timelines;
  /** Images that were moved to the trash after it, ms since 1970, aren't meant. */
  until: number;
}

/** Deletes images in the trash for good. Others of the selection stay. If it is cancelled, what isn't deleted yet stays in the trash. */
export async function emptyLong(
  library: Pick<Library, 'db' | 'folder'>,
  emptying: Emptying,
  control: Control,
): Promise<Ended> {
  const { db } = library;
  const { id, at, edit, images } = emptying;
  const inverse = { names: [], aspects: [], cells: [], touched: 0, left: 0 };
  const head = { id, at, edit, state: 'applying' as const, inverse, images: images.length };
  const sequence = transact(db, () => insertEntry(db, head));
  const entry: Entry = { ...head, sequence, undoneAt: null };
  try {
    if (!(await listImages(db, entry, emptying, control))) return await forget(db, entry);
    const touched = declareComplete(db, entry);
    if (touched === 0) return await forget(db, entry);
    const listed = { ...entry, images: touched, inverse: { ...inverse, touched } };
    const whole = await inSlices((size) => {
      const deleted = deleteNext(db, listed, size);
      control.progress(toChange(listed), touched - remaining(db, sequence));
      return deleted;
    }, control.isStopped);
    if (!whole && control.isAbandoned()) return { change: toChange(listed), concerned: null };
    const ended = finish(db, listed);
    await finishRemovals(library, control.isAbandoned);
    return { change: toChange(ended), concerned: concernedBy(ended) };
  } catch (thrown) {
    // What is listed and not deleted stays in the trash.
    finish(db, { ...entry, inverse: { ...inverse, touched: images.length } });
    throw thrown;
  }
}

/** Continues what a crash interrupted. Files follow later: see {@link finishRemovals}. */
export function finishEmptying(db: Writable): void {
  for (const entry of listUnfinished(db)) {
    if (entry.edit.kind !== 'empty') continue;
    if (entry.inverse.touched === 0) while (removeEntryPiece(db, entry.sequence));
    else {
      while (deleteNext(db, entry, AT_START) > 0);
      finish(db, entry);
    }
  }
}
const AT_START = 1000;

async function listImages(
  db: Writable,
  { sequence }: Entry,
  { images, until }: Emptying,
  control: Control,
): Promise<boolean> {
  let done = 0;
  // With the time at which it was moved to the trash: one that is moved there again later isn't meant.
  const sql = `INSERT INTO change_images (change, timeline, before) SELECT ?, i.timeline, json_object('deleted_at', i.deleted_at)
    FROM json_each(?) s CROSS JOIN images i ON i.timeline = s.value WHERE i.deleted_at <= ? ON CONFLICT DO NOTHING`;
  return inSlices((size) => {
    const slice = Array.from({ length: Math.min(size, images.length - done) }, (_, at) => images[done + at]);
    transact(db, () => prepare<[number, string, number]>(db, sql).run(sequence, JSON.stringify(slice), until));
    done += slice.length;
    return slice.length;
  }, control.isStopped);
}

function declareComplete(db: Writable, entry: Entry): number {
  return transact(db, () => {
    const touched = remaining(db, entry.sequence);
    updateEntry(db, { ...entry, images: touched, inverse: { ...entry.inverse, touched } });
    return touched;
  });
}

function remaining(db: Writable, sequence: number): number {
  return (
    prepare<[number], { n: number }>(db, 'SELECT count(*) AS n FROM change_images WHERE change = ?').get(sequence)?.n ??
    0
  );
}

/**
 * Deletes the next images of the list, with their entries in it; those that have left the trash since stay, and aren't counted in `entry`
 * any more. Returns how many entries there were.
 */
function deleteNext(db: Writable, entry: Entry, size: number): number {
  const { sequence } = entry;
  const page = pageOfCells(db, sequence, -1, size);
  if (!page) return 0;
  transact(db, () => {
    const range = { change: sequence, first: page.first, last: page.last };
    const inRange = 'change = :change AND timeline BETWEEN :first AND :last';
    const sql = `SELECT i.timeline FROM (SELECT timeline, before FROM change_images WHERE ${inRange}) c
      CROSS JOIN images i ON i.timeline = c.timeline WHERE i.deleted_at = json_extract(c.before, '$.deleted_at')`;
    const timelines = prepare<[object], { timeline: number }>(db, sql).all(range);
    prepare<[object]>(db, `DELETE FROM change_images WHERE ${inRange}`).run(range);
    deleteImages(
      db,
      timelines.map(({ timeline }) => timeline),
    );
    if (timelines.length === page.count) return;
    entry.inverse = { ...entry.inverse, touched: entry.inverse.touched - (page.count - timelines.length) };
    updateEntry(db, entry);
  });
  return page.count;
}

/** The end: how many were deleted. Nothing of it can be undone. */
function finish(db: Writable, entry: Entry): Entry {
  return transact(db, () => {
    const left = remaining(db, entry.sequence);
    prepare<[number]>(db, 'DELETE FROM change_images WHERE change = ?').run(entry.sequence);
    const images = Math.max(0, entry.inverse.touched - left);
    const ended: Entry = { ...entry, state: 'final', images, inverse: { ...entry.inverse, touched: 0 } };
    updateEntry(db, ended);
    return ended;
  });
}

async function forget(db: Writable, entry: Entry): Promise<Ended> {
  await inSlices(
    (size) => (removeEntryPiece(db, entry.sequence) ? size : 0),
    () => false,
  );
  return { change: { ...toChange(entry), state: 'undone', applied: 0 }, concerned: null };
}
