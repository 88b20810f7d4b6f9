import type { InputRole } from '../entities/requests.ts';
import type { Model } from '../catalogue/models.ts';
import type { CreateParameters, EditParameters } from '../catalogue/parameters.ts';
import { checkSize, parseSize } from '../rules/parameter-rules.ts';

/** A number that is not certain: whole, from least to most. */
export interface TokenRange {
  min: number;
  max: number;
}

/** An image that goes out, as it is seen. */
export interface InputSize {
  width: number;
  height: number;
  role: InputRole;
}

/** Parameters of any operation, side by side. */
export type ParameterValues = Partial<CreateParameters & EditParameters>;

/** The count of output tokens is stated for an image of this many pixels and goes by the area (second-hand). */
export const REFERENCE_PIXELS = 1024 * 1024;
/** Output tokens that each partial image bills besides (second-hand). */
export const PARTIAL_TOKENS = 100;

/**
 * Tokens of a prompt: about four characters each in English. Down to six, up to three, and two tokens for a character outside ASCII;
 * a few more for what a server wraps around it.
 */
export function promptTokens(prompt: string): TokenRange {
  const foreign = prompt.match(BEYOND_ASCII)?.length ?? 0;
  const plain = prompt.replace(BEYOND_ASCII, '').length;
  return { min: Math.ceil(prompt.length / 6), max: Math.ceil(plain / 3) + 2 * foreign + 8 };
}

const BEYOND_ASCII = /[\u{80}-\u{10FFFF}]/gu;

/**
 * Tokens of an image that goes out, as OpenAI's guide counts for gpt-image-1 (second-hand): 65 and 129 for each tile of 512 pixels after
 * the short side was scaled down to 512; high fidelity adds 4,160 for a square and 6,240 for any other shape. How a mask or a markup
 * counts is not said: from nothing to the same as its image.
 */
export function inputTokens({ width, height, role }: InputSize, fidelity: Fidelity): TokenRange {
  const scale = Math.min(1, 512 / Math.min(width, height));
  // Scaling leaves fractions behind that are no pixels.
  const tiles = (edge: number): number => Math.ceil(Math.round(edge * scale * 1000) / 1000 / 512);
  const low = 65 + 129 * tiles(width) * tiles(height);
  const high = low + (width === height ? 4160 : 6240);
  return { min: role === 'image' ? (fidelity.min ? high : low) : 0, max: fidelity.max ? high : low };
}

/** Whether inputs are read with high fidelity: surely, surely not, or perhaps. */
export interface Fidelity {
  min: boolean;
  max: boolean;
}

/** `low` is what is taken where nothing is said [S]; models that no longer take the parameter keep inputs faithfully at a price that is not published. */
export function fidelityOf({ fidelity, known }: Model, asked: string | null | undefined): Fidelity {
  if (fidelity.length === 0) return { min: false, max: true };
  if (!known && asked == null) return { min: false, max: true };
  const high = asked === 'high' && fidelity.includes('high');
  return { min: high, max: high };
}

/** Pixels of one image, of all frames of a GIF together. */
export function outputPixels(values: ParameterValues, model: Model, inputs: readonly InputSize[]): TokenRange {
  const { gif } = model;
  const frames = values.output_format === 'gif' && gif ? (values.frame_count ?? gif.frames.initial) : 1;
  const size = parseSize(values.size ?? 'auto');
  if (size) return exactRange(size.width * size.height * frames);
  // A GIF of size auto may use up its budget, and may be of small frames.
  if (frames > 1 && gif) return { min: Math.min(frames * 512 * 512, gif.maxPixels), max: gif.maxPixels };
  const first = inputs.find(({ role }) => role === 'image');
  const likeFirst = first && checkSize(`${first.width}x${first.height}`, model.sizes) === null;
  const areas = [1024 * 1024, 1536 * 1024, ...(likeFirst ? [first.width * first.height] : [])];
  return { min: Math.min(...areas), max: Math.max(...areas) };
}

/** A number that is certain. */
export function exactRange(value: number): TokenRange {
  return { min: value, max: value };
}

export function addRanges(one: TokenRange, other: TokenRange): TokenRange {
  return { min: one.min + other.min, max: one.max + other.max };
}
