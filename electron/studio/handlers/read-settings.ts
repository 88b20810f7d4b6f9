import type { LibrarySummary, Settings } from '../../contract/entities/settings.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { freeSpaceOf } from '../../library/files/free-space.ts';
import { librarySharedBy } from '../../library/files/shared-folder.ts';
import { lastWatchedImport } from '../../library/import/watched-folder.ts';
import { mirrorStatus } from '../../library/mirror/mirror-folder.ts';
import { databaseHealth, readLibraryTotals, type Library } from '../../library/library.ts';
import { unlistedOriginals } from '../../library/unlisted-originals.ts';
import type { Preferences } from '../../preferences/preferences.ts';

/** The settings for the renderer, without keys (only where each is stored) and without the proxy's password. */
export function readSettings(preferences: Preferences, library: Library): Settings {
  return {
    theme: preferences.theme,
    profileId: preferences.profileId,
    profiles: preferences.profiles(),
    proxy: preferences.proxy,
    environmentProxy: preferences.environmentProxy,
    monthlyCap: preferences.monthlyCap,
    stripMetadata: preferences.stripMetadata,
    damage: preferences.damage,
    certificates: preferences.certificates,
    prices: preferences.prices,
    watchedFolder: preferences.watched?.folder ?? null,
    mirrorFolder: preferences.mirror,
    library: summarize(preferences, library),
  };
}

/** Where a library is for the person, also while a copy of its database is open because it is read-only. */
export function folderOf({ folder, readOnlyFolder }: Library): string {
  return readOnlyFolder ?? folder;
}

/** Never throws: the page must open on a damaged library, to say so. */
function summarize(preferences: Preferences, library: Library): LibrarySummary {
  const { db, readOnlyFolder } = library;
  const folder = folderOf(library);
  let totals: Pick<LibrarySummary, 'images' | 'bytes'> = { images: null, bytes: null };
  try {
    totals = readLibraryTotals(db);
  } catch (thrown) {
    if (!(thrown instanceof StudioError)) throw thrown;
  }
  const { damage } = databaseHealth(db);
  const unlisted = unlistedOriginals({ db });
  const shared = librarySharedBy({ db });
  const free = freeSpaceOf({ db });
  const watched = lastWatchedImport({ db });
  const mirror = mirrorStatus({ db });
  return {
    folder,
    ...(readOnlyFolder !== null && { readOnly: true as const }),
    ...totals,
    ...(damage && { damage: damage.message }),
    ...(unlisted && { unlisted }),
    ...(shared && { shared: { by: shared, accepted: preferences.hasAcceptedShare({ folder, shared }) } }),
    ...(free && { free }),
    ...(watched && { watched }),
    ...(mirror && { mirror }),
  };
}
