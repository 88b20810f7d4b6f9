import { randomUUID } from 'node:crypto';
import { open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportResult } from '../../contract/entities/exports.ts';
import { UniqueNames } from '../../contract/rules/file-names.ts';
import { renameNew, syncFolder } from '../../disk/durable-file.ts';
import { atTarget } from './write-file.ts';

/** The one file that an export writes. */
export interface OneFile {
  folder: string;
  /** Its name without the ending; a number follows where there is one already. */
  name: string;
  /** With its dot. */
  ending: string;
  /** What is left after a failure, as a sentence. */
  left: string;
}

/** The file while it is written. */
export interface OpenedFile {
  /** Its path in the end, unless another program takes that name meanwhile. */
  path: string;
  /** Until then. */
  temporary: string;
  file: FileHandle;
}

/**
 * Writes one new file into a folder. Until it is whole, on the disk and proven it has a temporary name; if anything fails before, or it has no
 * images, nothing is left.
 * @param prove looks at what was written, under its temporary name
 * @throws what `write` and `prove` throw; StudioError `disk-full`, `disk-unwritable` for the folder
 */
export async function writeOneFile(
  { folder, name, ending, left }: OneFile,
  write: (opened: OpenedFile) => Promise<ExportResult>,
  prove: (temporary: string) => Promise<void> = () => Promise.resolve(),
): Promise<ExportResult> {
  const at = <T>(act: () => Promise<T>): Promise<T> => atTarget(folder, act, left);
  const names = new UniqueNames(await at(() => readdir(folder)));
  let path = join(folder, names.take(name, ending));
  const temporary = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    const file = await at(() => open(temporary, 'wx'));
    let result: ExportResult;
    try {
      result = await write({ path, temporary, file });
      await at(() => file.sync());
    } finally {
      await file.close().catch(() => undefined);
    }
    if (result.images === 0) {
      await rm(temporary, { force: true });
      return { ...result, path: folder };
    }
    await prove(temporary);
    // A file of that name may have come meanwhile.
    while (!(await at(() => renameNew(temporary, path)))) path = join(folder, names.take(name, ending));
    await syncFolder(folder).catch(() => undefined);
    return { ...result, path };
  } catch (thrown) {
    // The first error is thrown; what can't be removed doesn't look like a whole file.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** Today's date in local time, as names have it: 2026-12-02. */
export function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
