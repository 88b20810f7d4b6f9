import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { jobFrames, type Frame } from '../../progress/live-frames.ts';

/** The image of a job that is looked at while it is made: the first that has not come yet and of which something can be seen. */
export function liveFrame(job: Job): Frame | undefined {
  const frames = jobFrames(job);
  const coming = frames.filter(({ image, error }) => image === null && error === null);
  return coming.find(({ partials }) => partials.length > 0) ?? coming[0] ?? frames.at(-1);
}

/** The address of the newest partial image of a job; null before there is one. */
export function newestPartial(job: Job, host: HostInfo): string | null {
  const partial = liveFrame(job)?.partials.at(-1);
  return partial ? `${host.imageBase}/partial/${partial.generationId}/${partial.index}` : null;
}

/** The mask that went out with a job; null without one. */
export function maskOf({ request }: Job, host: HostInfo): string | null {
  const inputs = request.operation === 'create' ? [] : request.inputs;
  const mask = inputs.find(({ role }) => role === 'mask');
  return mask ? `${host.imageBase}/input/${mask.sha256}` : null;
}
