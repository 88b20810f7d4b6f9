import * as v from 'valibot';
import { JobRequestSchema, type BatchId, type Job, type JobId, type JobRequest, type Timestamp } from './entities.ts';
import { QUALITIES, type Quality } from './parameters.ts';

/** The most requests that one batch may become. */
export const MOST_CELLS = 200;

/**
 * One request varied: every combination of the prompt's variables, the models and the qualities becomes a job. `base` holds the prompt
 * with its variables, `{a|b|c}`; its own model and quality count where the lists are empty.
 */
export const BatchRequestSchema = v.strictObject({
  base: JobRequestSchema,
  models: v.pipe(v.array(v.pipe(v.string(), v.nonEmpty(), v.maxLength(256))), v.maxLength(14)),
  qualities: v.pipe(v.array(v.picklist(QUALITIES)), v.maxLength(QUALITIES.length)),
});
export type BatchRequest = v.InferOutput<typeof BatchRequestSchema>;

/** One direction of the matrix: `{morning|night}` of the prompt, the models, or the qualities. */
export interface BatchAxis {
  kind: 'variable' | 'model' | 'quality';
  values: string[];
}

/** One combination: its place on each axis, and the request that it becomes. */
export interface BatchCell {
  at: number[];
  request: JobRequest;
}

/** A batch as it was sent, with what became of it. */
export interface Batch {
  id: BatchId;
  createdAt: Timestamp;
  request: BatchRequest;
  axes: BatchAxis[];
  cells: { at: number[]; jobId: JobId; job: Job }[];
}

/** The text and the variables of a prompt, in order. `\{`, `\|` and `\}` stand for themselves, and so do braces without a bar. */
export function readTemplate(prompt: string): (string | string[])[] {
  const parts: (string | string[])[] = [];
  let rest = prompt;
  for (;;) {
    const match = /(?<!\\)\{((?:\\.|[^{}\\])*)(?<!\\)\}/su.exec(rest);
    const inner = match?.[1] ?? '';
    const choices = inner.split(/(?<!\\)\|/u).map((choice) => unescape(choice.trim()));
    if (!match) return [...parts, unescape(rest)];
    parts.push(unescape(rest.slice(0, match.index)));
    if (choices.length > 1) parts.push([...new Set(choices)]);
    else parts.push(unescape(match[0]));
    rest = rest.slice(match.index + match[0].length);
  }
}

function unescape(text: string): string {
  return text.replace(/\\([{|}])/gu, '$1');
}

/** Whether a prompt has variables. */
export function hasVariables(prompt: string): boolean {
  return readTemplate(prompt).some((part) => Array.isArray(part));
}

/** The axes of a batch that have more than one value, variables first. */
export function batchAxes({ base, models, qualities }: BatchRequest): BatchAxis[] {
  const prompt = 'prompt' in base.parameters ? base.parameters.prompt : '';
  const variables = readTemplate(prompt).filter((part) => Array.isArray(part));
  return [
    ...variables.map((values): BatchAxis => ({ kind: 'variable', values })),
    ...(models.length > 1 ? [{ kind: 'model' as const, values: [...new Set(models)] }] : []),
    ...(qualities.length > 1 ? [{ kind: 'quality' as const, values: [...new Set(qualities)] }] : []),
  ];
}

/** How many requests a batch becomes, without making them. */
export function countCells(batch: BatchRequest): number {
  return batchAxes(batch).reduce((product, { values }) => product * values.length, 1);
}

/** Every combination as a request, the last axis running fastest. The caller has seen to it that there are at most {@link MOST_CELLS}. */
export function expandBatch(batch: BatchRequest): BatchCell[] {
  const axes = batchAxes(batch);
  const places = axes.reduce<number[][]>(
    (all, { values }) => all.flatMap((place) => values.map((_, index) => [...place, index])),
    [[]],
  );
  return places.map((at) => ({ at, request: requestAt(batch, axes, at) }));
}

function requestAt({ base, models, qualities }: BatchRequest, axes: readonly BatchAxis[], at: number[]): JobRequest {
  const chosen = (kind: BatchAxis['kind']): string[] =>
    axes.flatMap((axis, index) => (axis.kind === kind ? [axis.values[at[index] ?? 0] ?? ''] : []));
  const model = chosen('model')[0] ?? models[0] ?? base.parameters.model;
  // The schema of the list has checked that it is one.
  const quality = (chosen('quality')[0] as Quality | undefined) ?? qualities[0];
  if (base.operation === 'variation') return { ...base, parameters: { ...base.parameters, model } };
  const prompt = fill(base.parameters.prompt, chosen('variable'));
  const parameters = { ...base.parameters, prompt, model, quality: quality ?? base.parameters.quality };
  // Both have these parameters; the compiler loses sight of which it is.
  return { ...base, parameters } as JobRequest;
}

function fill(prompt: string, values: readonly string[]): string {
  let next = 0;
  return readTemplate(prompt)
    .map((part) => (Array.isArray(part) ? (values[next++] ?? '') : part))
    .join('');
}
