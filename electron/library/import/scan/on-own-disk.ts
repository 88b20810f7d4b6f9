import { dirname } from 'node:path';
import { toDiskError } from '../../db/disk-errors.ts';

/**
 * Writes to a file in the library's incoming folder. A failure is the library's, not the person's file's.
 * @throws StudioError `disk-full`, `disk-unwritable`
 */
export async function onOwnDisk<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (thrown) {
    throw toDiskError(thrown, { folder: dirname(dirname(path)) });
  }
}
