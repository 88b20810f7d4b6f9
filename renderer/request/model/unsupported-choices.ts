import { MAX_IMAGES_PER_JOB, type Model } from '../../../electron/contract/catalogue/models.ts';
import type { Operation, ParameterName } from '../../../electron/contract/catalogue/parameters.ts';
import { formatLabel } from '../../../electron/contract/rules/parameter-rules.ts';
import { checkSize } from '../../../electron/contract/rules/size-rules.ts';
import { parameterValueLabel } from '../../state/parameter-labels.ts';
import type { RequestForm } from '../../state/request-form.ts';

/** A choice that the model doesn't support. The form keeps it for models that do; `instead` is sent. */
export interface UnsupportedChoice {
  field: ParameterName;
  /** The choice's label. */
  chosen: string;
  /** Lower case, without a full stop. */
  reason: string;
  /** The label of the value used in its place. */
  instead: string;
}

/**
 * The form with each unsupported choice replaced by its default, and the list of those choices. An invalid size that was typed for
 * this model is kept and reported as a problem; one from another model is replaced like the rest.
 */
export function replaceUnsupported(
  form: RequestForm,
  operation: Operation,
  model: Model,
): { effective: RequestForm; unsupported: UnsupportedChoice[] } {
  const effective = { ...form };
  const unsupported: UnsupportedChoice[] = [];
  const put = <K extends keyof RequestForm>(
    field: ParameterName,
    key: K,
    reason: string,
    next: RequestForm[K],
  ): void => {
    unsupported.push({ field, chosen: choiceLabel(field, form[key]), reason, instead: choiceLabel(field, next) });
    effective[key] = next;
  };

  const { name } = model;
  if (!model.formats.includes(form.format)) {
    const reason = model.formats.length < 2 ? `${name} returns one format` : `not supported by ${name}`;
    put('output_format', 'format', reason, 'png');
  }
  if (form.quality !== 'auto' && !model.qualities.includes(form.quality))
    put('quality', 'quality', `not supported by ${name}`, 'auto');
  const clear = backgroundConflict(effective, model);
  if (clear !== null) put('background', 'background', clear, 'auto');
  if (
    operation === 'edit' &&
    model.fidelity.length > 0 &&
    form.fidelity !== 'auto' &&
    !model.fidelity.includes(form.fidelity)
  )
    put('input_fidelity', 'fidelity', `${name} supports ${model.fidelity.join(' and ')} only`, 'auto');
  if (model.maxPartials > 0 && form.partials > model.maxPartials)
    put('partial_images', 'partials', `${name} sends up to ${model.maxPartials}`, model.maxPartials);
  const max = maxImages(effective, model);
  if (form.count > max.count) put('n', 'count', max.reason, max.count);
  if (isSizeOfOtherModel(form, model)) put('size', 'size', `not supported by ${name}`, 'auto');
  return { effective, unsupported };
}

/** A choice's label in the form's controls. */
export function choiceLabel(field: string, value: unknown): string {
  return field === 'background' && value === 'transparent' ? 'Clear' : parameterValueLabel(field, value);
}

function backgroundConflict({ background, format }: RequestForm, { name, backgrounds }: Model): string | null {
  // A model with one background omits the parameter.
  if (background === 'auto' || backgrounds.length === 0) return null;
  if (!backgrounds.includes(background)) return `not supported by ${name}`;
  const clear = background === 'transparent' && format !== 'png' && format !== 'webp';
  return clear ? `${formatLabel(format)} doesn’t support transparency` : null;
}

/** The most images per click. Streamed images are separate requests, so the model's own limit doesn't apply to them. */
export function maxImages({ format, stream }: RequestForm, model: Model): { count: number; reason: string } {
  if (format === 'svg') return { count: 1, reason: 'SVGs are created one at a time' };
  const streams = stream && model.streaming && format !== 'gif';
  const count = streams ? MAX_IMAGES_PER_JOB : model.maxN;
  return { count, reason: count === 1 ? `${model.name} creates one image at a time` : `the limit is ${count}` };
}

function isSizeOfOtherModel({ size, sizeFor }: RequestForm, { name, sizes }: Model): boolean {
  if (size === 'auto' || checkSize(size, sizes) === null) return false;
  return sizes.kind === 'list' || sizeFor !== name;
}
