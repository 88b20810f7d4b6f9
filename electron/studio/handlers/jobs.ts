import { notYet } from './not-yet.ts';
import type { Group, Rooms } from './rooms.ts';

export function jobHandlers({ queue }: Rooms): Group<'jobs'> {
  return {
    'jobs.create': ({ request }) => queue.create(request),
    'jobs.createBatch': () => notYet(),
    'jobs.batch': () => notYet(),
    'jobs.history': () => notYet(),
    'jobs.move': () => notYet(),
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
