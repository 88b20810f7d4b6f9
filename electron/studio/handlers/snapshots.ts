import { makeSnapshot } from '../../library/snapshots/make-snapshot.ts';
import { listSnapshots } from '../../library/snapshots/snapshot-files.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function snapshotHandlers({ library, runs }: HandlerContext): HandlerGroup<'snapshots'> {
  const { folder } = library;
  return {
    'snapshots.list': () => listSnapshots(folder),
    'snapshots.make': ({ runId }) =>
      runs.start({ id: runId, kind: 'snapshot' }, ({ signal, progress }) =>
        makeSnapshot(folder, {
          reason: 'manual',
          now: Date.now(),
          signal,
          progress: (done, total) => progress({ done, total, name: null }),
        }),
      ),
  };
}
