import { findModel, MOST_PARTIALS, MOST_PICTURES, type Model, type SizeRule } from './models.ts';
import type { CreateParameters, Operation, ParameterName, Parameters } from './parameters.ts';

/** What is wrong with a value, in a sentence that a person can act on. */
export interface Problem {
  field: ParameterName;
  message: string;
}

/** A parameter that a person set and that will not be sent, with the reason. */
export interface Dropped {
  field: ParameterName;
  reason: string;
}

/** `WIDTHxHEIGHT` in pixels, or null where the text is not of that form. */
export function parseSize(size: string): { width: number; height: number } | null {
  const match = /^([1-9]\d{0,5})x([1-9]\d{0,5})$/u.exec(size);
  return match ? { width: Number(match[1]), height: Number(match[2]) } : null;
}

/** The size's fault against a rule as a sentence, or null when it is taken. */
export function checkSize(size: string, rule: SizeRule): string | null {
  if (rule.kind === 'list') {
    return rule.sizes.includes(size) ? null : `This model makes ${rule.sizes.join(', ')}.`;
  }
  if (size === 'auto') return null;
  const parsed = parseSize(size);
  if (!parsed) return 'A size is written like 1536x1024, or auto.';
  const { width, height } = parsed;
  const pixels = width * height;
  if (width % rule.multipleOf !== 0 || height % rule.multipleOf !== 0) {
    return `Width and height must be divisible by ${rule.multipleOf}.`;
  }
  if (Math.max(width, height) > rule.maxEdge) return `The longest edge is ${rule.maxEdge} pixels.`;
  if (Math.max(width, height) > rule.maxRatio * Math.min(width, height)) {
    return `The long edge can be at most ${rule.maxRatio} times the short one.`;
  }
  if (pixels < rule.minPixels)
    return `At least ${rule.minPixels.toLocaleString('en')} pixels; this is ${pixels.toLocaleString('en')}.`;
  if (pixels > rule.maxPixels)
    return `At most ${rule.maxPixels.toLocaleString('en')} pixels; this is ${pixels.toLocaleString('en')}.`;
  return null;
}

function wholeBetween(value: number | null | undefined, least: number, most: number): boolean {
  return value == null || (Number.isInteger(value) && value >= least && value <= most);
}

/** Every fault of a request's parameters against its model. Empty: it can be sent. */
export function checkParameters(operation: Operation, parameters: Parameters): Problem[] {
  const problems: Problem[] = [];
  const fault = (field: ParameterName, message: string): void => void problems.push({ field, message });
  const wishes = parameters as Partial<CreateParameters>;
  const model = findModel(wishes.model ?? 'dall-e-2');

  if (!model.operations.includes(operation)) fault('model', `${model.name} does not take this operation.`);
  if (operation !== 'variation') {
    const prompt = wishes.prompt ?? '';
    if (prompt.trim() === '') fault('prompt', 'The prompt is empty. Say what the picture should show.');
    if (prompt.length > model.maxPrompt) {
      fault(
        'prompt',
        `The prompt has ${prompt.length.toLocaleString('en')} characters. ${model.name} takes ${model.maxPrompt.toLocaleString('en')}.`,
      );
    }
  }
  // With streaming every picture is a request of its own, so a model's own limit on n does not bind.
  const mostPictures = wishes.stream ? MOST_PICTURES : model.maxN;
  if (!wholeBetween(wishes.n, 1, mostPictures)) {
    fault(
      'n',
      mostPictures === 1 ? `${model.name} makes one picture at a time.` : `1 to ${mostPictures} pictures at once.`,
    );
  }
  if (wishes.size != null) {
    const message = checkSize(wishes.size, model.sizes);
    if (message) fault('size', message);
  }
  if (wishes.quality != null && !model.qualities.includes(wishes.quality)) {
    fault('quality', `${model.name} does not know the quality ${wishes.quality}.`);
  }
  if (wishes.output_format != null && !model.formats.includes(wishes.output_format)) {
    fault('output_format', `${model.name} does not make ${wishes.output_format.toUpperCase()}.`);
  }
  if (wishes.background != null && !model.backgrounds.includes(wishes.background)) {
    fault('background', `${model.name} does not make a background that is ${wishes.background}.`);
  } else if (wishes.background === 'transparent' && wishes.output_format === 'jpeg') {
    fault('background', 'JPEG has no transparency. Choose PNG or WebP.');
  }
  if (!wholeBetween(wishes.output_compression, 0, 100))
    fault('output_compression', 'Compression is a whole number from 0 to 100.');
  if (!wholeBetween(wishes.partial_images, 0, MOST_PARTIALS))
    fault('partial_images', `0 to ${MOST_PARTIALS} partial images.`);
  return problems;
}

/**
 * The parameters without those that the model or the format does not take, and the list of what was left out. Only parameters that
 * were set are looked at; null and undefined are never sent and never listed.
 */
export function settleParameters<P extends Parameters>(parameters: P): { sent: P; dropped: Dropped[] } {
  const model = findModel(parameters.model ?? 'dall-e-2');
  const sent: Record<string, unknown> = {};
  const dropped: Dropped[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value == null) continue;
    const field = name as ParameterName;
    const reason = reasonToDrop(field, parameters as Partial<CreateParameters>, model);
    if (reason === null) sent[field] = value;
    else dropped.push({ field, reason });
  }
  return { sent: sent as P, dropped };
}

function reasonToDrop(field: ParameterName, wishes: Partial<CreateParameters>, model: Model): string | null {
  switch (field) {
    case 'quality':
      return model.qualities.length === 0 ? `${model.name} has one quality` : null;
    case 'background':
      return model.backgrounds.length === 0 ? `${model.name} has one background` : null;
    case 'output_format':
      return model.formats.length < 2 ? `${model.name} answers in one format` : null;
    case 'output_compression':
      if (model.formats.length < 2) return `${model.name} answers in one format`;
      return wishes.output_format === 'jpeg' || wishes.output_format === 'webp' ? null : 'PNG keeps every pixel';
    case 'stream':
      return model.streaming ? null : `${model.name} does not stream`;
    case 'partial_images':
      if (!model.streaming) return `${model.name} does not stream`;
      return wishes.stream ? null : 'only while streaming';
    case 'moderation':
      return model.moderation ? null : `${model.name} does not take it`;
    case 'complexity':
      return model.complexity ? null : `${model.name} does not take it`;
    case 'input_fidelity':
      return model.fidelity.length > 0 ? null : `${model.name} always keeps inputs faithfully`;
    case 'style':
      return model.style ? null : 'only dall-e-3 takes it';
    case 'response_format':
      return model.responseFormat ? null : `${model.name} always answers base64`;
    default:
      return null;
  }
}
