import type { Image } from '../../../electron/contract/entities/images.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { parseSize } from '../../../electron/contract/rules/size-rules.ts';
import type { Size } from '../../stage/geometry.ts';

/** Longest name of a node, characters; longer ones end at a word. */
const MAX_NAME_LENGTH = 26;
/** Ratios within this tolerance are equal: servers round sizes to multiples of 16. */
const SAME_RATIO = 0.02;
/** Words that a name does not end with. */
const SMALL = new Set('a an and as at by for from in into of on or the to with'.split(' '));

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

/** Shortens a prompt to a few words, without those of the earlier prompt unless nothing would be left. */
export function shortenPrompt(prompt: string, earlier: string): string {
  const [old, words] = [wordsOf(earlier).map(bare), wordsOf(prompt)];
  const known = new Set(old);
  const still = new Set(words.map(bare));
  const fresh = words.filter((word) => !known.has(bare(word)));
  // A new prompt is named by its beginning.
  const changed = fresh.length > 0 && old.filter((word) => still.has(word)).length * 2 >= old.length;
  const source = changed ? fresh : words;
  const kept: string[] = [];
  for (const word of source) {
    if (kept.length > 0 && [...kept, word].join(' ').length > MAX_NAME_LENGTH) break;
    kept.push(word);
    // The first clause is the name.
    if (kept.length > 1 && /[.,;:!?]$/u.test(word)) break;
  }
  while (kept.length > 1 && SMALL.has(bare(kept.at(-1) ?? ''))) kept.pop();
  const text = kept.join(' ').replace(/[\s.,;:!?–-]+$/u, '');
  if (text === '') return 'Untitled';
  const cut = text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH - 1)}…` : text;
  return cut.charAt(0).toUpperCase() + cut.slice(1);
}

const wordsOf = (text: string): string[] => text.match(/\S+/gu) ?? [];
const bare = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
