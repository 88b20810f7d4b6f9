import type { ImageId } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { findingsIn } from './libraries.ts';
import { readImage } from '../../library/image-record.ts';
import { locateFile, type ImageFileRef } from '../../library/library.ts';
import { readDiagnostics } from './diagnostics.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

/** Lines of the log that the page shows. */
const LOG_LINES = 300;

export function hostHandlers(context: HandlerContext): HandlerGroup<'host'> {
  const { features, library } = context;
  return {
    'host.info': () => features.host,

    async 'host.reveal'({ imageId, raw }) {
      if (!features.reveal) throw unsupported('This browser can’t open folders. Download the original instead.');
      const file = locateFile(library, fileToReveal(library, imageId, raw));
      if (!file) {
        throw new StudioError({
          code: 'file-missing',
          message: `This image’s file is missing from the library folder ${library.readOnlyFolder ?? library.folder}. Its record is kept.`,
        });
      }
      // In a library that can't be written, it is behind a link.
      await features.reveal((library.readOnlyFolder ?? library.folder) + file.path.slice(library.folder.length));
      return null;
    },

    async 'host.revealLog'() {
      if (!features.reveal) throw unsupported(`This browser can’t open folders. The log is ${features.log.path}.`);
      await features.log.flush();
      await features.reveal(features.log.path);
      return null;
    },
    'host.getLog': async () => ({ path: features.log.path, lines: await features.log.tail(LOG_LINES) }),
    'host.getDiagnostics': async () => ({ text: await readDiagnostics(context) }),

    async 'host.chooseLibrary'() {
      if (!features.chooseLibrary) {
        throw unsupported('This browser can’t show that dialog. Enter the folder’s path instead.');
      }
      const folder = await features.chooseLibrary();
      if (folder === null) return null;
      return findingsIn(context, folder);
    },
    async 'host.chooseImport'({ what }) {
      if (!features.chooseImport)
        throw unsupported('This browser can’t show that dialog. Drop the files here instead.');
      const paths = await features.chooseImport(what);
      return paths && { paths };
    },
    async 'host.chooseExportFolder'() {
      if (!features.chooseExportFolder)
        throw unsupported('This browser can’t show that dialog. Type the path instead.');
      const folder = await features.chooseExportFolder();
      return folder === null ? null : { folder };
    },
  };
}

function fileToReveal({ db }: HandlerContext['library'], imageId: ImageId, raw: boolean): ImageFileRef {
  const strict = raw ? undefined : readImage(db, imageId)?.strict;
  return strict?.state === 'done' ? { kind: 'input', sha256: strict.sha256 } : { kind: 'original', imageId };
}

function unsupported(message: string): StudioError {
  return new StudioError({ code: 'unsupported-here', message });
}
