import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';

/**
 * Checks where an export is going.
 * @throws StudioError `parameter-invalid` for a path that isn't an existing folder, or is in the library's own folder
 */
export async function requireExportFolder(folder: string, library: string): Promise<void> {
  if (!isAbsolute(folder)) throw refused('Enter the folder’s whole path, from the root or drive.');
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw refused(`${folder} isn’t a folder that can be opened. Create it, or choose another one.`);
  const inside = relative(await realpath(library), await realpath(folder));
  if (!inside.startsWith('..') && !isAbsolute(inside))
    throw refused('This folder belongs to the library. Choose a folder outside it.');
}

function refused(message: string): StudioError {
  return new StudioError({ code: 'parameter-invalid', message: `${message} Nothing was written.` });
}
