import type { StudioEvent } from '../contract/events.ts';
import type { Log } from '../contract/errors/errors.ts';
import type { ImageIndex } from '../library/index/image-index.ts';
import type { Library } from '../library/library.ts';
import { LibraryChanges } from '../library/order/library-changes.ts';

/** The library's changes, announced as events. */
export function openChanges({
  library,
  index,
  emit,
  log,
}: {
  library: Library;
  index: ImageIndex;
  emit(event: StudioEvent): void;
  log: Log;
}): LibraryChanges {
  return new LibraryChanges({
    library,
    resolve: (selection) => index.ask('resolve', { selection }),
    changed(change, concerned) {
      emit({ type: 'change', change });
      if (concerned?.images) emit({ type: 'library' });
      if (concerned?.order) emit({ type: 'order' });
    },
    failed: (thrown) => log('A change of the library failed', thrown),
  });
}
