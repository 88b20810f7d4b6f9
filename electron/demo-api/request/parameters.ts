import * as v from 'valibot';
import { DEFAULT_MODEL, MODELS, type Model } from '../../contract/catalogue/models.ts';
import {
  CreateParametersSchema,
  EditParametersSchema,
  VariationParametersSchema,
  type CreateParameters,
  type EditParameters,
  type Operation,
  type ParameterName,
  type Parameters,
} from '../../contract/catalogue/parameters.ts';
import { omitUnsupportedParameters } from '../../contract/rules/omit-parameters.ts';
import { checkParameters } from '../../contract/rules/parameter-rules.ts';
import { invalidValue, ApiError, unknownParameter } from './api-error.ts';

const SCHEMAS = {
  create: CreateParametersSchema,
  edit: EditParametersSchema,
  variation: VariationParametersSchema,
} as const;

type EveryParameter = Omit<CreateParameters, 'svg'> & Pick<EditParameters, 'input_fidelity' | 'svg'>;

/** The parameters of all operations; unset ones are undefined, never null. */
export type AnyParameters = { [Name in keyof EveryParameter]?: NonNullable<EveryParameter[Name]> };

/**
 * Returns the validated parameters without nulls, and their model.
 * @throws ApiError 400 about a parameter, or 404 for an unknown model
 */
export function readParameters(
  operation: Operation,
  given: Record<string, unknown>,
): { parameters: AnyParameters; model: Model } {
  const parsed = v.safeParse(SCHEMAS[operation], given);
  if (!parsed.success) throw refusalOf(parsed.issues[0], given);
  const parameters = Object.fromEntries(
    Object.entries(parsed.output).filter(([, value]) => value !== null),
  ) as AnyParameters;
  const model = modelFor(parameters);
  const named = { ...parameters, model: model.name } as Parameters;
  for (const { field, reason } of omitUnsupportedParameters(operation, named).omitted)
    rejectOmitted(field, reason, parameters, model);
  const problem = checkParameters(operation, named)[0];
  if (problem) throw invalidValue(problem.field, problem.message);
  checkCombination(parameters);
  return { parameters, model };
}

function refusalOf(issue: v.BaseIssue<unknown> | undefined, given: Record<string, unknown>): ApiError {
  const path = issue?.path?.map(({ key }) => String(key)) ?? [];
  const param = path.length > 1 ? `${path[0]}[${path.slice(1).join('][')}]` : (path[0] ?? 'body');
  if (issue?.type === 'strict_object' && issue.expected === 'never') return unknownParameter(param);
  if (path[0] !== undefined && given[path[0]] === undefined) {
    return invalidValue(param, `Missing required parameter: '${param}'.`, 'missing_required_parameter');
  }
  const expected = issue?.expected
    ? `expected ${issue.expected}, but got ${issue.received} instead.`
    : (issue?.message ?? '');
  return invalidValue(
    param,
    `Invalid value for '${param}': ${expected}`,
    issue?.kind === 'schema' && issue.type !== 'picklist' ? 'invalid_type' : 'invalid_value',
  );
}

/** The API's default: dall-e-2, unless a parameter of the GPT image models is used [API reference]. */
function modelFor(parameters: AnyParameters): Model {
  const modern: ParameterName[] = [
    'background',
    'complexity',
    'moderation',
    'output_compression',
    'output_format',
    'partial_images',
    'stream',
    'svg',
  ];
  const name =
    parameters.model ?? (modern.some((field) => parameters[field] !== undefined) ? DEFAULT_MODEL : 'dall-e-2');
  const model = MODELS.find((entry) => entry.name === name);
  if (!model)
    throw new ApiError(404, `The model '${name}' does not exist or you do not have access to it.`, {
      code: 'model_not_found',
      param: 'model',
    });
  return model;
}

/** Parameters that the model supports, but not in this combination: an invalid value rather than an unknown parameter. */
const SUPPORTED_ELSEWHERE: Readonly<Partial<Record<ParameterName, (model: Model) => boolean>>> = {
  output_compression: (model) => model.formats.length > 1,
  partial_images: (model) => model.streaming,
  stream: (model) => model.streaming,
  frame_count: () => true,
  frame_duration_ms: () => true,
  svg: () => true,
};
/** Values without an effect, which are always accepted. */
const NO_OP_VALUES: Readonly<Partial<Record<ParameterName, unknown>>> = {
  output_compression: 100,
  partial_images: 0,
  stream: false,
};

/** Rejects parameters that the application would omit, as the API does. Source: `resources/images.d.ts` of `openai` 7.57.0. */
function rejectOmitted(field: ParameterName, reason: string, parameters: AnyParameters, model: Model): void {
  if (field in NO_OP_VALUES && parameters[field] === NO_OP_VALUES[field]) return;
  if (SUPPORTED_ELSEWHERE[field]?.(model)) throw invalidValue(field, `'${field}' cannot be used here: ${reason}.`);
  throw field === 'response_format' || !model.responseFormat
    ? unknownParameter(field)
    : invalidValue(field, `Unknown parameter: '${field}'. ${reason}.`, 'unknown_parameter');
}

/** A streamed response carries one image. */
function checkCombination({ stream, n = 1 }: AnyParameters): void {
  if (stream && n > 1) throw invalidValue('n', 'With stream: true only n: 1 is supported.');
}

const INTEGER_FIELDS: readonly string[] = [
  'n',
  'output_compression',
  'partial_images',
  'frame_count',
  'frame_duration_ms',
];

/** Converts a form's text fields to JSON: numbers, booleans, and `svg[reasoning][effort]` as nested objects. */
export function fieldsToJson(fields: readonly (readonly [string, string])[]): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, text] of fields) {
    const [first = name, ...rest] = name.split(/\]\[|\[|\]$/u).filter((part, index) => index === 0 || part !== '');
    if (rest.length > 3 || ['__proto__', 'constructor', 'prototype'].some((word) => name.includes(word)))
      throw unknownParameter(name);
    let place = json;
    for (const [index, key] of [first, ...rest].entries()) {
      if (index === rest.length) place[key] = valueOf(name, text);
      else
        place = (typeof place[key] === 'object' && place[key] !== null ? place[key] : (place[key] = {})) as Record<
          string,
          unknown
        >;
    }
  }
  return json;
}

function valueOf(name: string, text: string): unknown {
  if (INTEGER_FIELDS.includes(name)) return /^-?\d{1,9}$/u.test(text) ? Number(text) : text;
  if (name === 'stream')
    return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
  return text;
}
