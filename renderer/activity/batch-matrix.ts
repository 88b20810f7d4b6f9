import type { Batch, BatchAxis } from '../../electron/contract/rules/batch.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { parameterValueLabel } from '../state/parameter-labels.ts';

/** The most columns side by side. */
const MAX_COLUMNS = 6;

/** A batch as rows and columns: as many of the last axes as fit run across, the others down. */
export interface Matrix {
  columns: string[];
  rows: { name: string; cells: (Job | null)[] }[];
  /** Names of the axes across and down; '' for none. */
  across: string;
  down: string;
}

/** @param jobs current state of the batch's jobs */
export function batchMatrix({ axes, cells }: Batch, jobs: ReadonlyMap<string, Job>): Matrix {
  const split = columnSplit(axes);
  const [down, across] = [axes.slice(0, split), axes.slice(split)];
  const columns = cellPositions(across);
  const known = new Map(cells.map(({ at, jobId, job }) => [at.join(), jobs.get(jobId) ?? job]));
  return {
    columns: columns.map((place) => positionLabel(across, place)),
    rows: cellPositions(down).map((place) => ({
      name: positionLabel(down, place),
      cells: columns.map((column) => known.get([...place, ...column].join()) ?? null),
    })),
    across: across.map((axis) => axisName(axis, axes)).join(' · '),
    down: down.map((axis) => axisName(axis, axes)).join(' · '),
  };
}

/** Index of the first axis that runs across; a single axis always does. */
function columnSplit(axes: readonly BatchAxis[]): number {
  let split = Math.max(axes.length - 1, 0);
  let count = axes[split]?.values.length ?? 1;
  while (split > 1) {
    count *= axes[split - 1]?.values.length ?? 1;
    if (count > MAX_COLUMNS) break;
    split -= 1;
  }
  return split;
}

function cellPositions(axes: readonly BatchAxis[]): number[][] {
  return axes.reduce<number[][]>(
    (all, { values }) => all.flatMap((place) => values.map((_, index) => [...place, index])),
    [[]],
  );
}

function positionLabel(axes: readonly BatchAxis[], place: readonly number[]): string {
  return axes.map((axis, index) => axisValueLabel(axis, axis.values[place[index] ?? 0] ?? '')).join(' · ');
}

function axisName(axis: BatchAxis, axes: readonly BatchAxis[]): string {
  if (axis.kind === 'model') return 'Model';
  if (axis.kind === 'quality') return 'Quality';
  const variables = axes.filter(({ kind }) => kind === 'variable');
  return variables.length > 1 ? `Variable ${variables.indexOf(axis) + 1}` : 'Variable';
}

function axisValueLabel(axis: BatchAxis, value: string): string {
  if (axis.kind === 'quality') return parameterValueLabel('quality', value);
  return value === '' ? '(empty)' : value;
}
