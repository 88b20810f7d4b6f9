import type { FolderFindings } from '../../contract/entities/libraries.ts';
import { isOpen } from '../../contract/entities/runs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { absolutePath } from '../../library/files/absolute-path.ts';
import { copyLibrary } from '../../library/move/copy-library.ts';
import { formerLibrary, keepFormer, trashFormer } from '../../library/move/former-library.ts';
import { hasDatabase, inspectFolder } from '../../library/files/inspect-folder.ts';
import { isSame, readIdentity } from '../../library/files/library-identity.ts';
import { sharedFolder } from '../../library/files/shared-folder.ts';
import { rebuildLibrary } from '../../library/rebuild/rebuild-library.ts';
import { forgetLibrary, hasHeldImages, usedLibraries } from '../../preferences/used-libraries.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';
import { rebuiltSentence } from './rebuild-texts.ts';

export function librariesHandlers(context: HandlerContext): HandlerGroup<'libraries'> {
  const { features, library, queue, runs, libraries, preferences, preferencesFolder, ending, log } = context;
  return {
    async 'libraries.list'() {
      const folders = (await usedLibraries(preferencesFolder)).filter(
        (folder) => folder !== (library.readOnlyFolder ?? library.folder),
      );
      return Promise.all(
        folders.toReversed().map(async (folder) => ({ folder, available: await hasDatabase(folder) })),
      );
    },

    'libraries.inspect': ({ folder }) => findingsIn(context, absolutePath(folder, 'folder')),

    async 'libraries.open'({ folder: typed, create }) {
      const { folder, kind, open } = await findingsIn(context, absolutePath(typed, 'folder'));
      if (open) return null;
      if (kind === 'gone')
        throw refused(`The library in ${folder} isn’t there. Connect its disk, or find where it was moved.`);
      if (kind === 'unusable') throw refused(`${folder} is a file, or can’t be read.`);
      if (kind !== 'library' && !create) throw refused(`There is no library in ${folder}.`);
      const former = preferences.libraryFolder;
      // First: a library that isn't opened again by the next start would seem lost.
      await preferences.setLibraryFolder(folder);
      try {
        await libraries.switchTo(folder);
      } catch (thrown) {
        await preferences.setLibraryFolder(former).catch((failure: unknown) => {
          log('The next start will try to open a library that could not be opened', failure);
        });
        throw thrown;
      }
      return null;
    },

    async 'libraries.rebuild'({ runId }) {
      await libraries.whileClosed(
        async (folder, control) => control.say(rebuiltSentence(await rebuildLibrary(folder, control))),
        { id: runId, kind: 'rebuild' },
      );
      return null;
    },

    'libraries.copy'({ runId, folder: typed }) {
      const chosen = absolutePath(typed, 'folder');
      if (queue.unfinished().length > 0)
        throw refused('Requests of this library aren’t finished. Wait for the images, or stop what runs in Activity.');
      return runs.start({ id: runId, kind: 'move' }, (control) => copyLibrary(library, chosen, control));
    },

    async 'libraries.former'() {
      const folder = await formerLibrary(library.readOnlyFolder ?? library.folder);
      return folder === null ? null : { folder, canTrash: features.trash !== undefined };
    },

    async 'libraries.trashFormer'({ folder }) {
      const { trash } = features;
      if (!trash)
        throw new StudioError({
          code: 'unsupported-here',
          message: `This browser can’t move folders to the trash. The old library is in ${folder}; nothing was changed.`,
        });
      if (queue.unfinished().length > 0 || runs.list().some(isOpen))
        throw refused('Requests or other work on this library aren’t finished. Wait until they are.');
      await trashFormer(library.folder, { former: folder, spared: preferencesFolder, signal: ending, trash });
      features.log.info(`The old library was moved to the trash: ${folder}`);
      // It would be listed as one that isn't there.
      await forgetLibrary(preferencesFolder, folder);
      return null;
    },

    async 'libraries.keepFormer'() {
      await keepFormer(library.folder);
      return null;
    },

    async 'libraries.forget'({ folder }) {
      await forgetLibrary(preferencesFolder, folder);
      return null;
    },
  };
}

/** What is in a folder, and whether the open library is. Changes nothing. */
export async function findingsIn(
  { library, preferencesFolder }: Pick<HandlerContext, 'library' | 'preferencesFolder'>,
  chosen: string,
): Promise<FolderFindings> {
  const { folder, kind } = await inspectFolder(chosen);
  const { database } = await readIdentity(folder);
  const open = database !== null && isSame(database, library.identity.database);
  const gone = (kind === 'empty' || kind === 'missing') && (await hasHeldImages(preferencesFolder, folder));
  return { folder, kind: gone ? 'gone' : kind, open, shared: await sharedFolder(folder) };
}

function refused(what: string): StudioError {
  return new StudioError({
    code: 'parameter-invalid',
    message: `${what} The open library stays open; nothing was changed.`,
    field: 'folder',
  });
}
