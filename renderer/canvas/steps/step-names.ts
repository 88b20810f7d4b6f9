import type { Image } from '../../../electron/contract/entities/images.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { parseSize } from '../../../electron/contract/rules/size-rules.ts';
import { shortenPrompt } from '../../state/prompt-names.ts';
import type { Size } from '../../stage/geometry.ts';

/** Ratios within this tolerance are equal: servers round sizes to multiples of 16. */
const SAME_RATIO = 0.02;

/** What a request changed. */
export type Change = 'Mask' | 'Markup' | 'Extend' | 'Crop' | 'Edit' | 'Variation' | 'Create';

/** A job's prompt; '' without one. */
export function promptOf(job: Job | null): string {
  return job === null || job.request.operation === 'variation' ? '' : job.request.parameters.prompt;
}

/** Whether a job is a variation, by either endpoint. */
export function isVariation({ request }: Job): boolean {
  return request.operation === 'variation' || (request.operation === 'edit' && request.variation === true);
}

/** What a job changes. `from`: the source's size; a different ratio means that a frame was set. */
export function changeOf(job: Job, from: Size | null): Change {
  if (isVariation(job)) return 'Variation';
  const { request } = job;
  if (request.operation !== 'edit') return 'Create';
  const roles = new Set(request.inputs.map(({ role }) => role));
  const to = sizeOf(job);
  if (from && to && !isSameRatio(from, to)) return roles.has('mask') ? 'Extend' : 'Crop';
  return roles.has('mask') ? 'Mask' : roles.has('markup') ? 'Markup' : 'Edit';
}

/** The size of an image as it is shown: of its masked result if there is one. */
export function shownSize(image: Image): Size {
  return image.strict?.state === 'done' ? image.strict : image;
}

/** A job's size: the requested one if known, so that it does not change when the first image is received. */
function sizeOf(job: Job): Size | null {
  const { size } = job.request.parameters;
  const asked = size == null ? null : parseSize(size);
  const first = job.generations.flatMap(({ images }) => images)[0];
  return asked ?? (first ? shownSize(first) : null);
}

function isSameRatio(one: Size, other: Size): boolean {
  const [a, b] = [one.width / one.height, other.width / other.height];
  // A damaged image may have no size.
  if (!(a > 0 && b > 0)) return true;
  return Math.abs(a / b - 1) <= SAME_RATIO;
}

/**
 * A node's name: the new words of its prompt, shortened; "Variation 3" for a variation.
 * @param place 1-based position among the job's images, or among all variations of one image
 */
export function stepName(job: Job, before: Job | null, place: number, several: boolean): string {
  if (isVariation(job)) return `Variation ${place}`;
  const name = shortenPrompt(promptOf(job), promptOf(before));
  return several ? `${name} ${place}` : name;
}
