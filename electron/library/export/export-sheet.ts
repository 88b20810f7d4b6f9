import { DEFAULT_SHEET, type ExportOptions, type ExportResult } from '../../contract/entities/exports.ts';
import { safeName } from '../../contract/rules/file-names.ts';
import type { RunControl } from '../runs/run-control.ts';
import type { ExportedLibrary } from './exported-file.ts';
import { exportImages } from './export-images.ts';
import { today, writeOneFile } from './one-file.ts';
import { SheetTarget } from './sheet-target.ts';
import { Fonts } from './sheet/fonts.ts';
import { SheetDocument } from './sheet/sheet-document.ts';
import { atTarget, writeAll } from './write-file.ts';

const LEFT = 'No contact sheet was left there.';

/**
 * Exports images to a new PDF in a folder that shows them small, in their order. It is named by its title, or else "Contact sheet 2026-12-02.pdf"; until it
 * is whole and on the disk it has a temporary name, and if anything fails before, nothing is left. Its memory doesn't grow with the images. One
 * that can't be shown has an empty frame with its name, and counts as failed.
 * @throws StudioError `disk-full`, `disk-unwritable`; the signal's reason
 */
export async function exportToSheet(
  library: ExportedLibrary,
  timelines: Iterable<number> & { length: number },
  options: ExportOptions,
  control: RunControl,
): Promise<ExportResult> {
  const { folder, sheet = DEFAULT_SHEET } = options;
  const fonts = await Fonts.open();
  const name = safeName(sheet.title) || `Contact sheet ${today()}`;
  return writeOneFile({ folder, name, ending: '.pdf', left: LEFT }, async ({ path, file }) => {
    let bytes = 0;
    const write = async (data: Buffer): Promise<void> => {
      const position = bytes;
      bytes += data.length;
      await atTarget(folder, () => writeAll(file, data, position), LEFT);
    };
    const document = new SheetDocument(sheet, fonts, write, control.signal);
    // Names say what an image is, not what its small picture is.
    const named = { names: options.names, images: 'originals' } as const;
    const result = await exportImages(library, timelines, named, control, new SheetTarget(path, document));
    await document.end();
    return { ...result, bytes, sheet: { pages: document.pages, undrawn: document.undrawn } };
  });
}
