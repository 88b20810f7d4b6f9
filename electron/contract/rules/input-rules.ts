import type { InputImage } from '../entities/inputs.ts';
import type { InputRole } from '../entities/requests.ts';
import { VARIATION_INPUT, type InputRule, type Model } from '../catalogue/models.ts';
import type { Operation, OutputFormat } from '../catalogue/parameters.ts';
import { maskDoubt } from './mask-rules.ts';
import { formatLabel } from './parameter-rules.ts';

/** Maximum size of an imported file, bytes. It can be reduced before sending; requests have lower limits. */
export const MAX_UPLOAD_BYTES = 256 * 1024 * 1024;

/** Ways to fix a problem with an input. */
export type InputFix =
  'scale-down' | 're-encode' | 'upright' | 'first-frame' | 'square' | 'fit-mask' | 'convert' | 'remove';

/** The properties of an input that the rules check. Width and height in pixels, after applying the orientation. */
export interface InputFacts extends Pick<
  InputImage,
  'format' | 'bytes' | 'width' | 'height' | 'hasAlpha' | 'frames' | 'details'
> {
  role: InputRole;
  /** EXIF orientation, 1 to 8; default 1. */
  orientation?: number;
}

/** Why an input can't be sent unchanged. */
export interface InputProblem {
  role: InputRole;
  /** 0-based index among the inputs of its role; 0 if one is missing. */
  position: number;
  /** The API's name of the field. */
  field: InputRole;
  message: string;
  /** Possible fixes, best first; [] if only another input or setting helps. */
  fixes: readonly InputFix[];
}

/** The parts of a request that decide its input rules. */
export interface InputRequirements {
  operation: Operation;
  model: Model;
  /** The requested output format; null: the server's default. */
  format?: OutputFormat | null;
}

/** Returns the limits of an operation's images, or null if it takes none. A variation's limits don't depend on the model. */
export function inputRuleOf(operation: Operation, model: Model): InputRule | null {
  if (operation === 'create') return null;
  return operation === 'variation' ? VARIATION_INPUT : model.inputs;
}

/**
 * Returns the problems of a request's inputs; [] if they can be sent. Used by the form, the queue and the demo server. Limits:
 * `resources/images.d.ts` of `openai` 7.57.0, through the catalogue.
 * @param inputs in the order of sending
 */
export function checkInputs(
  operation: Operation,
  inputs: readonly InputFacts[],
  model: Model,
  format: OutputFormat | null = null,
): InputProblem[] {
  const rule = inputRuleOf(operation, model);
  const images = inputs.filter(({ role }) => role === 'image');
  // An operation without inputs is reported for the model or the server, not for each image.
  if (!rule) return [];
  const first = images[0] ?? null;
  return [
    ...checkCount(images, rule, operation),
    ...images.slice(0, rule.max).flatMap((image, position) => checkImage(image, position, rule)),
    ...checkMask(inputs, first, { operation, model, format }),
    ...checkMarkup(inputs, first, { operation, model, format }),
  ];
}

function problem(role: InputRole, position: number, message: string, ...fixes: InputFix[]): InputProblem {
  return { role, position, field: role, message, fixes };
}

function checkCount(images: readonly InputFacts[], { max }: InputRule, operation: Operation): InputProblem[] {
  const what = operation === 'edit' ? 'An edit' : 'A variation';
  if (images.length === 0) {
    const amount = max === 1 ? 'one' : `1 to ${max}`;
    return [problem('image', 0, `${what} needs an image. Add ${amount}.`)];
  }
  return images
    .slice(max)
    .map((_image, extra) =>
      problem(
        'image',
        max + extra,
        max === 1 ? `Only one image is supported.` : `At most ${max} images are supported.`,
        'remove',
      ),
    );
}

function checkImage(image: InputFacts, position: number, rule: InputRule): InputProblem[] {
  const square = rule.square && image.width !== image.height;
  const faults: (InputProblem | null)[] = [
    checkFormat(image, position, rule),
    square
      ? problem('image', position, `The image must be square; this is ${image.width} × ${image.height}.`, 'square')
      : null,
    image.bytes < rule.below
      ? null
      : problem(
          'image',
          position,
          `The file has ${megabytes(image.bytes)} MB; it must be below ${megabytes(rule.below)} MB.`,
          ...(rule.formats.length > 1 ? (['scale-down', 're-encode'] as const) : (['scale-down'] as const)),
        ),
    (image.orientation ?? 1) === 1
      ? null
      : problem('image', position, 'The image is rotated in its file; a server may ignore that.', 'upright'),
    checkColour(image, position),
  ];
  return faults.filter((fault) => fault !== null);
}

function checkColour({ details }: InputFacts, position: number): InputProblem | null {
  if (details?.colour === 'cmyk')
    return problem('image', position, 'This is a CMYK image; servers show its colours differently.', 'convert');
  return details?.colour === 'chunks'
    ? problem('image', position, 'This PNG describes its colours in a way that servers ignore.', 'convert')
    : null;
}

