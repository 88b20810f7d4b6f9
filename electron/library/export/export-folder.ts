import { readdir } from 'node:fs/promises';
import type { ExportOptions, ExportResult } from '../../contract/entities/exports.ts';
import { UniqueNames } from '../../contract/rules/file-names.ts';
import type { RunControl } from '../runs/run-control.ts';
import type { ExportedLibrary } from './exported-file.ts';
import { exportImages } from './export-images.ts';
import { atTarget, writeFile } from './write-file.ts';

/**
 * Exports images to a folder. Files that are there already stay as they are.
 * @throws StudioError `disk-full`, `disk-unwritable`; the signal's reason. What was exported until then is complete.
 */
export async function exportToFolder(
  library: ExportedLibrary,
  timelines: Iterable<number> & { length: number },
  options: ExportOptions,
  control: RunControl,
): Promise<ExportResult> {
  const { folder } = options;
  const names = new UniqueNames(await atTarget(folder, () => readdir(folder)));
  return exportImages(library, timelines, options, control, {
    path: folder,
    async add(file, name) {
      for (;;) {
        const bytes = await writeFile(folder, names.take(name, file.ending), file.parts(), file.record.createdAt);
        // Another program has just written a file of that name.
        if (bytes !== null) return bytes;
      }
    },
  });
}
