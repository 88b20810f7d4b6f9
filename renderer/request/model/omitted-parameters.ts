import type { Operation, ParameterName, Parameters } from '../../../electron/contract/catalogue/parameters.ts';
import { omitUnsupportedParameters } from '../../../electron/contract/rules/omit-parameters.ts';
import type { Server } from '../../../electron/contract/catalogue/servers.ts';
import type { ParameterValues } from '../../../electron/contract/costs/token-counts.ts';
import { readForm, type RequestForm } from '../../state/request-form.ts';
import { choiceLabel, type UnsupportedChoice } from './unsupported-choices.ts';
import { withoutUndefined } from './effective-parameters.ts';

/** A parameter that isn't sent with the current model, server or operation. */
export interface OmittedParameter {
  /** By its API name, for `parameterName`. */
  field: ParameterName | 'svg.model' | 'svg.reasoning.effort';
  /** The label of the set value; null for the default. */
  value: string | null;
  /** Lower case, without a full stop. */
  reason: string;
  /** The label of the value sent in its place; null for none. */
  instead: string | null;
}

/** The form field of each parameter that can be omitted. */
const FORM_FIELDS: Readonly<Partial<Record<OmittedParameter['field'], keyof RequestForm>>> = {
  prompt: 'prompt',
  size: 'size',
  quality: 'quality',
  output_format: 'format',
  output_compression: 'compression',
  background: 'background',
  n: 'count',
  stream: 'stream',
  partial_images: 'partials',
  moderation: 'moderation',
  complexity: 'complexity',
  input_fidelity: 'fidelity',
  style: 'style',
  response_format: 'response',
  frame_count: 'frames',
  frame_duration_ms: 'frameTime',
  'svg.model': 'svgModel',
  'svg.reasoning.effort': 'svgEffort',
  safety_identifier: 'safetyId',
  user: 'user',
};

/** A value for each parameter, to get its reason even where nothing was set. */
const PLACEHOLDERS: ParameterValues = {
  prompt: '-',
  size: 'auto',
  quality: 'auto',
  background: 'auto',
  moderation: 'auto',
  complexity: 'low',
  input_fidelity: 'high',
  style: 'vivid',
  response_format: 'b64_json',
  svg: { model: '-' },
  safety_identifier: '-',
  user: '-',
};

interface OmissionQuery {
  form: RequestForm;
  unsupported: readonly UnsupportedChoice[];
  operation: Operation;
  asEdit: boolean;
  allParameters: ParameterValues;
  server: Server;
}

/** All parameters that aren't sent, set ones first. One without `instead` has no control in the form. */
export function omittedParameters({
  form,
  unsupported,
  operation,
  asEdit,
  allParameters,
  server,
}: OmissionQuery): OmittedParameter[] {
  const all = {
    ...PLACEHOLDERS,
    ...withoutUndefined(allParameters),
    stream: allParameters.stream ?? false,
  } as Parameters;
  const { omitted } = omitUnsupportedParameters(operation, all, server);
  const gone = new Set(omitted.map(({ field }) => field));
  const list = [
    ...unsupported
      .filter(({ field }) => !gone.has(field))
      .map(({ field, chosen, reason, instead }): OmittedParameter => ({ field, value: chosen, reason, instead })),
    ...omitted.flatMap(({ field, reason }) => partsOf(field).map((part) => toOmitted(part, reason, form))),
  ];
  const effortAlone = !gone.has('svg') && operation === 'create' && form.svgModel.trim() === '';
  if (effortAlone && form.svgEffort !== 'auto')
    list.push(toOmitted('svg.reasoning.effort', 'requires an SVG model', form));
  if (asEdit && form.prompt.trim() !== '') list.push(toOmitted('prompt', 'variations use their own prompt', form));
  return [...list.filter(({ value }) => value !== null), ...list.filter(({ value }) => value === null)];
}

function partsOf(field: ParameterName): OmittedParameter['field'][] {
  return field === 'svg' ? ['svg.model', 'svg.reasoning.effort'] : [field];
}

const DEFAULT_FORM = readForm(null);

function toOmitted(field: OmittedParameter['field'], reason: string, form: RequestForm): OmittedParameter {
  const key = FORM_FIELDS[field];
  const touched = key !== undefined && JSON.stringify(form[key]) !== JSON.stringify(DEFAULT_FORM[key]);
  return { field, value: touched ? choiceLabel(field, form[key]) : null, reason, instead: null };
}

/** Sets a field of the form to its default. */
export function resetField(form: RequestForm, field: OmittedParameter['field']): void {
  const key = FORM_FIELDS[field];
  if (key !== undefined) Object.assign(form, { [key]: DEFAULT_FORM[key] });
}
