import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';

/** A partial image of a job that ended before the final image was received. */
export interface ReceivedPartial {
  /** `Partial 2 of 3`, followed by `, image 2` where the job has several images. */
  name: string;
  /** Path below `imageBase`. */
  path: string;
  /** File name for the download. */
  fileName: string;
}

/** Partial images of images that weren't received, in order. Those of received images are in their records. */
export function receivedPartials(job: Job): ReceivedPartial[] {
  const { output_format } = job.request.parameters as Partial<CreateParameters>;
  const ending = output_format == null ? 'png' : output_format === 'jpeg' ? 'jpg' : output_format;
  const several = job.generations.length > 1;
  return job.generations.flatMap(({ id, images, partials }, place) => {
    if (images.length > 0) return [];
    return partials.map(({ index }, position) => ({
      name: `Partial ${position + 1} of ${partials.length}${several ? `, image ${place + 1}` : ''}`,
      path: `/partial/${id}/${index}`,
      fileName: `partial-${position + 1}-${id.slice(-12)}.${ending}`,
    }));
  });
}
