import type { Image } from '../../../electron/contract/entities/images.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';

/** Whether a job has ended with images, and their strict masks, if requested, are applied. */
export function isComplete({ state, request, generations }: Job): boolean {
  const images = generations.flatMap((generation) => generation.images);
  if (state === 'waiting' || state === 'running' || images.length === 0) return false;
  return request.operation !== 'edit' || !request.strict || images.every(({ strict }) => strict !== undefined);
}

/** The jobs with the new state of one of them; a new one is the last. */
export function withJob(jobs: readonly Job[], job: Job): readonly Job[] {
  const position = jobs.findIndex(({ id }) => id === job.id);
  return position === -1 ? [...jobs, job] : jobs.with(position, job);
}

/** The job with the new state of one of its images. */
export function withImage(job: Job, image: Image): Job {
  const generations = job.generations.map((generation) => ({
    ...generation,
    images: generation.images.map((known) => (known.id === image.id ? image : known)),
  }));
  return { ...job, generations };
}
