import { transact, type Writable } from '../db/database.ts';
import { settleEntry } from './apply-entry.ts';
import { putCells } from './image-cells.ts';
import { listUnfinished, pageOfCells, removeEntryPiece, type Entry } from './journal.ts';
import { putNames, removeNames } from './name-cells.ts';

/** Images at once: about 50 ms. Nothing is shown yet. */
const PIECE = 5000;

/**
 * Reverts the changes that a crash interrupted, each as a whole, before anything of the library is shown. One that was being applied for the
 * first time is forgotten; the others are undone. A crash here leaves them unfinished for the next start. Emptying the trash goes on instead:
 * see `empty-trash.ts`.
 */
export function revertUnfinished(db: Writable): void {
  for (const entry of listUnfinished(db)) if (entry.edit.kind !== 'empty') revert(db, entry);
}

function revert(db: Writable, entry: Entry): void {
  const { sequence, inverse, undoneAt } = entry;
  transact(db, () => putNames(db, inverse.cells, 'back'));
  for (let page = pageOfCells(db, sequence, -1, PIECE); page; page = pageOfCells(db, sequence, page.last, PIECE)) {
    const { first, last } = page;
    transact(db, () => putCells(db, { change: sequence, first, last }, inverse.aspects, 'back'));
  }
  if (undoneAt !== null) {
    transact(db, () => settleEntry(db, entry, 'back', undoneAt));
    return;
  }
  // It stays unfinished until it is gone: what is left of it must not be done again.
  transact(db, () => removeNames(db, inverse.cells, 'back'));
  while (removeEntryPiece(db, sequence));
}