function checkFormat(image: InputFacts, position: number, rule: InputRule): InputProblem | null {
  const allowed = joinWithOr(rule.formats.map(formatLabel));
  if (image.frames > 1) {
    return problem(
      'image',
      position,
      `This is an animation of ${image.frames} frames; only still images are supported.`,
      'first-frame',
    );
  }
  if (rule.formats.includes(image.format)) return null;
  return problem('image', position, `This is ${formatLabel(image.format)}; supported: ${allowed}.`, 're-encode');
}

function checkMask(inputs: readonly InputFacts[], first: InputFacts | null, demand: InputRequirements): InputProblem[] {
  const [mask, ...more] = inputs.filter(({ role }) => role === 'mask');
  if (!mask) return [];
  const refusal = maskRefusalReason(demand);
  if (refusal !== null) return [problem('mask', 0, refusal, 'remove')];
  return [
    ...checkMaskFile(mask, first, demand.model.maskByteLimit ?? 0),
    ...more.map((_mask, extra) => problem('mask', extra + 1, 'A request can have one mask.', 'remove')),
  ];
}

/** Why a mask isn't supported, or null. */
function maskRefusalReason({ operation, model, format }: InputRequirements): string | null {
  if (operation === 'variation') return 'Variations don’t support a mask.';
  if (model.maskByteLimit === null) return `Masks are not supported by ${model.name}.`;
  return format === 'gif' ? 'A GIF can’t be created with a mask.' : null;
}

function checkMaskFile(mask: InputFacts, first: InputFacts | null, below: number): InputProblem[] {
  const faults: (InputProblem | null)[] = [
    mask.format === 'png' && mask.frames === 1
      ? null
      : problem('mask', 0, `The mask must be PNG; this is ${formatLabel(mask.format)}.`, 'fit-mask'),
    mask.bytes < below
      ? null
      : problem(
          'mask',
          0,
          `The mask has ${megabytes(mask.bytes)} MB; it must be below ${megabytes(below)} MB.`,
          'fit-mask',
        ),
    sameSize('mask', mask, first, 'fit-mask'),
    checkMaskArea(mask),
    (mask.orientation ?? 1) === 1 ? null : problem('mask', 0, 'The mask is rotated in its file.', 'fit-mask'),
  ];
  return faults.filter((fault) => fault !== null);
}

/** A mask marks what to edit by its transparency: see `editsAlpha`. */
function checkMaskArea({ hasAlpha, details }: InputFacts): InputProblem | null {
  const clear = details ? details.mask.clear : hasAlpha ? 1 : 0;
  if (clear > 0) return null;
  const doubt = details ? maskDoubt(details.mask) : null;
  const nothing = hasAlpha
    ? 'No pixel of the mask is more than half transparent, so there is nothing to edit.'
    : 'The mask has no transparent part, so there is nothing to edit.';
  return problem('mask', 0, doubt === null ? nothing : `${doubt} ${nothing}`, 'fit-mask');
}

function checkMarkup(
  inputs: readonly InputFacts[],
  first: InputFacts | null,
  demand: InputRequirements,
): InputProblem[] {
  const [markup, ...more] = inputs.filter(({ role }) => role === 'markup');
  if (!markup) return [];
  const refusal = markupRefusalReason(inputs, demand);
  if (refusal !== null) return [problem('markup', 0, refusal, 'remove')];
  const below = demand.model.inputs?.below ?? Infinity;
  const faults: (InputProblem | null)[] = [
    markup.format === 'png' && markup.frames === 1
      ? null
      : problem('markup', 0, `The markup must be PNG; this is ${formatLabel(markup.format)}.`),
    markup.bytes < below ? null : problem('markup', 0, `The markup must be below ${megabytes(below)} MB.`),
    sameSize('markup', markup, first),
    markup.hasAlpha ? null : problem('markup', 0, 'The markup has no transparent part and would hide the image.'),
    ...more.map((_markup, extra) => problem('markup', extra + 1, 'A request can have one markup.', 'remove')),
  ];
  return faults.filter((fault) => fault !== null);
}

/** Why markup isn't supported, or null. */
function markupRefusalReason(inputs: readonly InputFacts[], { operation, model }: InputRequirements): string | null {
  if (operation === 'variation') return 'Variations don’t support a markup.';
  if (!model.markup) return `Markup is not supported by ${model.name}.`;
  return inputs.some(({ role }) => role === 'mask') ? 'A request can have a mask or a markup, not both.' : null;
}

function sameSize(
  role: 'mask' | 'markup',
  overlay: InputFacts,
  first: InputFacts | null,
  ...fixes: InputFix[]
): InputProblem | null {
  if (!first || (overlay.width === first.width && overlay.height === first.height)) return null;
  const sizes = `${overlay.width} × ${overlay.height}, the first image ${first.width} × ${first.height}`;
  return problem(role, 0, `The ${role} is ${sizes}. They must be the same size.`, ...fixes);
}

/** MB with one decimal, rounded up so that a file over the limit never appears to be within it. */
function megabytes(bytes: number): string {
  return String(Math.ceil((bytes / 1024 / 1024) * 10) / 10);
}

function joinWithOr(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1) ?? ''}`;
}
