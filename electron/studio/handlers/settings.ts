import type { Settings } from '../../contract/entities/settings.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { absolutePath } from '../../library/files/absolute-path.ts';
import { librarySharedBy } from '../../library/files/shared-folder.ts';
import { isFolder } from '../../library/files/inspect-folder.ts';
import { isWithin } from '../../library/mirror/mirror-place.ts';
import { acceptUnlisted } from '../../library/unlisted-originals.ts';
import { trustAlso } from '../../images-api/transport/trust.ts';
import { folderOf, readSettings } from './read-settings.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function settingsHandlers({ preferences, library, emit }: HandlerContext): HandlerGroup<'settings'> {
  const changed = (): Settings => {
    const settings = readSettings(preferences, library);
    trustAlso(preferences.trustedPem);
    emit({ type: 'settings', settings });
    return settings;
  };
  return {
    'settings.get': () => readSettings(preferences, library),

    async 'settings.change'(change) {
      await preferences.change(change);
      return changed();
    },

    async 'settings.trustCertificates'({ name, base64 }) {
      await preferences.setCertificates({ name, bytes: Buffer.from(base64, 'base64') });
      return changed();
    },

    async 'settings.watchFolder'({ folder: typed }) {
      const folder = typed === null ? null : await requireFolder(typed);
      if (folder !== null && preferences.mirror && (await isWithin(preferences.mirror.folder, folder)))
        throw refused(`Images are copied to ${preferences.mirror.folder}, so they would be imported again.`);
      await preferences.setWatched(folder === null ? null : { folder, since: Date.now() });
      return changed();
    },

    async 'settings.removeCertificates'() {
      await preferences.setCertificates(null);
      return changed();
    },

    async 'settings.dismissDamage'() {
      await preferences.dismissDamage();
      return changed();
    },

    async 'settings.dismissShared'() {
      const by = librarySharedBy(library);
      if (by) await preferences.acceptShare({ folder: folderOf(library), shared: by });
      return changed();
    },

    'settings.dismissUnlisted'() {
      acceptUnlisted(library);
      return changed();
    },
  };
}

async function requireFolder(typed: string): Promise<string> {
  const folder = absolutePath(typed, 'folder');
  if (await isFolder(folder)) return folder;
  throw refused(`There is no folder ${folder}.`);
}

function refused(what: string): StudioError {
  return new StudioError({ code: 'parameter-invalid', message: `${what} Nothing was changed.`, field: 'folder' });
}
