import type { Job } from '../../electron/contract/entities.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';

/** A partial image of a job that ended before the picture came. */
export interface ReceivedPartial {
  /** `Partial 2 of 3`; with `, picture 2` behind it where several pictures were on their way. */
  name: string;
  /** Below `pictureBase`. */
  path: string;
  /** What the file is called when it is downloaded. */
  fileName: string;
}

/** Every partial image that stands for a picture which did not come, in order. Those of a picture that came are in its record. */
export function receivedPartials(job: Job): ReceivedPartial[] {
  const { output_format } = job.request.parameters as Partial<CreateParameters>;
  const ending = output_format == null ? 'png' : output_format === 'jpeg' ? 'jpg' : output_format;
  const several = job.generations.length > 1;
  return job.generations.flatMap(({ id, pictures, partials }, place) => {
    if (pictures.length > 0) return [];
    return partials.map(({ index }, position) => ({
      name: `Partial ${position + 1} of ${partials.length}${several ? `, picture ${place + 1}` : ''}`,
      path: `/partial/${id}/${index}`,
      fileName: `partial-${position + 1}-${id.slice(-12)}.${ending}`,
    }));
  });
}
