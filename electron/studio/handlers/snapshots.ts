import { restoreSnapshot } from '../../library/restore/restore-snapshot.ts';
import { RESTORE_STEPS } from '../../library/restore/steps.ts';
import { makeSnapshot } from '../../library/snapshots/make-snapshot.ts';
import { listSnapshots } from '../../library/snapshots/snapshot-files.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';
import { restoredSentence, STEP_NAMES } from './restore-texts.ts';

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
    async 'snapshots.restore'({ runId, name }) {
      await libraries.whileClosed(
        async (closed, { signal, progress, say }) => {
          const restored = await restoreSnapshot(closed, name, {
            signal,
            now: Date.now(),
            progress: ({ step, part }) =>
              progress(RESTORE_STEPS.indexOf(step) + part, RESTORE_STEPS.length, STEP_NAMES[step]),
          });
          const { taken, unused, unlisted, kept } = restored;
          features.log.info(
            `Restored the snapshot ${name}: ${taken} records taken in, ${unused} not usable, ${unlisted} originals not listed; replaced database: ${kept ?? 'none'}`,
          );
          say(restoredSentence(restored));
        },
        { id: runId, kind: 'restore' },
      );
      return null;
    },
  };
}
