import type { Image } from '../../../electron/contract/entities/images.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { parseSize } from '../../../electron/contract/rules/parameter-rules.ts';
import type { Size } from '../../stage/geometry.ts';

/** The longest name of a node, in characters; what is longer ends at a word. */
const MAX_NAME_LENGTH = 26;
/** Sides that differ by less than this share have one ratio: servers round sizes to multiples of 16. */
const SAME_RATIO = 0.02;
/** A name does not end with one of these. */
const SMALL = new Set('a an and as at by for from in into of on or the to with'.split(' '));

/** What a request changed of the image that it was sent from. */
export type Change = 'Mask' | 'Markup' | 'Extend' | 'Crop' | 'Edit' | 'Variation' | 'Create';

/** The prompt of a job, '' where it has none. */
export function promptOf(job: Job | null): string {
  return job === null || job.request.operation === 'variation' ? '' : job.request.parameters.prompt;
}

/** True for a variation, by whichever endpoint. */
export function isVariation({ request }: Job): boolean {
  return request.operation === 'variation' || (request.operation === 'edit' && request.variation === true);
}

/** What a job changes. `from`: the size of the image that it was sent from; another ratio than that was made by the frame. */
export function changeOf(job: Job, from: Size | null): Change {
  if (isVariation(job)) return 'Variation';
  const { request } = job;
  if (request.operation !== 'edit') return 'Create';
  const roles = new Set(request.inputs.map(({ role }) => role));
  const to = sizeOf(job);
  if (from && to && !isSameRatio(from, to)) return roles.has('mask') ? 'Extend' : 'Crop';
  return roles.has('mask') ? 'Mask' : roles.has('markup') ? 'Markup' : 'Edit';
}

/** As large as an image is looked at: a recomposited one has the size of what went out. */
export function shownSize(image: Image): Size {
  return image.strict?.state === 'done' ? image.strict : image;
}

/** What is known of a job's size before and after its first image has come: first of all what was asked for, so that nothing changes. */
function sizeOf(job: Job): Size | null {
  const { size } = job.request.parameters;
  const asked = size == null ? null : parseSize(size);
  const first = job.generations.flatMap(({ images }) => images)[0];
  return asked ?? (first ? shownSize(first) : null);
}

function isSameRatio(one: Size, other: Size): boolean {
  const [a, b] = [one.width / one.height, other.width / other.height];
  return Math.abs(a / b - 1) <= SAME_RATIO;
}

/**
 * A node's name: what its prompt says that the one before did not, in a few words; "Variation 3" for a variation. `place`: 1-based, of the
 * job's images, or of all variations of one image.
 */
export function stepName(job: Job, before: Job | null, place: number, several: boolean): string {
  if (isVariation(job)) return `Variation ${place}`;
  const name = shortenPrompt(promptOf(job), promptOf(before));
  return several ? `${name} ${place}` : name;
}

/** A prompt in a few words. What an earlier prompt said already is left out, unless nothing would be left. */
export function shortenPrompt(prompt: string, earlier: string): string {
  const [old, words] = [wordsOf(earlier).map(bare), wordsOf(prompt)];
  const known = new Set(old);
  const still = new Set(words.map(bare));
  const fresh = words.filter((word) => !known.has(bare(word)));
  // A prompt that was written anew is known by its beginning.
  const changed = fresh.length > 0 && old.filter((word) => still.has(word)).length * 2 >= old.length;
  const told = changed ? fresh : words;
  const kept: string[] = [];
  for (const word of told) {
    if (kept.length > 0 && [...kept, word].join(' ').length > MAX_NAME_LENGTH) break;
    kept.push(word);
    // The first thing that is said is the name of the rest.
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
