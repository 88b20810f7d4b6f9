import { restoreSnapshot } from '../../library/restore/restore-snapshot.ts';
import { makeSnapshot } from '../../library/snapshots/make-snapshot.ts';
import { listSnapshots } from '../../library/snapshots/snapshot-files.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function snapshotHandlers({ features, library, libraries, runs }: HandlerContext): HandlerGroup<'snapshots'> {
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
    async 'snapshots.restore'({ name }) {
      await libraries.whileClosed(async (closed) => {
        // It can't be cancelled: nobody sees the library meanwhile.
        const { signal } = new AbortController();
        const { taken, unused, unlisted, kept } = await restoreSnapshot(closed, name, { signal, now: Date.now() });
        features.log.info(
          `Restored the snapshot ${name}: ${taken} records taken in, ${unused} not usable, ${unlisted} originals not listed; replaced database: ${kept ?? 'none'}`,
        );
      });
      return null;
    },
  };
}
