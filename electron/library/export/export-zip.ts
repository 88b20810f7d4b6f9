import type { ExportOptions, ExportResult } from '../../contract/entities/exports.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { errorCode } from '../../disk/error-code.ts';
import type { RunControl } from '../runs/run-control.ts';
import type { ExportedLibrary } from './exported-file.ts';
import { exportImages } from './export-images.ts';
import { today, writeOneFile } from './one-file.ts';
import { atZip, writeAll, ZIP_LEFT } from './write-file.ts';
import { ZipTarget } from './zip-target.ts';
import { verifyZip } from './zip/verify-zip.ts';
import { ZipWriter, type WrittenEntry } from './zip/zip-writer.ts';

/**
 * Exports images to a new ZIP in a folder ("Emulsion 2026-12-02.zip"), with their records, a page that shows them and a table. Until it is whole, on the
 * disk, and read again without a difference, it has a temporary name; if anything fails before, nothing is left.
 * @throws StudioError `disk-full`, `disk-unwritable`; the signal's reason
 */
export async function exportToZip(
  library: ExportedLibrary,
  timelines: Iterable<number> & { length: number },
  options: ExportOptions,
  control: RunControl,
): Promise<ExportResult> {
  const { folder } = options;
  let entries: readonly WrittenEntry[] = [];
  return writeOneFile(
    { folder, name: `Emulsion ${today()}`, ending: '.zip', left: ZIP_LEFT },
    async ({ path, temporary, file }) => {
      const zip = new ZipWriter((data, position) => atZip(folder, () => writeAll(file, data, position)));
      const target = await ZipTarget.create({ zip, path, folder, temporary, library });
      try {
        const result = await exportImages(library, timelines, options, control, target);
        await atZip(folder, () => target.finish());
        entries = zip.entries;
        return result;
      } finally {
        await target.close();
      }
    },
    (temporary) => requireEqual(temporary, entries, folder, control),
  );
}

/** @throws StudioError `disk-unwritable` if the ZIP isn't what was written */
async function requireEqual(
  path: string,
  entries: readonly WrittenEntry[],
  folder: string,
  control: RunControl,
): Promise<void> {
  const step = async (name: string, done: number): Promise<void> => {
    await control.pausePoint();
    control.progress({ done, total: entries.length, name: `Checking ${name}` });
  };
  const fault = await atZip(folder, () => verifyZip(path, entries, step)).catch((thrown: unknown) => {
    control.signal.throwIfAborted();
    if (thrown instanceof StudioError || errorCode(thrown) !== '') throw thrown;
    return String(thrown);
  });
  if (fault === null) return;
  const message = `The ZIP couldn’t be read back as it was written, so it was removed. Your library wasn’t changed. Choose another disk for ${folder}.`;
  throw new StudioError({ code: 'disk-unwritable', message }, { cause: new Error(fault) });
}
