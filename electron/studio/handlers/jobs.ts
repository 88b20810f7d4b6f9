import { readFinishedJobs, readJobHistory } from '../../library/jobs/job-history.ts';
import { listResponses } from '../../library/jobs/responses.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function jobHandlers({ queue, library }: HandlerContext): HandlerGroup<'jobs'> {
  return {
    'jobs.create': (input) => queue.create(input),
    'jobs.createBatch': (input) => queue.createBatch(input),
    'jobs.get': ({ jobId }) => queue.find(jobId),
    'jobs.getBatch': ({ batchId }) => queue.findBatch(batchId),
    'jobs.finished'(query) {
      const page = readFinishedJobs(library.db, query);
      return { ...page, jobs: page.jobs.map((job) => queue.withUnsaved(job)) };
    },
    'jobs.history'(query) {
      const page = readJobHistory(library.db, query);
      return { ...page, jobs: page.jobs.map((job) => queue.withUnsaved(job)) };
    },
    'jobs.move': ({ jobId, before }) => queue.move(jobId, before),
    'jobs.list': () => queue.list(),
    'jobs.listResponses': ({ jobId }) => listResponses(library.db, jobId),
    'jobs.cancel'({ jobId }) {
      queue.cancel(jobId);
      return null;
    },
    'jobs.saveAgain': ({ jobId }) => queue.saveAgain(jobId),
    'jobs.dismiss'({ jobId }) {
      queue.dismiss(jobId);
      return null;
    },
  };
}
