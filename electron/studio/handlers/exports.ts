import type { Run, RunOf } from '../../contract/entities/runs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { requireExportFolder } from '../../library/export/export-target.ts';
import { previewExport } from '../../library/export/preview-export.ts';
import { runExportThread } from '../../library/export/export-thread.ts';
import { SignedCounts } from '../../library/export/signed-counts.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function exportHandlers({ features, library, index, runs, ending }: HandlerContext): HandlerGroup<'exports'> {
  const counts = new SignedCounts(ending);
  return {
    async 'exports.preview'({ selection }) {
      return previewExport(library, await index.ask('resolve', { selection }));
    },
    async 'exports.countSigned'({ selection }) {
      return counts.count(library.folder, selection && (() => index.ask('resolve', { selection })));
    },
    async 'exports.start'({ id, selection, options }) {
      const { folder } = library;
      await requireExportFolder(options.folder, folder);
      const timelines = await index.ask('resolve', { selection });
      if (timelines.length === 0)
        throw new StudioError({
          code: 'parameter-invalid',
          message: 'There are no images to export. Nothing was written.',
        });
      const task = { kind: 'export' as const, folder, timelines, options };
      return runs.start({ id, kind: 'export' }, (control) => runExportThread(task, control, library.decoding));
    },
    async 'exports.reveal'({ runId }) {
      const run = runs.list().find((one): one is Run & RunOf<'export'> => one.kind === 'export' && one.id === runId);
      if (!run?.result) throw new StudioError({ code: 'not-found', message: 'This export is no longer known.' });
      const { path } = run.result;
      if (!features.reveal)
        throw new StudioError({
          code: 'unsupported-here',
          message: `This browser can’t open folders. The export is in ${path}.`,
        });
      await features.reveal(path);
      return null;
    },
  };
}
