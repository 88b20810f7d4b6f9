import { pageHistory } from '../../library/jobs/job-history.ts';
import type { Group, Rooms } from './context.ts';

export function jobHandlers({ queue, library }: Rooms): Group<'jobs'> {
  return {
    'jobs.create': (wish) => queue.create(wish),
    'jobs.createBatch': (wish) => queue.createBatch(wish),
    'jobs.batch': ({ batchId }) => queue.batch(batchId),
    'jobs.history': (query) => pageHistory(library.db, query),
    'jobs.move': ({ jobId, before }) => queue.move(jobId, before),
    'jobs.list': () => queue.list(),
    'jobs.cancel'({ jobId }) {
      queue.cancel(jobId);
      return null;
    },
    'jobs.dismiss'({ jobId }) {
      queue.dismiss(jobId);
      return null;
    },
  };
}
