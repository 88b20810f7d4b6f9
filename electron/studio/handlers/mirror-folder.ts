import type { Settings } from '../../contract/entities/settings.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { absolutePath } from '../../library/files/absolute-path.ts';
import { placeProblem } from '../../library/mirror/mirror-place.ts';
import { mirrorSentence, MirrorStopped, type MirrorProblem } from '../../library/mirror/mirror-problem.ts';
import { MirrorRecord } from '../../library/mirror/mirror-record.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';
import { readSettings } from './read-settings.ts';

export function mirrorFolderHandlers(context: HandlerContext): HandlerGroup<'mirrorFolder'> {
  const { preferences, library, libraryMirror, emit } = context;
  const changed = (): Settings => {
    const settings = readSettings(preferences, library);
    emit({ type: 'settings', settings });
    return settings;
  };
  return {
    async 'mirrorFolder.set'({ mirror }) {
      const folder = mirror && (await beginMirror(context, absolutePath(mirror.folder, 'folder')));
      await preferences.setMirror(mirror && folder !== null ? { ...mirror, folder, paused: false } : null);
      libraryMirror.restart();
      return changed();
    },

    async 'mirrorFolder.pause'({ paused }) {
      if (preferences.mirror) await preferences.setMirror({ ...preferences.mirror, paused });
      libraryMirror.pauseChanged();
      return changed();
    },

    'mirrorFolder.copyMissing'() {
      libraryMirror.copyMissing();
      return null;
    },
  };
}

/** @throws StudioError `parameter-invalid` for a folder to which images can't be copied */
async function beginMirror({ preferences, library }: HandlerContext, folder: string): Promise<string> {
  const wrong = await placeProblem(folder, {
    library: library.readOnlyFolder ?? library.folder,
    watched: preferences.watched?.folder ?? null,
  });
  if (wrong) throw refused(wrong, folder);
  try {
    await MirrorRecord.begin(folder);
    await MirrorRecord.open(folder);
  } catch (thrown) {
    throw refused(thrown instanceof MirrorStopped ? thrown.problem : 'unwritable', folder);
  }
  return folder;
}

function refused(problem: MirrorProblem, folder: string): StudioError {
  const sentence =
    problem === 'gone'
      ? `There is no folder ${folder}.`
      : problem === 'unwritable'
        ? `Emulsion can’t write to ${folder}. Choose another folder.`
        : mirrorSentence(problem, folder);
  return new StudioError({ code: 'parameter-invalid', message: `${sentence} Nothing was changed.`, field: 'folder' });
}
