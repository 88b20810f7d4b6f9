import type { LibraryRuns } from '../../library/runs/library-runs.ts';
import type { HandlerGroup } from './context.ts';

export function runHandlers(runs: LibraryRuns): HandlerGroup<'runs'> {
  return {
    'runs.list': () => runs.list(),
    'runs.cancel': ({ runId }) => runs.cancel(runId),
    'runs.pause': ({ runId }) => runs.pause(runId),
    'runs.resume': ({ runId }) => runs.resume(runId),
    'runs.dismiss'({ runId }) {
      runs.dismiss(runId);
      return null;
    },
  };
}
