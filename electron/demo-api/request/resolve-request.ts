import { GIF, type Model } from '../../contract/catalogue/models.ts';
import type { Operation, OutputFormat, Quality } from '../../contract/catalogue/parameters.ts';
import { checkSize, parseSize } from '../../contract/rules/size-rules.ts';
import { seedOf } from '../drawing/random.ts';
import { countMatches, promptWords } from '../drawing/prompt-words.ts';
import type { Inputs } from './inputs.ts';
import type { AnyParameters } from './parameters.ts';

/** A validated request with all `auto` values and defaults resolved. */
export interface ResolvedRequest {
  operation: Operation;
  model: Model;
  prompt: string;
  seed: number;
  n: number;
  width: number;
  height: number;
  quality: Exclude<Quality, 'auto'>;
  format: OutputFormat;
  compression: number;
  background: 'auto' | 'opaque' | 'transparent';
  stream: boolean;
  partials: number;
  frames: number;
  frameDuration: number;
  /** The response contains URLs instead of base64. */
  hosted: boolean;
  fidelity: 'high' | 'low';
  safetyIdentifier: string | null;
  svgModel: string;
  inputs: Inputs | null;
}

export function resolveRequest(
  operation: Operation,
  parameters: AnyParameters,
  model: Model,
  inputs: Inputs | null,
): ResolvedRequest {
  const prompt = parameters.prompt ?? '';
  const format = parameters.output_format ?? 'png';
  const frames = parameters.frame_count ?? GIF.frames.initial;
  const asked = parseSize(parameters.size ?? 'auto');
  const size =
    asked ??
    autoSize(model, prompt, inputs?.first ?? null, format === 'gif' ? Math.floor(GIF.maxPixels / frames) : Infinity);
  const quality = parameters.quality ?? 'auto';
  return {
    operation,
    model,
    prompt,
    seed: seedOf(prompt),
    n: parameters.n ?? 1,
    ...size,
    quality: quality === 'auto' ? (model.streaming ? 'medium' : 'standard') : quality,
    format,
    compression: parameters.output_compression ?? 100,
    background: parameters.background ?? 'auto',
    stream: parameters.stream ?? false,
    partials: parameters.partial_images ?? 0,
    frames,
    frameDuration: parameters.frame_duration_ms ?? GIF.durationMs.initial,
    hosted: model.responseFormat && (parameters.response_format ?? 'url') === 'url',
    fidelity: parameters.input_fidelity ?? 'low',
    safetyIdentifier: parameters.safety_identifier || parameters.user || null,
    svgModel: parameters.svg?.model ?? 'gpt-5.5',
    inputs,
  };
}

const WIDE = ['landscape', 'panorama', 'wide', 'horizon', 'cinematic', 'still life', 'seascape', 'desert', 'courtyard'];
const TALL = ['portrait', 'poster', 'tall', 'vertical', 'bottle', 'cover', 'phone'];

/** Resolves size `auto`: the first input's size if supported, otherwise the nearest shape. */
function autoSize(
  model: Model,
  prompt: string,
  first: { width: number; height: number } | null,
  mostPixels: number,
): { width: number; height: number } {
  const words = promptWords(prompt);
  const options = first
    ? first.width / first.height
    : countMatches(words, TALL) > 0
      ? 2 / 3
      : countMatches(words, WIDE) > 0
        ? 3 / 2
        : 1;
  if (mostPixels !== Infinity) return shaped(options, mostPixels);
  if (first && checkSize(`${first.width}x${first.height}`, model.sizes) === null)
    return { width: first.width, height: first.height };
  if (!model.streaming) return { width: 1024, height: 1024 };
  const standard = ['1024x1024', '1536x1024', '1024x1536'].flatMap((size) => parseSize(size) ?? []);
  const distance = (size: { width: number; height: number }): number =>
    Math.abs(Math.log(size.width / size.height / options));
  return standard.sort((a, b) => distance(a) - distance(b))[0] ?? { width: 1024, height: 1024 };
}

/** The largest size of a shape, in steps of 16 px, within a number of pixels. */
function shaped(ratio: number, mostPixels: number): { width: number; height: number } {
  const held = Math.min(3, Math.max(1 / 3, ratio));
  const width = Math.floor(Math.sqrt(mostPixels * held) / 16) * 16;
  return { width, height: Math.floor(mostPixels / width / 16) * 16 };
}
