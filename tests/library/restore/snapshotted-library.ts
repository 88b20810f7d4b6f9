import { expect } from 'vitest';
import type { GenerationId, ImageId } from '../../../electron/contract/entities/ids.ts';
import { jobOutcome } from '../../../electron/contract/rules/job-outcome.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { saveImage } from '../../../electron/library/images/save-image.ts';
import { finishGeneration, markSent } from '../../../electron/library/jobs/generations.ts';
import { dismissJob, finishJob, readEndedRequests, startJob } from '../../../electron/library/jobs/jobs.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { makeSnapshot } from '../../../electron/library/snapshots/make-snapshot.ts';
import { importedImage } from '../imported-image.ts';
import { openOrder } from '../order/order-fixtures.ts';
import { endedImage } from '../rebuild/ended-requests.ts';
import { furnished } from '../rebuild/furnished-library.ts';
import { rowsOf } from '../rebuild/library-rows.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { intentFor, receiveFile, recordRequest, smallPng } from '../test-library.ts';

/** When the snapshot was made. */
export const SNAPSHOT_AT = Date.UTC(2026, 11, 1, 12);

export interface Snapshotted {
  folder: string;
  /** The snapshot's name. */
  name: string;
  /** An image that was rated 5 when it was made, and 1 since. */
  rated: ImageId;
  /** The request that wasn't finished when it was made, and is since. */
  finished: GenerationId;
  /** All rows at the end. */
  rows: Record<string, unknown[]>;
}

/** A library with one of everything and a snapshot, with more that came since; closed. */
export async function snapshotted(): Promise<Snapshotted> {
  const { folder } = await furnished();
  const library = await openLibrary(folder, sharedDecoding);
  const { db } = library;
  const rated = db.prepare<[], ImageId>('SELECT id FROM images WHERE rating = 5').pluck().get();
  if (rated === undefined) throw new Error('A rated image.');
  const intent = intentFor('finished later', { n: 2, createdAt: SNAPSHOT_AT - 2000 });
  const finished = recordRequest(library, intent);
  startJob(db, intent.id, SNAPSHOT_AT - 1000);
  markSent(db, finished, SNAPSHOT_AT - 1000);
  await save(library, finished, 0);
  const { name } = await makeSnapshot(folder, { reason: 'manual', now: SNAPSHOT_AT });

  await save(library, finished, 1);
  const at = SNAPSHOT_AT + 5000;
  const ended = { state: 'done', at, answer: { created: 1 }, requestId: 'r', status: 200, billing: 'billed' } as const;
  finishGeneration(db, finished, { ...ended, error: null });
  finishJob(db, intent.id, { ...jobOutcome(readEndedRequests(db, intent.id)), at });
  dismissJob(db, intent.id);
  await endedImage(library, 'a newer fox');
  await importedImage(library, { prompt: 'a newer photo', model: 'sd_xl', at: SNAPSHOT_AT });
  const { apply } = openOrder(library);
  await apply([rated], { kind: 'rate', rating: 1 });
  await backfill(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
  const rows = rowsOf(library);
  library.close();
  return { folder, name, rated, finished, rows };
}

async function save(library: Library, generationId: GenerationId, position: number): Promise<void> {
  const file = await receiveFile(library, await smallPng());
  await saveImage(library, { generationId, position, file, revisedPrompt: null, at: SNAPSHOT_AT + position * 3000 });
}
