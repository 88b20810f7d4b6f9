/**
 * Why an image has no thumbnail, until someone has it tried again. Its file is kept unchanged in any case. Names are stored, so they never change.
 *
 * `truncated`, `not-an-image` and `undecodable` are damage. `too-large`, `too-costly` (it took too long, or would), `decoder-failed`
 * (decoding it crashed) and `no-preview` (a format that can't be read here) say nothing against the file.
 */
export const IMAGE_FLAWS = [
  'truncated',
  'not-an-image',
  'undecodable',
  'too-large',
  'too-costly',
  'decoder-failed',
  'no-preview',
] as const;
export type ImageFlaw = (typeof IMAGE_FLAWS)[number];

const DAMAGE: readonly ImageFlaw[] = ['truncated', 'not-an-image', 'undecodable'];

/** Whether the file itself is damaged. */
export const isDamage = (flaw: ImageFlaw | null | undefined): boolean => flaw != null && DAMAGE.includes(flaw);

/** Whether making the thumbnail again may end differently: a busy computer or a fault of the decoder may have been the cause. */
export const canRetryThumbnail = (flaw: ImageFlaw | null | undefined): boolean =>
  flaw != null && flaw !== 'not-an-image' && flaw !== 'no-preview';
