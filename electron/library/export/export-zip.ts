import { randomUUID } from 'node:crypto';
import { open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportOptions, ExportResult } from '../../contract/entities/exports.ts';
import { UniqueNames } from '../../contract/rules/file-names.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { renameReplacing, syncFolder } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';
import type { RunControl } from '../runs/run-control.ts';
import type { ExportedLibrary } from './exported-file.ts';
import { exportImages } from './export-images.ts';
import { atZip, writeAll } from './write-file.ts';
import { ZipTarget } from './zip-target.ts';
import { verifyZip } from './zip/verify-zip.ts';
import { ZipWriter, type WrittenEntry } from './zip/zip-writer.ts';

/**
 * Exports images to a new ZIP in a folder, with their records, a page that shows them and a table. Until it is whole, on the disk, and read again without
 * a difference, it has a temporary name; if anything fails before, nothing is left.
 * @throws StudioError `disk-full`, `disk-unwritable`; the signal's reason
 */
export async function exportToZip(
  library: ExportedLibrary,
  timelines: Iterable<number> & { length: number },
  options: ExportOptions,
  control: RunControl,
): Promise<ExportResult> {
  const { folder } = options;
  const path = join(folder, await freeName(folder));
  const temporary = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    const { result, entries } = await write(temporary, library, timelines, { ...options, path }, control);
    if (result.images === 0) {
      await rm(temporary, { force: true });
      return { ...result, path: folder };
    }
    await requireEqual(temporary, entries, options.folder, control);
    await atZip(folder, () => renameReplacing(temporary, path));
    await syncFolder(folder).catch(() => undefined);
    return result;
  } catch (thrown) {
    // The first error is thrown; what can't be removed doesn't look like a ZIP.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** A name that nothing in the folder has: "Emulsion 2026-12-02.zip". */
async function freeName(folder: string): Promise<string> {
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  return new UniqueNames(await atZip(folder, () => readdir(folder))).take(`Emulsion ${today}`, '.zip');
}

async function write(
  temporary: string,
  library: ExportedLibrary,
  timelines: Iterable<number> & { length: number },
  options: ExportOptions & { path: string },
  control: RunControl,
): Promise<{ result: ExportResult; entries: readonly WrittenEntry[] }> {
  const { folder, path } = options;
  const file: FileHandle = await atZip(folder, () => open(temporary, 'wx'));
  try {
    const zip = new ZipWriter((data, position) => atZip(folder, () => writeAll(file, data, position)));
    const target = await ZipTarget.create({ zip, path, folder, temporary, library });
    try {
      const result = await exportImages(library, timelines, options, control, target);
      await atZip(folder, () => target.finish());
      await atZip(folder, () => file.sync());
      return { result, entries: zip.entries };
    } finally {
      await target.close();
    }
  } finally {
    await file.close().catch(() => undefined);
  }
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
