import type { Edit } from '../../contract/entities/changes.ts';
import type { ChangeId } from '../../contract/entities/ids.ts';
import { prepare, transact, type Writable } from '../db/database.ts';
import { syncCommits, transactUnsynced } from '../db/unsynced.ts';
import type { Library } from '../files/library-handle.ts';
import { concernedBy } from './concerned.ts';
import { deleteImages } from './delete-images.ts';
import {
  insertEntry,
  listUnfinished,
  pageOfCells,
  removeCellsPiece,
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
  /**
   * Images that were moved to the trash after it, ms since 1970, aren't meant. Those with a time that is still to come are: the clock was ahead
   * when they were moved, and was set back before this was asked.
   */
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
  let deleted = 0;
  try {
    if (!(await listImages(db, entry, emptying, control))) return await forget(db, entry);
    await syncCommits(db);
    const touched = declareComplete(db, entry);
    if (touched === 0) return await forget(db, entry);
    const listed = { ...entry, images: touched, inverse: { ...inverse, touched } };
    const whole = await inSlices(
      (size) => {
        const next = deleteNext(db, listed, size);
        deleted += next.deleted;
        control.progress(toChange(listed), deleted);
        return next.listed;
      },
      control.isStopped,
      control.rest,
    );
    if (!whole && control.isAbandoned()) return { change: toChange(listed), concerned: null };
    await syncCommits(db);
    const ended = await finish(db, listed, deleted);
    await finishRemovals(library, control.isAbandoned);
    return { change: toChange(ended), concerned: concernedBy(ended) };
  } catch (thrown) {
    // What is listed and not deleted stays in the trash.
    await finish(db, entry, deleted);
    throw thrown;
  }
}

/** Continues what a crash interrupted. Files follow later: see {@link finishRemovals}. */
export function finishEmptying(db: Writable): void {
  for (const entry of listUnfinished(db)) {
    if (entry.edit.kind !== 'empty') continue;
    if (entry.inverse.touched === 0) while (removeEntryPiece(db, entry.sequence));
    else {
      while (deleteNext(db, entry, AT_START).listed > 0);
      declareFinal(db, entry, entry.inverse.touched);
    }
  }
}
const AT_START = 1000;

async function listImages(
  db: Writable,
  { sequence }: Entry,
  { at, images, until }: Emptying,
  control: Control,
): Promise<boolean> {
  let done = 0;
  // With the time at which it was moved to the trash: one that is moved there again later isn't meant.
  const sql = `INSERT INTO change_images (change, timeline, before) SELECT ?, i.timeline, json_object('deleted_at', i.deleted_at)
    FROM json_each(?) s CROSS JOIN images i ON i.timeline = s.value
    WHERE i.deleted_at <= ? OR i.deleted_at > ? ON CONFLICT DO NOTHING`;
  return inSlices(
    (size) => {
      const slice = Array.from({ length: Math.min(size, images.length - done) }, (_, at) => images[done + at]);
      // It may have waited for other changes: what was moved to the trash meanwhile isn't of a time that is still to come.
      const now = Math.max(at, Date.now());
      transactUnsynced(db, () =>
        prepare<[number, string, number, number]>(db, sql).run(sequence, JSON.stringify(slice), until, now),
      );
      done += slice.length;
      return slice.length;
    },
    control.isStopped,
    control.rest,
  );
}

function declareComplete(db: Writable, entry: Entry): number {
  return transact(db, () => {
    const sql = 'SELECT count(*) AS n FROM change_images WHERE change = ?';
    const touched = prepare<[number], { n: number }>(db, sql).get(entry.sequence)?.n ?? 0;
    updateEntry(db, { ...entry, images: touched, inverse: { ...entry.inverse, touched } });
    return touched;
  });
}

/**
 * Deletes the next images of the list, with their entries in it; those that have left the trash since stay, and aren't counted in `entry`
 * any more. Returns how many entries there were, and how many images were deleted.
 */
function deleteNext(db: Writable, entry: Entry, size: number): { listed: number; deleted: number } {
  const { sequence } = entry;
  const page = pageOfCells(db, sequence, -1, size);
  if (!page) return { listed: 0, deleted: 0 };
  return transactUnsynced(db, () => {
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
    const deleted = timelines.length;
    if (deleted === page.count) return { listed: deleted, deleted };
    entry.inverse = { ...entry.inverse, touched: entry.inverse.touched - (page.count - deleted) };
    updateEntry(db, entry);
    return { listed: page.count, deleted };
  });
}

/** The end. Images that are still listed stay in the trash. */
async function finish(db: Writable, entry: Entry, deleted: number): Promise<Entry> {
  const ended = declareFinal(db, entry, deleted);
  await inSlices(
    (size) => (removeCellsPiece(db, entry.sequence) ? size : 0),
    () => false,
  );
  return ended;
}

/** Says how many were deleted. Nothing of it can be undone, and nothing more is deleted. */
function declareFinal(db: Writable, entry: Entry, images: number): Entry {
  const ended: Entry = { ...entry, state: 'final', images, inverse: { ...entry.inverse, touched: 0 } };
  transact(db, () => updateEntry(db, ended));
  return ended;
}

async function forget(db: Writable, entry: Entry): Promise<Ended> {
  await inSlices(
    (size) => (removeEntryPiece(db, entry.sequence) ? size : 0),
    () => false,
  );
  return { change: { ...toChange(entry), state: 'undone', applied: 0 }, concerned: null };
}
