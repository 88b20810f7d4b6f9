import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { jobFrames, type Frame } from '../../progress/live-frames.ts';

/** The image of a running job to show: the first pending one with a partial image, or else the first pending one. */
export function liveFrame(job: Job): Frame | undefined {
  const frames = jobFrames(job);
  const coming = frames.filter(({ image, error }) => image === null && error === null);
  return coming.find(({ partials }) => partials.length > 0) ?? coming[0] ?? frames.at(-1);
}

/** URL of a job's newest partial image; null before the first. */
export function newestPartial(job: Job, host: HostInfo): string | null {
  const partial = liveFrame(job)?.partials.at(-1);
  return partial ? `${host.imageBase}/partial/${partial.generationId}/${partial.index}` : null;
}

/** URL of the mask that was sent with a job; null without one. */
export function maskOf({ request }: Job, host: HostInfo): string | null {
  const inputs = request.operation === 'create' ? [] : request.inputs;
  const mask = inputs.find(({ role }) => role === 'mask');
  return mask ? `${host.imageBase}/input/${mask.sha256}` : null;
}
