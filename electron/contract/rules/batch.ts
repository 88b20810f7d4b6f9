import * as v from 'valibot';
import type { BatchId, JobId, Timestamp } from '../entities/ids.ts';
import type { Job } from '../entities/jobs.ts';
import { JobRequestSchema, type JobRequest } from '../entities/requests.ts';
import { QUALITIES, type Quality } from '../catalogue/parameters.ts';

/** Maximum requests per batch. */
export const MAX_BATCH_SIZE = 200;

/**
 * A request with variations: each combination of the prompt's variables, the models and the qualities becomes a job. If `models` or
 * `qualities` is empty, the value in `base` applies.
 */
export const BatchRequestSchema = v.strictObject({
  base: JobRequestSchema,
  /**
   * Whether the prompt in `base` is a template with variables such as `{a|b|c}`; false: it is sent as it is. A batch without this field,
   * stored by an earlier version, has a template.
   */
  variables: v.optional(v.boolean()),
  models: v.pipe(v.array(v.pipe(v.string(), v.nonEmpty(), v.maxLength(256))), v.maxLength(14)),
  qualities: v.pipe(v.array(v.picklist(QUALITIES)), v.maxLength(QUALITIES.length)),
});
export type BatchRequest = v.InferOutput<typeof BatchRequestSchema>;

/** One axis of the matrix: a variable such as `{morning|night}`, the models, or the qualities. */
export interface BatchAxis {
  kind: 'variable' | 'model' | 'quality';
  values: string[];
}

/** One combination: its 0-based index on each axis, and the resulting request. */
export interface BatchCell {
  at: number[];
  request: JobRequest;
}

/** A stored batch with its jobs. */
export interface Batch {
  id: BatchId;
  createdAt: Timestamp;
  request: BatchRequest;
  axes: BatchAxis[];
  cells: { at: number[]; jobId: JobId; job: Job }[];
}

/**
 * Splits a prompt template into text (strings) and variables (arrays of choices), in order. A variable is `{a|b|c}`: braces that contain
 * a bar and no other variable. `\{`, `\|`, `\}` and `\\` escape the second character. Braces without a bar or without a counterpart
 * are text. Choices are trimmed and deduplicated; a variable with one remaining choice becomes text.
 */
export function parsePromptTemplate(prompt: string): (string | string[])[] {
  const parts: (string | string[])[] = [];
  let text = '';
  for (let at = 0; at < prompt.length;) {
    const variable = prompt[at] === '{' ? parseVariable(prompt, at) : null;
    if (variable === null) {
      const [character, next] = parseCharacter(prompt, at);
      text += character;
      at = next;
      continue;
    }
    const { choices, end } = variable;
    const [onlyChoice, ...more] = choices;
    if (more.length === 0) text += onlyChoice ?? '';
    else {
      if (text !== '') parts.push(text);
      parts.push(choices);
      text = '';
    }
    at = end;
  }
  return text === '' ? parts : [...parts, text];
}

/** Returns the prompt's variables with their positions in UTF-16 code units: `from` at the opening brace, `end` after the closing one. */
export function findPromptVariables(prompt: string): { from: number; end: number; choices: string[] }[] {
  const found: { from: number; end: number; choices: string[] }[] = [];
  for (let at = 0; at < prompt.length;) {
    const variable = prompt[at] === '{' ? parseVariable(prompt, at) : null;
    if (variable && variable.choices.length > 1) found.push({ from: at, ...variable });
    at = variable ? variable.end : parseCharacter(prompt, at)[1];
  }
  return found;
}

/** Parses the variable at an opening brace; null if the brace is plain text. */
function parseVariable(prompt: string, from: number): { choices: string[]; end: number } | null {
  const choices: string[] = [];
  let start = from + 1;
  for (let at = start; at < prompt.length; at = parseCharacter(prompt, at)[1]) {
    const character = prompt[at];
    if (character === '{') return null;
    if (character !== '|' && character !== '}') continue;
    choices.push(unescapeText(prompt.slice(start, at).trim()));
    start = at + 1;
    if (character === '}') return choices.length < 2 ? null : { choices: [...new Set(choices)], end: start };
  }
  return null;
}

/** Returns the unescaped character at a position, and the position of the next one. */
function parseCharacter(template: string, at: number): [character: string, next: number] {
  const next = template[at + 1] ?? '';
  if (template[at] === '\\' && '{|}\\'.includes(next) && next !== '') return [next, at + 2];
  return [template[at] ?? '', at + 1];
}

