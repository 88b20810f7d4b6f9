import type { JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { retryOf } from '../../electron/contract/rules/retry-request.ts';
import type { RequestSender } from './request-sender.svelte.ts';

/**
 * Sends what is missing of a job again, as a new job that is billed separately, and dismisses the old one.
 * @param clicks `event.detail` of the click; 0 for a key
 * @returns the new job; null where it was refused, ignored as a repeated click, or where that is not known yet
 */
export async function retryJob(sender: RequestSender, job: Job, clicks: number): Promise<JobId | null> {
  const press = sender.press(retryKey(job), clicks);
  if (press === null) return null;
  const replaces = job.error !== null && !job.dismissed ? job.id : null;
  const ids = await sender.submit({ request: retryOf(job).request }, press, { retryOf: job.id, replaces });
  return ids?.[0] ?? null;
}

/** What a press on a job's *Retry* asks for, whichever button it is. */
export function retryKey({ id }: Job): string {
  return `retry ${id}`;
}
