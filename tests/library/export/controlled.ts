import type { Library } from '../../../electron/library/library.ts';
import type { RunControl, RunProgress } from '../../../electron/library/runs/run-control.ts';

/** A run's control that a test holds. `step` is called with each progress. */
export function controlled(step: (progress: RunProgress) => void = () => undefined): {
  control: RunControl;
  abort: AbortController;
} {
  const abort = new AbortController();
  return {
    abort,
    control: {
      signal: abort.signal,
      progress: step,
      pausePoint: () => Promise.resolve().then(() => abort.signal.throwIfAborted()),
    },
  };
}

/** Keys of all images, oldest first. */
export function timelinesOf({ db }: Library): Float64Array {
  return Float64Array.from(db.prepare<[], number>('SELECT timeline FROM images ORDER BY timeline').pluck().all());
}
