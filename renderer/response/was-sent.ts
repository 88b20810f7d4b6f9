import type { Job } from '../../electron/contract/entities/jobs.ts';

/** Whether a request of the job has left, so that there may be a response to show. */
export function wasSent({ generations }: Job): boolean {
  return generations.some(({ sentAt, error }) => sentAt !== null || error?.server !== undefined);
}
