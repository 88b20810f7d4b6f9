import type { StudioEvent } from '../contract/events.ts';
import { StudioError, type Log } from '../contract/errors/errors.ts';
import type { Library } from '../library/library.ts';
import { LibraryChanges } from '../library/order/library-changes.ts';

/** The library's changes, announced as events. */
export function openChanges({
  library,
  emit,
  log,
}: {
  library: Library;
  emit(event: StudioEvent): void;
  log: Log;
}): LibraryChanges {
  return new LibraryChanges({
    library,
    resolve: () => {
      throw new StudioError({
        code: 'index-loading',
        message: 'The library is still loading. Nothing was changed. Try again in a moment.',
      });
    },
    changed(change, concerned) {
      emit({ type: 'change', change });
      if (concerned?.images) emit({ type: 'library' });
      if (concerned?.order) emit({ type: 'order' });
    },
    failed: (thrown) => log('A change of the library failed', thrown),
  });
}
