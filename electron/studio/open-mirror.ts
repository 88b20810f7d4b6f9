import type { StudioEvent } from '../contract/events.ts';
import type { Log } from '../contract/errors/errors.ts';
import type { Library } from '../library/library.ts';
import { LibraryMirror } from '../library/mirror/mirror-folder.ts';
import type { Preferences } from '../preferences/preferences.ts';
import { readSettings } from './handlers/read-settings.ts';

/** The mirror folder of the open library, told of images that arrive. `ended` resolves after `ending` was aborted. */
export function openMirror({
  library,
  preferences,
  emit,
  log,
  subscribe,
  ending,
}: {
  library: Library;
  preferences: Preferences;
  emit(event: StudioEvent): void;
  log: Log;
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Aborted when the studio closes. */
  ending: AbortSignal;
}): { libraryMirror: LibraryMirror; ended: Promise<void> } {
  const libraryMirror = new LibraryMirror({
    library,
    chosen: () => preferences.mirror,
    watched: () => preferences.watched?.folder ?? null,
    changed: () => emit({ type: 'settings', settings: readSettings(preferences, library) }),
    failed: (thrown) => log('Images could not be copied to the mirror folder', thrown),
  });
  const stop = subscribe(({ type }) => {
    if (type === 'library') libraryMirror.notice();
  });
  return { libraryMirror, ended: libraryMirror.run(ending).finally(stop) };
}
