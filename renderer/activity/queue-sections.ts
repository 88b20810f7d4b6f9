import type { BatchId, JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';

/** A row of the list: a job, or adjacent jobs of one batch. */
export interface QueueEntry {
  key: string;
  /** At least one; more only for a batch. */
  jobs: [Job, ...Job[]];
  batchId: BatchId | null;
}

export interface QueueSections {
  running: QueueEntry[];
  /** In the order they will be sent. */
  waiting: QueueEntry[];
  /** Failed and not dismissed, newest first. */
  needsAttention: QueueEntry[];
  /** Ended today without an open error, latest end first. */
  finished: QueueEntry[];
}

/** The sections of the queue. @param since start of today, ms since 1970 */
export function queueSections(
  open: readonly Job[],
  ended: readonly Job[],
  { order, since }: { order: readonly JobId[]; since: number },
): QueueSections {
  const place = new Map(order.map((id, index) => [id, index]));
  const isWaiting = (job: Job): boolean => job.finishedAt === null && (job.state === 'waiting' || place.has(job.id));
  // A job that isn't in `order` yet was created a moment ago.
  const waiting = open
    .filter(isWaiting)
    .sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || a.createdAt - b.createdAt);
  const needsAttention = open.filter((job) => job.finishedAt !== null);
  const shown = new Set(open.map(({ id }) => id));
  const finished = ended
    .filter((job) => (job.finishedAt ?? 0) >= since && !shown.has(job.id))
    .sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
  return {
    running: open.filter((job) => job.finishedAt === null && !isWaiting(job)).map(single),
    waiting: groupNeighbours(waiting),
    needsAttention: needsAttention.map(single).reverse(),
    finished: groupByBatch(finished),
  };
}

function single(job: Job): QueueEntry {
  return { key: job.id, jobs: [job], batchId: job.batchId };
}

/** Adjacent jobs of one batch become one entry. */
function groupNeighbours(jobs: readonly Job[]): QueueEntry[] {
  const entries: QueueEntry[] = [];
  for (const job of jobs) {
    const last = entries.at(-1);
    if (last && job.batchId !== null && last.batchId === job.batchId) last.jobs.push(job);
    else entries.push(single(job));
  }
  return entries;
}

/** All jobs of one batch become one entry, at the position of the first. */
function groupByBatch(jobs: readonly Job[]): QueueEntry[] {
  const entries: QueueEntry[] = [];
  for (const job of jobs) {
    const known = job.batchId === null ? undefined : entries.find(({ batchId }) => batchId === job.batchId);
    if (known) known.jobs.push(job);
    else entries.push(single(job));
  }
  return entries;
}
