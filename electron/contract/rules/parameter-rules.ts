import { fileFormatFacts, type FileFormat } from '../catalogue/file-formats.ts';
import { MAX_IMAGES_PER_JOB, type GifRule, type Model } from '../catalogue/models.ts';
import {
  CreateParametersSchema,
  EditParametersSchema,
  VariationParametersSchema,
  type CreateParameters,
  type EditParameters,
  type Operation,
  type ParameterName,
  type Parameters,
} from '../catalogue/parameters.ts';
import { STANDARD_SERVER, modelOnServer, type Server } from '../catalogue/servers.ts';
import { checkSize, parseSize } from './size-rules.ts';

/** A problem with a parameter; `message` says what to change. */
export interface Problem {
  field: ParameterName;
  message: string;
}

/** The parameters of create and edit together. */
export type ParameterValues = Partial<CreateParameters & EditParameters>;

/** The API's default model if a request names none [API reference]. */
export const API_DEFAULT_MODEL = 'dall-e-2';

/** The API's parameters of each operation. */
export const PARAMETERS_OF: Readonly<Record<Operation, ReadonlySet<ParameterName>>> = {
  create: namesOf(CreateParametersSchema),
  edit: namesOf(EditParametersSchema),
  variation: namesOf(VariationParametersSchema),
};

function namesOf(schema: { entries: object }): ReadonlySet<ParameterName> {
  return new Set(Object.keys(schema.entries) as ParameterName[]);
}

/**
 * Returns the problems of a request's parameters for its model and server; [] if it can be sent. Call `omitUnsupportedParameters` first.
 */
export function checkParameters(
  operation: Operation,
  parameters: Parameters,
  server: Server = STANDARD_SERVER,
): Problem[] {
  const values = parameters as ParameterValues;
  const model = modelOnServer(values.model ?? API_DEFAULT_MODEL, server);
  const problems: (Problem | null)[] = [
    model.operations.includes(operation) ? null : problem('model', describeMissingOperation(model, operation, server)),
    ...(operation === 'variation' ? [] : checkPrompt(values.prompt ?? '', model)),
    checkCount(values, model),
    checkRequestedSize(values, model),
    ...checkChoices(values, model),
    checkBackground(values, model),
    checkInteger('output_compression', values.output_compression, 0, 100, 'Compression'),
    checkInteger('partial_images', values.partial_images, 0, model.maxPartials, 'The number of partial images'),
    ...(values.output_format === 'gif' && model.gif ? checkGif(values, model.gif) : []),
  ];
  return problems.filter((found) => found !== null);
}

function problem(field: ParameterName, message: string): Problem {
  return { field, message };
}

const OPERATION_VERBS: Readonly<Record<Operation, string>> = {
  create: 'create images from a prompt alone',
  edit: 'edit images',
  variation: 'create variations',
};

function describeMissingOperation(model: Model, operation: Operation, server: Server): string {
  const who = server.operations.includes(operation) ? model.name : 'This server';
  return `${who} can’t ${OPERATION_VERBS[operation]}.`;
}

/** Why a prompt can't be sent as it is: only white space, half a character (an unpaired surrogate has no bytes in UTF-8), or its length. */
export function promptFault(prompt: string, model: Model): 'empty' | 'half-character' | 'too-long' | null {
  if (prompt.trim() === '') return 'empty';
  if (!prompt.isWellFormed()) return 'half-character';
  return prompt.length > model.maxPrompt ? 'too-long' : null;
}

function checkPrompt(prompt: string, model: Model): Problem[] {
  const fault = promptFault(prompt, model);
  if (fault === null) return [];
  if (fault === 'empty') return [problem('prompt', 'The prompt is empty. Describe the image.')];
  if (fault === 'half-character') return [problem('prompt', describeHalfCharacter(prompt))];
  const length = prompt.length.toLocaleString('en');
  const max = model.maxPrompt.toLocaleString('en');
  return [problem('prompt', `The prompt has ${length} characters; the limit of ${model.name} is ${max}.`)];
}

function describeHalfCharacter(prompt: string): string {
  const at = prompt.search(/\p{Surrogate}/u) + 1;
  return `The prompt contains half a character, such as a cut emoji, at position ${at.toLocaleString('en')}. Delete it or type it again.`;
}

function checkCount(values: ParameterValues, model: Model): Problem | null {
  // A streamed job sends one request per image, so the model's limit on `n` doesn't apply.
  const max = values.stream ? MAX_IMAGES_PER_JOB : model.maxN;
  if (values.output_format === 'svg' && (values.n ?? 1) > 1)
    return problem('n', 'Only one SVG can be created at a time.');
  if (isInteger(values.n, 1, max)) return null;
  return problem('n', max === 1 ? `${model.name} creates one image at a time.` : `Choose 1 to ${max} images.`);
}

function checkRequestedSize(values: ParameterValues, model: Model): Problem | null {
  const message = values.size == null ? null : checkSize(values.size, model.sizes);
  return message === null ? null : problem('size', message);
}

function checkChoices(values: ParameterValues, model: Model): (Problem | null)[] {
  const { quality, output_format: format, input_fidelity: fidelity } = values;
  return [
    quality == null || model.qualities.includes(quality)
      ? null
      : problem('quality', `${model.name} doesn’t support the quality ${quality}.`),
    format == null || model.formats.includes(format)
      ? null
      : problem('output_format', `${model.name} doesn’t support ${formatLabel(format)}.`),
    fidelity == null || model.fidelity.includes(fidelity)
      ? null
      : problem('input_fidelity', `${model.name} doesn’t support ${fidelity} fidelity.`),
  ];
}

function checkBackground({ background, output_format: format }: ParameterValues, model: Model): Problem | null {
  if (background == null) return null;
  if (!model.backgrounds.includes(background)) {
    return problem('background', `${model.name} doesn’t support the background ${background}.`);
  }
  if (background !== 'transparent' || format == null || format === 'png' || format === 'webp') return null;
  return problem('background', `${formatLabel(format)} doesn’t support transparency. Choose PNG or WebP.`);
}

/** Checks a GIF's frame count, frame duration and total pixels. */
function checkGif(
  { frame_count: frames, frame_duration_ms: time, size }: ParameterValues,
  rule: GifRule,
): (Problem | null)[] {
  const measured = size == null ? null : parseSize(size);
  const count = frames ?? rule.frames.initial;
  const pixels = measured ? measured.width * measured.height * count : 0;
  return [
    checkInteger('frame_count', frames, rule.frames.min, rule.frames.max, 'The number of frames'),
    checkInteger('frame_duration_ms', time, rule.durationMs.min, rule.durationMs.max, 'The time of a frame in ms'),
    pixels <= rule.maxPixels
      ? null
      : problem(
          'size',
          `${count} frames of this size are ${number(pixels)} pixels; a GIF has at most ${number(rule.maxPixels)}. Use fewer frames, a smaller size, or auto.`,
        ),
  ];
}

function checkInteger(
  field: ParameterName,
  value: number | null | undefined,
  min: number,
  max: number,
  what: string,
): Problem | null {
  if (isInteger(value, min, max)) return null;
  return problem(field, `${what} is a whole number from ${number(min)} to ${number(max)}.`);
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function isInteger(value: number | null | undefined, min: number, max: number): boolean {
  return value == null || (Number.isInteger(value) && value >= min && value <= max);
}

export function formatLabel(format: FileFormat): string {
  return fileFormatFacts(format).label;
}
