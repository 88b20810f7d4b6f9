import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';

/** A partial image of a job that ended before the image came. */
export interface ReceivedPartial {
  /** `Partial 2 of 3`; with `, image 2` behind it where several images were on their way. */
  name: string;
  /** Below `imageBase`. */
  path: string;
  /** What the file is called when it is downloaded. */
  fileName: string;
}

/** Every partial image that stands for an image which did not come, in order. Those of an image that came are in its record. */
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
