import type { StudioEvent } from '../contract/events.ts';
import type { Log } from '../contract/errors/errors.ts';
import type { ImageIndex } from '../library/index/image-index.ts';
import type { Library } from '../library/library.ts';
import { makeSnapshot } from '../library/snapshots/make-snapshot.ts';
import { SidecarWriter } from '../library/sidecars/sidecar-writer.ts';
import { LibraryChanges } from '../library/order/library-changes.ts';

/** The library's changes, announced as events. */
export function openChanges({
  library,
  index,
  emit,
  log,
  subscribe,
  ending,
}: {
  library: Library;
  index: ImageIndex;
  emit(event: StudioEvent): void;
  log: Log;
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Aborted when the studio closes. */
  ending: AbortSignal;
}): LibraryChanges {
  const sidecars = new SidecarWriter(library, ending, (thrown) => {
    if (!ending.aborted) log('A record could not be written', thrown);
  });
  // Tags, collections and saved prompts are in the library's record.
  subscribe(({ type }) => {
    if (type === 'order' && !ending.aborted) void sidecars.start();
  });
  return new LibraryChanges({
    library,
    resolve: (selection) => index.ask('resolve', { selection }),
    changed(change, concerned) {
      emit({ type: 'change', change });
      if (concerned?.images) emit({ type: 'library' });
      if (concerned?.order) emit({ type: 'order' });
      if (concerned?.sidecars) void sidecars.start();
    },
    failed: (thrown) => log('A change of the library failed', thrown),
    // A full disk must not keep the trash from being emptied.
    beforeDeleting: () =>
      makeSnapshot(library.folder, { reason: 'deletion', now: Date.now(), signal: ending }).then(
        () => undefined,
        (thrown: unknown) => {
          if (!ending.aborted) log('The database could not be copied before images were deleted', thrown);
        },
      ),
  });
}
