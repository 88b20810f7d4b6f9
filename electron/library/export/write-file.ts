import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { renameNew } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';

/**
 * Writes a new file into a folder. Until it is whole and on the disk it has a temporary name, so that a disk that fills up or vanishes leaves
 * nothing that looks like it.
 * @returns the number of bytes; null if a file of this name is there, which stays as it is
 * @throws what `parts` throws; StudioError `disk-full`, `disk-unwritable` for the folder
 */
export async function writeFile(
  folder: string,
  name: string,
  parts: AsyncIterable<Buffer>,
  at: number,
): Promise<number | null> {
  const temporary = join(folder, `${name}.${randomUUID().slice(0, 8)}.part`);
  try {
    const bytes = await writeParts(folder, temporary, parts, at);
    return await atTarget(folder, async () => {
      if (await renameNew(temporary, join(folder, name))) return bytes;
      await rm(temporary, { force: true });
      return null;
    });
  } catch (thrown) {
    // The first error is thrown; what can't be removed doesn't look like an image.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

async function writeParts(folder: string, path: string, parts: AsyncIterable<Buffer>, at: number): Promise<number> {
  const file = await atTarget(folder, () => open(path, 'wx'));
  let bytes = 0;
  try {
    for await (const part of parts) {
      const at = bytes;
      await atTarget(folder, () => writeAll(file, part, at));
      bytes += part.length;
    }
    await atTarget(folder, async () => {
      await file.utimes(at / 1000, at / 1000);
      await file.sync();
    });
  } finally {
    await file.close().catch(() => undefined);
  }
  return bytes;
}

/** Writes bytes at a position. A disk that has little room left may take a part only. @throws the system's error */
export async function writeAll(file: FileHandle, data: Buffer, position: number): Promise<void> {
  for (let done = 0; done < data.length;)
    done += (await file.write(data, done, data.length - done, position + done)).bytesWritten;
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Runs what touches the target; an error of the system says that it was the target's.
 * @param left what is there after a failure, as a sentence
 * @throws StudioError `disk-full`, `disk-unwritable`; what else `act` throws
 */
export async function atTarget<T>(
  folder: string,
  act: () => Promise<T>,
  left = 'Images exported until then are complete.',
): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === '' || thrown instanceof StudioError) throw thrown;
    const isFull = FULL.has(code);
    const what = isFull ? `The disk of ${folder} is full.` : `Emulsion can’t write to ${folder}.`;
    const next = isFull
      ? 'Free some space or choose another folder.'
      : 'Check that it is connected and writable, or choose another folder.';
    const message = `${what} ${left} ${next}`;
    throw new StudioError({ code: isFull ? 'disk-full' : 'disk-unwritable', message }, { cause: thrown });
  }
}

export const ZIP_LEFT = 'No ZIP was left there.';

/** The same for a ZIP, of which a failure leaves nothing. */
export function atZip<T>(folder: string, act: () => Promise<T>): Promise<T> {
  return atTarget(folder, act, ZIP_LEFT);
}
