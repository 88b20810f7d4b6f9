import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { frameSize } from '../../progress/live-frames.ts';
import type { Size } from '../../stage/geometry.ts';
import { shownSize } from '../steps/step-names.ts';

/** What the images of a click measure, or will as far as is known; those whose size the server chooses are thought to be like the first image. */
export function sheetSize(job: Job, from: Size): Size {
  const first = job.generations.flatMap(({ images }) => images)[0];
  return first ? shownSize(first) : frameSize(job, from);
}
