import type { InputRole } from '../entities.ts';
import type { Model } from '../catalogue/models.ts';
import type { CreateParameters, EditParameters } from '../catalogue/parameters.ts';
import { checkSize, parseSize } from '../rules/parameter-rules.ts';

/** A number that is not certain: whole, from least to most. */
export interface Count {
  least: number;
  most: number;
}

/** A picture that goes out, as it is seen. */
export interface InputSize {
  width: number;
  height: number;
  role: InputRole;
}

/** Parameters of any operation, side by side. */
export type Wishes = Partial<CreateParameters & EditParameters>;

/** The count of output tokens is stated for a picture of this many pixels and goes by the area (second-hand). */
export const COUNTED_PIXELS = 1024 * 1024;
/** Output tokens that each partial image bills besides (second-hand). */
export const PARTIAL_TOKENS = 100;

/**
 * Tokens of a prompt: about four characters each in English. Down to six, up to three, and two tokens for a character outside ASCII;
 * a few more for what a server wraps around it.
 */
export function promptTokens(prompt: string): Count {
  const foreign = prompt.match(BEYOND_ASCII)?.length ?? 0;
  const plain = prompt.replace(BEYOND_ASCII, '').length;
  return { least: Math.ceil(prompt.length / 6), most: Math.ceil(plain / 3) + 2 * foreign + 8 };
}

const BEYOND_ASCII = /[\u{80}-\u{10FFFF}]/gu;

/**
 * Tokens of a picture that goes out, as OpenAI's guide counts for gpt-image-1 (second-hand): 65 and 129 for each tile of 512 pixels after
 * the short side was scaled down to 512; high fidelity adds 4,160 for a square and 6,240 for any other shape. How a mask or a markup
 * counts is not said: from nothing to the same as its picture.
 */
export function inputTokens({ width, height, role }: InputSize, fidelity: Fidelity): Count {
  const scale = Math.min(1, 512 / Math.min(width, height));
  // Scaling leaves fractions behind that are no pixels.
  const tiles = (edge: number): number => Math.ceil(Math.round(edge * scale * 1000) / 1000 / 512);
  const low = 65 + 129 * tiles(width) * tiles(height);
  const high = low + (width === height ? 4160 : 6240);
  return { least: role === 'image' ? (fidelity.least ? high : low) : 0, most: fidelity.most ? high : low };
}

/** Whether inputs are read with high fidelity: surely, surely not, or perhaps. */
export interface Fidelity {
  least: boolean;
  most: boolean;
}

/** `low` is what is taken where nothing is said [S]; models that no longer take the parameter keep inputs faithfully at a price that is not published. */
export function fidelityOf({ fidelity, known }: Model, asked: string | null | undefined): Fidelity {
  if (fidelity.length === 0) return { least: false, most: true };
  if (!known && asked == null) return { least: false, most: true };
  const high = asked === 'high' && fidelity.includes('high');
  return { least: high, most: high };
}

/** Pixels of one picture, of all frames of a GIF together. */
export function picturePixels(wishes: Wishes, model: Model, inputs: readonly InputSize[]): Count {
  const { gif } = model;
  const frames = wishes.output_format === 'gif' && gif ? (wishes.frame_count ?? gif.frames.usual) : 1;
  const size = parseSize(wishes.size ?? 'auto');
  if (size) return exactly(size.width * size.height * frames);
  // A GIF of size auto may use up its budget, and may be of small frames.
  if (frames > 1 && gif) return { least: Math.min(frames * 512 * 512, gif.maxPixels), most: gif.maxPixels };
  const first = inputs.find(({ role }) => role === 'image');
  const likeFirst = first && checkSize(`${first.width}x${first.height}`, model.sizes) === null;
  const areas = [1024 * 1024, 1536 * 1024, ...(likeFirst ? [first.width * first.height] : [])];
  return { least: Math.min(...areas), most: Math.max(...areas) };
}

/** A number that is certain. */
export function exactly(value: number): Count {
  return { least: value, most: value };
}

export function addCounts(one: Count, other: Count): Count {
  return { least: one.least + other.least, most: one.most + other.most };
}
