import { StudioError } from '../../contract/errors/errors.ts';
import { requireExportFolder } from '../../library/export/export-target.ts';
import { exportToFolder } from '../../library/export/export-folder.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function exportHandlers({ library, index, runs }: HandlerContext): HandlerGroup<'exports'> {
  return {
    async 'exports.start'({ id, selection, options }) {
      await requireExportFolder(options.folder, library.folder);
      const timelines = await index.ask('resolve', { selection });
      if (timelines.length === 0)
        throw new StudioError({
          code: 'parameter-invalid',
          message: 'There are no images to export. Nothing was written.',
        });
      return runs.start({ id, kind: 'export' }, (control) => exportToFolder(library, timelines, options, control));
    },
  };
}
