import { formatLabel } from './parameter-rules.ts';
import { MAX_DECODED_PIXELS } from './pixel-limits.ts';
import type { FileFormat } from '../catalogue/file-formats.ts';
import type { OutputFormat } from '../catalogue/parameters.ts';

/** A response whose aspect ratio differs by more shows another part of the scene; stretched over the first image it wouldn't match. */
const MAX_ASPECT_DIFFERENCE = 1.02;

interface Size {
  width: number;
  height: number;
}

/**
 * Why a strict mask can't be applied to what is requested, as a sentence; null if it can, as far as is known before anything is sent.
 * @param size the requested size; null: the server chooses it
 */
export function strictRequestProblem(first: Size, size: Size | null, format: OutputFormat | null): string | null {
  const problem = firstProblem(first) ?? (format === 'svg' ? NEEDS_PIXELS : null);
  if (problem !== null) return `${problem} ${SWITCH_OFF}`;
  if (size === null || hasSameShape(first, size)) return null;
  return `The first image is ${words(first)}. A response of ${words(size)} has another aspect ratio, so the strict mask can’t be applied. Choose a size with the same ratio, or switch off the strict mask.`;
}

/** Why a strict mask can't be applied to a response that was received, as a sentence; null if it can. */
export function strictResponseProblem(
  first: Size,
  { format, frames, width, height }: Size & { format: FileFormat; frames: number },
): string | null {
  const problem = firstProblem(first);
  if (problem !== null) return problem;
  if (format === 'svg') return NEEDS_PIXELS;
  if (frames > 1) return `The response is an animation (${formatLabel(format)}); strict masks need a still image.`;
  if (!hasSameShape(first, { width, height }))
    return `The response is ${words({ width, height })} and the first image ${words(first)}; their aspect ratios differ. Choose a size with the first image’s aspect ratio.`;
  return tooLarge('response', { width, height });
}

const NEEDS_PIXELS = 'The response is an SVG; strict masks need pixels.';
const SWITCH_OFF = 'Switch off the strict mask to send this.';

function firstProblem(first: Size): string | null {
  return tooLarge('first image', first);
}

function tooLarge(what: string, { width, height }: Size): string | null {
  if (width * height <= MAX_DECODED_PIXELS) return null;
  const max = MAX_DECODED_PIXELS / 1_000_000;
  return `The ${what} is ${words({ width, height })}; strict masks support up to ${max} million pixels.`;
}

function hasSameShape(first: Size, size: Size): boolean {
  const shape = (size.width * first.height) / (size.height * first.width);
  return Math.max(shape, 1 / shape) <= MAX_ASPECT_DIFFERENCE;
}

function words({ width, height }: Size): string {
  return `${width} × ${height}`;
}
