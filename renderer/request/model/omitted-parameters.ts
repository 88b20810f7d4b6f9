import type { Operation, ParameterName, Parameters } from '../../../electron/contract/catalogue/parameters.ts';
import { settleParameters } from '../../../electron/contract/rules/parameter-rules.ts';
import type { Server } from '../../../electron/contract/catalogue/servers.ts';
import type { Wishes } from '../../../electron/contract/costs/token-counts.ts';
import { readForm, type RequestForm } from '../../state/request-form.ts';
import { choiceWord, type PutAside } from './unsupported-choices.ts';
import { withoutGaps } from './effective-parameters.ts';

/** Something of the form that does not go out with the present model, server or operation. */
export interface NotSent {
  /** By its API name, for `parameterName`. */
  field: ParameterName | 'svg.model' | 'svg.reasoning.effort';
  /** What the person set, in words; null where it is as it was in the beginning. */
  value: string | null;
  /** A part of a sentence, without a full stop. */
  reason: string;
  /** What is sent in its place, in words; null where nothing is. */
  instead: string | null;
}

/** Where the form keeps a parameter. Those that are always sent have no place here. */
const KEPT: Readonly<Partial<Record<NotSent['field'], keyof RequestForm>>> = {
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

/** A value for each parameter, so that its reason can be asked for also where nothing was set. */
const STAND_INS: Wishes = {
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

interface Question {
  form: RequestForm;
  aside: readonly PutAside[];
  operation: Operation;
  asEdit: boolean;
  wishes: Wishes;
  server: Server;
}

/** Everything that is not sent, what the person set before the rest. A parameter that is in this list without `instead` has no control. */
export function whatIsNotSent({ form, aside, operation, asEdit, wishes, server }: Question): NotSent[] {
  const all = { ...STAND_INS, ...withoutGaps(wishes), stream: wishes.stream ?? false } as Parameters;
  const { dropped } = settleParameters(operation, all, server);
  const gone = new Set(dropped.map(({ field }) => field));
  const list = [
    ...aside
      .filter(({ field }) => !gone.has(field))
      .map(({ field, chosen, reason, instead }): NotSent => ({ field, value: chosen, reason, instead })),
    ...dropped.flatMap(({ field, reason }) => partsOf(field).map((part) => asNotSent(part, reason, form))),
  ];
  const effortAlone = !gone.has('svg') && operation === 'create' && form.svgModel.trim() === '';
  if (effortAlone && form.svgEffort !== 'auto')
    list.push(asNotSent('svg.reasoning.effort', 'only with an author named', form));
  if (asEdit && form.prompt.trim() !== '')
    list.push(asNotSent('prompt', 'the variation has a prompt of its own', form));
  return [...list.filter(({ value }) => value !== null), ...list.filter(({ value }) => value === null)];
}

function partsOf(field: ParameterName): NotSent['field'][] {
  return field === 'svg' ? ['svg.model', 'svg.reasoning.effort'] : [field];
}

const UNTOUCHED = readForm(null);

function asNotSent(field: NotSent['field'], reason: string, form: RequestForm): NotSent {
  const key = KEPT[field];
  const touched = key !== undefined && JSON.stringify(form[key]) !== JSON.stringify(UNTOUCHED[key]);
  return { field, value: touched ? choiceWord(field, form[key]) : null, reason, instead: null };
}

/** The form without something that is not sent: as it was in the beginning. */
export function forget(form: RequestForm, field: NotSent['field']): void {
  const key = KEPT[field];
  if (key !== undefined) Object.assign(form, { [key]: UNTOUCHED[key] });
}
