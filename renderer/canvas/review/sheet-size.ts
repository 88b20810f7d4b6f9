import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { frameSize } from '../../progress/live-frames.ts';
import type { Size } from '../../stage/geometry.ts';
import { shownSize } from '../steps/step-names.ts';

/** The size of a job's images: of the first one received, or else the requested size, or the source's if the server chooses. */
export function sheetSize(job: Job, from: Size): Size {
  const first = job.generations.flatMap(({ images }) => images)[0];
  return first ? shownSize(first) : frameSize(job, from);
}
