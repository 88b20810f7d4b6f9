import type { TrashTotals } from '../../contract/entities/changes.ts';
import { counter } from '../db/counters.ts';
import type { Readable } from '../db/database.ts';

/** What is in the trash, as triggers count it. */
export function readTrashTotals(db: Readable): TrashTotals {
  return { images: counter(db, 'trash'), bytes: counter(db, 'trash-bytes') };
}
