import { StudioError } from '../contract/errors/errors.ts';
import { rebuildLibrary } from '../library/rebuild/rebuild-library.ts';
import { restoreSnapshot } from '../library/restore/restore-snapshot.ts';
import { findRestorable, type Restorable } from '../library/snapshots/find-restorable.ts';
import { canRebuild } from './handlers/rebuild-texts.ts';
import { RefusedLibrary } from './refused-library.ts';
import type { StudioOptions } from './studio-options.ts';

/**
 * Does what the person chose at the start about a library whose database can't be used, before it is opened.
 * @throws StudioError as `rebuildLibrary` and `restoreSnapshot` do; `not-found` if there is no snapshot
 */
export async function replaceDatabase(
  folder: string,
  { rebuild, restore }: Pick<StudioOptions, 'rebuild' | 'restore'>,
): Promise<void> {
  if (rebuild) rebuild.rebuilt(await rebuildLibrary(folder, rebuild));
  if (!restore) return;
  const snapshot = restore.snapshot ?? (await findRestorable(folder));
  if (!snapshot) throw new StudioError({ code: 'not-found', message: NO_SNAPSHOT });
  const { signal } = restore;
  restore.restored(await restoreSnapshot(folder, snapshot.name, { signal, now: Date.now() }), snapshot);
}

const NO_SNAPSHOT = 'This library has no snapshot that can be restored. Nothing was changed.';

/**
 * Adds the snapshot to the reason why a library wasn't opened, where one could help.
 * @param damaged a snapshot that has just turned out not to be sound: then an older one is looked for
 */
export async function withSnapshot(thrown: unknown, folder: string, damaged: Restorable | null): Promise<unknown> {
  if (!(thrown instanceof StudioError) || !canRebuild(thrown.report)) return thrown;
  const snapshot = await findRestorable(folder, damaged?.madeAt).catch(() => null);
  return new RefusedLibrary(thrown.report, snapshot, thrown);
}
