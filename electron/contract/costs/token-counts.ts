import type { InputRole } from '../entities/requests.ts';
import type { Model } from '../catalogue/models.ts';
import type { CreateParameters, EditParameters } from '../catalogue/parameters.ts';
import { checkSize, parseSize } from '../rules/size-rules.ts';

/** A range of token counts, whole numbers. */
export interface TokenRange {
  min: number;
  max: number;
}

/** An input's role and size in pixels, after applying the orientation. */
export interface InputSize {
  width: number;
  height: number;
  role: InputRole;
}

/** The parameters of create and edit together. */
export type ParameterValues = Partial<CreateParameters & EditParameters>;

/** Output token counts refer to an image of this many pixels and scale with the area (second-hand). */
export const REFERENCE_PIXELS = 1024 * 1024;
/** Additional output tokens per partial image (second-hand). */
export const PARTIAL_TOKENS = 100;

/**
 * Estimates a prompt's tokens: about four characters per token in English (range: three to six), two tokens per non-ASCII character,
 * plus a few that the server adds.
 */
export function promptTokens(prompt: string): TokenRange {
  const foreign = prompt.match(BEYOND_ASCII)?.length ?? 0;
  const plain = prompt.replace(BEYOND_ASCII, '').length;
  return { min: Math.ceil(prompt.length / 6), max: Math.ceil(plain / 3) + 2 * foreign + 8 };
}

const BEYOND_ASCII = /[\u{80}-\u{10FFFF}]/gu;

/**
 * Estimates an input image's tokens by OpenAI's guide for gpt-image-1 (second-hand): 65, plus 129 per 512-pixel tile after scaling the
 * short side down to 512; high fidelity adds 4,160 for a square and 6,240 for other shapes. The count of masks and markup isn't
 * published: from 0 to that of an image.
 */
export function inputTokens({ width, height, role }: InputSize, fidelity: Fidelity): TokenRange {
  const scale = Math.min(1, 512 / Math.min(width, height));
  // Rounded first: scaling leaves floating-point errors.
  const tiles = (edge: number): number => Math.ceil(Math.round(edge * scale * 1000) / 1000 / 512);
  const low = 65 + 129 * tiles(width) * tiles(height);
  const high = low + (width === height ? 4160 : 6240);
  return { min: role === 'image' ? (fidelity.min ? high : low) : 0, max: fidelity.max ? high : low };
}

/** Whether inputs are read with high fidelity: both true, both false, or only `max` if it may be either. */
export interface Fidelity {
  min: boolean;
  max: boolean;
}

/** The API's default is `low` [API reference]; for models without the parameter the price of fidelity isn't published. */
export function fidelityOf({ fidelity, known }: Model, asked: string | null | undefined): Fidelity {
  if (fidelity.length === 0) return { min: false, max: true };
  if (!known && asked == null) return { min: false, max: true };
  const high = asked === 'high' && fidelity.includes('high');
  return { min: high, max: high };
}

/** Estimates the pixels of one output image; for a GIF the sum over all frames. */
export function outputPixels(values: ParameterValues, model: Model, inputs: readonly InputSize[]): TokenRange {
  const { gif } = model;
  const frames = values.output_format === 'gif' && gif ? (values.frame_count ?? gif.frames.initial) : 1;
  const size = parseSize(values.size ?? 'auto');
  if (size) return exactRange(size.width * size.height * frames);
  // A GIF with size `auto` may have small frames or use its maximum of pixels.
  if (frames > 1 && gif) return { min: Math.min(frames * 512 * 512, gif.maxPixels), max: gif.maxPixels };
  const first = inputs.find(({ role }) => role === 'image');
  const likeFirst = first && checkSize(`${first.width}x${first.height}`, model.sizes) === null;
  const areas = [1024 * 1024, 1536 * 1024, ...(likeFirst ? [first.width * first.height] : [])];
  return { min: Math.min(...areas), max: Math.max(...areas) };
}

/** Returns a range with min = max. */
export function exactRange(value: number): TokenRange {
  return { min: value, max: value };
}

export function addRanges(one: TokenRange, other: TokenRange): TokenRange {
  return { min: one.min + other.min, max: one.max + other.max };
}