function unescapeText(template: string): string {
  let text = '';
  for (let at = 0; at < template.length;) {
    const [character, next] = parseCharacter(template, at);
    text += character;
    at = next;
  }
  return text;
}

/** Escapes text for use in a prompt template. */
export function escapePromptTemplate(text: string): string {
  return text.replace(/[{|}\\]/gu, '\\$&');
}

/** Whether a prompt has variables. */
export function hasPromptVariables(prompt: string): boolean {
  return parsePromptTemplate(prompt).some((part) => Array.isArray(part));
}

/** Returns the axes of a batch that have at least two values: the prompt's variables, then the models, then the qualities. */
export function batchAxes(batch: BatchRequest): BatchAxis[] {
  const { base, models, qualities } = batch;
  const axes: BatchAxis[] = [
    ...promptParts(batch)
      .filter((part) => Array.isArray(part))
      .map((values): BatchAxis => ({ kind: 'variable', values })),
    { kind: 'model', values: [...new Set(models)] },
    // Variations have no quality parameter.
    { kind: 'quality', values: base.operation === 'variation' ? [] : [...new Set(qualities)] },
  ];
  return axes.filter(({ values }) => values.length > 1);
}

/** Returns the number of requests in a batch without creating them. */
export function countCombinations(batch: BatchRequest): number {
  return batchAxes(batch).reduce((product, { values }) => product * values.length, 1);
}

/**
 * Returns every combination as a request; the last axis varies fastest. The caller ensures that there are at most {@link
 * MAX_BATCH_SIZE}.
 */
export function expandBatch(batch: BatchRequest): BatchCell[] {
  const axes = batchAxes(batch);
  const indexTuples = axes.reduce<number[][]>(
    (all, { values }) => all.flatMap((indexTuple) => values.map((_, index) => [...indexTuple, index])),
    [[]],
  );
  return indexTuples.map((at) => ({ at, request: requestAt(batch, axes, at) }));
}

function requestAt(batch: BatchRequest, axes: readonly BatchAxis[], at: number[]): JobRequest {
  const { base, models, qualities } = batch;
  const chosen = (kind: BatchAxis['kind']): string[] =>
    axes.flatMap((axis, index) => (axis.kind === kind ? [axis.values[at[index] ?? 0] ?? ''] : []));
  const model = chosen('model')[0] ?? models[0] ?? base.parameters.model;
  // The schema of `qualities` has validated the value.
  const quality = (chosen('quality')[0] as Quality | undefined) ?? qualities[0];
  if (base.operation === 'variation') return { ...base, parameters: { ...base.parameters, model } };
  const prompt = fill(promptParts(batch), chosen('variable'));
  const parameters = { ...base.parameters, prompt, model, quality: quality ?? base.parameters.quality };
  // Create and edit both have these parameters; TypeScript loses the connection with `operation`.
  return { ...base, parameters } as JobRequest;
}

/** The batch's prompt as text and variables; [] for variations, which have no prompt. */
function promptParts({ base, variables }: BatchRequest): (string | string[])[] {
  if (base.operation === 'variation') return [];
  return variables === false ? [base.parameters.prompt] : parsePromptTemplate(base.parameters.prompt);
}

function fill(parts: readonly (string | string[])[], values: readonly string[]): string {
  let next = 0;
  return parts.map((part) => (Array.isArray(part) ? (values[next++] ?? '') : part)).join('');
}

/** The first `limit` prompts that a template expands to, in the order of its batch. */
export function expandPromptTemplate(prompt: string, limit: number): string[] {
  const parts = parsePromptTemplate(prompt);
  const lists = parts.filter((part) => Array.isArray(part));
  const count = lists.reduce((product, choices) => Math.min(limit, product * choices.length), 1);
  return Array.from({ length: count }, (_, index) => fill(parts, choicesAt(lists, index)));
}

/** The choice of each variable in the combination with this 0-based number; the last variable varies fastest. */
function choicesAt(lists: readonly string[][], index: number): string[] {
  let rest = index;
  return lists
    .toReversed()
    .map((choices) => {
      const choice = choices[rest % choices.length] ?? '';
      rest = Math.floor(rest / choices.length);
      return choice;
    })
    .toReversed();
}
