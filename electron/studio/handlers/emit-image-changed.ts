import type { Picture } from '../../contract/entities.ts';
import type { StudioEvent } from '../../contract/events.ts';
import type { Queue } from '../../jobs/job-service.ts';

/** Tells that something of a picture is new which its job and the library's pages show. */
export function tellPicture(
  queue: Pick<Queue, 'read'>,
  { jobId }: Pick<Picture, 'jobId'>,
  announce: (event: StudioEvent) => void,
): void {
  const job = queue.read(jobId);
  if (job) announce({ type: 'job', job });
  announce({ type: 'library' });
}
