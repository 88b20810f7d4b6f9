import type { Batch, BatchAxis } from '../../electron/contract/batch.ts';
import type { Job } from '../../electron/contract/entities.ts';
import { parameterWord } from '../state/parameter-words.ts';

/** A batch as rows and columns: the last axis runs across, all others run down. */
export interface Matrix {
  columns: string[];
  rows: { name: string; cells: (Job | null)[] }[];
  /** What runs across, and what runs down; '' for none. */
  across: string;
  down: string;
}

/** @param jobs the newest truth of the batch's jobs */
export function matrixOf(batch: Batch, jobs: ReadonlyMap<string, Job>): Matrix {
  const last = batch.axes.at(-1);
  const others = batch.axes.slice(0, -1);
  const columns = last ? last.values.map((value) => axisWord(last, value)) : [''];
  const places = others.reduce<number[][]>(
    (all, { values }) => all.flatMap((place) => values.map((_, index) => [...place, index])),
    [[]],
  );
  const cells = new Map(batch.cells.map(({ at, jobId, job }) => [at.join(), jobs.get(jobId) ?? job]));
  return {
    columns,
    rows: places.map((place) => ({
      name: place.map((index, axis) => axisWord(others[axis], others[axis]?.values[index] ?? '')).join(' · '),
      cells: columns.map((_, index) => cells.get((last ? [...place, index] : place).join()) ?? null),
    })),
    across: last ? axisName(last, batch.axes) : '',
    down: others.map((axis) => axisName(axis, batch.axes)).join(' · '),
  };
}

function axisName(axis: BatchAxis, axes: readonly BatchAxis[]): string {
  if (axis.kind === 'model') return 'Model';
  if (axis.kind === 'quality') return 'Quality';
  const variables = axes.filter(({ kind }) => kind === 'variable');
  return variables.length > 1 ? `Variable ${variables.indexOf(axis) + 1}` : 'Variable';
}

function axisWord(axis: BatchAxis | undefined, value: string): string {
  if (axis?.kind === 'quality') return parameterWord('quality', value);
  return value === '' ? '(nothing)' : value;
}
