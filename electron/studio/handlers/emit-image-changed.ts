import type { Image } from '../../contract/entities/images.ts';
import type { StudioEvent } from '../../contract/events.ts';
import type { JobService } from '../../jobs/job-service.ts';

/** Emits the job and the library events for an image that changed. */
export function emitImageChanged(
  queue: Pick<JobService, 'read'>,
  { jobId }: Pick<Image, 'jobId'>,
  emit: (event: StudioEvent) => void,
): void {
  const job = jobId && queue.read(jobId);
  if (job) emit({ type: 'job', job });
  emit({ type: 'library' });
}
