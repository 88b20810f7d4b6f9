import type { ChangeId } from '../../contract/entities/ids.ts';
import { transact, type Writable } from '../db/database.ts';
import { syncCommits, transactUnsynced } from '../db/unsynced.ts';
import { applySlice, beginEntry, finishEntry, settleEntry } from './apply-entry.ts';
import { concernedBy } from './concerned.ts';
import { countLeft, putCells, type CellRange, type Direction } from './image-cells.ts';
import { pageOfCells, removeEntryPiece, toChange, updateEntry, type Entry } from './journal.ts';
import type { Control, Ended } from './long-change.ts';
import { putNames, removeNames } from './name-cells.ts';
import { orderImages } from './order-images.ts';
import type { Plan, Timelines } from './plan.ts';
import { inSlices } from './slices.ts';

/** A change that is about to be made. `plan` is called right before it begins, with nothing in between. */
export interface Intended {
  id: ChangeId;
  at: number;
  images: Timelines;
  plan(): Plan;
}

/**
 * Applies a change of many images in slices. If it is cancelled or fails, it is reverted as a whole. Only its beginning and its end are
 * synced: a power cut undoes the last slices, and the next start the others.
 */
export async function applyLong(
  db: Writable,
  { id, at, images, plan: makePlan }: Intended,
  control: Control,
): Promise<Ended> {
  const placed = await orderImages(images);
  const plan = makePlan();
  const entry = transact(db, () => beginEntry(db, plan, { id, at, state: 'applying' }));
  let [done, applied] = [0, 0];
  try {
    const whole = await inSlices(
      (size) => {
        const slice = placed.slice(done, done + size);
        applied += transactUnsynced(db, () => applySlice(db, entry, plan, slice));
        done += slice.length;
        control.progress(toChange(entry), done);
        return slice.length;
      },
      control.isStopped,
      control.rest,
    );
    if (whole) {
      await syncCommits(db);
      const finished = transact(db, () => finishEntry(db, entry, plan, applied));
      return { change: toChange(finished), concerned: concernedBy(finished) };
    }
  } catch (thrown) {
    if (!control.isAbandoned()) await takeBack(db, entry, control);
    throw thrown;
  }
  if (!control.isAbandoned()) await takeBack(db, entry, control);
  return { change: { ...toChange(entry), state: 'undone', applied: 0 }, concerned: concernedBy(entry) };
}

/** Reverts a change that wasn't finished, and forgets it; where the application closes meanwhile, the next start does. */
async function takeBack(db: Writable, entry: Entry, control: Control): Promise<void> {
  const reverting: Entry = { ...entry, state: 'reverting' };
  transact(db, () => updateEntry(db, reverting));
  const { whole } = await putInSlices(db, reverting, 'back', control);
  // The application closes: the next start needs what is left of it.
  if (!whole) return;
  transact(db, () => removeNames(db, entry.inverse.cells, 'back'));
  await inSlices(
    (size) => (removeEntryPiece(db, entry.sequence) ? size : 0),
    () => false,
    control.rest,
  );
}

/** Undoes or redoes a change of many images in slices. An undo can't be cancelled. */
export async function putLong(
  db: Writable,
  { entry, direction, at }: { entry: Entry; direction: Direction; at: number },
  control: Control,
): Promise<Ended> {
  const back = direction === 'back';
  const running: Entry = { ...entry, state: back ? 'reverting' : 'applying', undoneAt: back ? at : entry.undoneAt };
  transact(db, () => updateEntry(db, running));
  const { left, whole } = await putInSlices(db, running, direction, control).catch(async (thrown: unknown) => {
    // As it was, or the next start sees to it.
    const taken = await putInSlices(db, running, back ? 'forward' : 'back', control);
    if (taken.whole) transact(db, () => settleEntry(db, running, back ? 'forward' : 'back', at));
    throw thrown;
  });
  if (!whole) {
    if (!control.isAbandoned()) {
      const taken = await putInSlices(db, { ...running, state: 'reverting' }, 'back', control);
      if (taken.whole) transact(db, () => settleEntry(db, running, 'back', entry.undoneAt ?? at));
    }
    return { change: toChange(entry), concerned: concernedBy(entry) };
  }
  const settled = transact(db, () =>
    settleEntry(db, { ...running, inverse: { ...entry.inverse, left } }, direction, at),
  );
  return { change: toChange(settled), concerned: concernedBy(settled) };
}

/** @returns images that were left as they are; `whole`: false if it was stopped */
async function putInSlices(
  db: Writable,
  entry: Entry,
  direction: Direction,
  control: Control,
): Promise<{ left: number; whole: boolean }> {
  const { sequence, inverse, images } = entry;
  let [last, seen, left] = [-1, 0, 0];
  transact(db, () => putNames(db, inverse.cells, direction));
  const slice = (size: number): number => {
    const page = pageOfCells(db, sequence, last, size);
    if (!page) return 0;
    const range: CellRange = { change: sequence, first: page.first, last: page.last };
    transactUnsynced(db, () => {
      left += countLeft(db, range, inverse.aspects, direction);
      putCells(db, range, inverse.aspects, direction);
    });
    last = page.last;
    seen += page.count;
    control.progress(toChange(entry), direction === 'back' ? Math.max(0, images - seen) : seen);
    return page.count;
  };
  // What goes back is finished, unless the application closes.
  const whole = await inSlices(slice, direction === 'back' ? control.isAbandoned : control.isStopped, control.rest);
  await syncCommits(db);
  return { left: left + Math.max(0, inverse.touched - seen), whole };
}
