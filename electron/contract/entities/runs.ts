import type { CheckReport, RepairOutcomes } from './checks.ts';
import type { CopyResult } from './copies.ts';
import type { ErrorReport } from '../errors/errors.ts';
import type { ExportResult } from './exports.ts';
import type { RunId, Timestamp } from './ids.ts';
import type { ImportReport, ImportResult } from './imports.ts';
import type { Snapshot } from './snapshots.ts';

/** What each kind of run ends with. */
export interface RunResults {
  /** Looking at what was chosen to import. */
  scan: ImportReport;
  import: ImportResult;
  export: ExportResult;
  check: CheckReport;
  repair: RepairOutcomes;
  rebuild: null;
  move: CopyResult;
  snapshot: Snapshot;
  /** Going back to a snapshot. */
  restore: null;
}

export type RunKind = keyof RunResults;

/**
 * Long work on the library with progress: an import, an export, a check. `paused` stops before its next step. What a run that was
 * cancelled or failed has made never looks whole unless it is.
 */
type RunState = 'running' | 'paused' | 'done' | 'cancelled' | 'failed';

export interface RunOf<K extends RunKind> {
  id: RunId;
  kind: K;
  state: RunState;
  /** Steps that are done, also in part, and all of them; null while that isn't known. */
  done: number;
  total: number | null;
  /** What it is at: a file's name, or its step. */
  name: string | null;
  startedAt: Timestamp;
  endedAt: Timestamp | null;
  /** Why it failed. */
  error: ErrorReport | null;
  /** Null until it is done; how earlier repairs ended until a repair is. */
  result: RunResults[K] | null;
}

export type Run = RunOf<RunKind>;

/** Whether it goes on, or would if it weren't paused. */
export function isOpen({ state }: Pick<Run, 'state'>): boolean {
  return state === 'running' || state === 'paused';
}
