import { constants } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { errorCode } from '../../disk/error-code.ts';
import { openedAnywayAt } from '../db/counters.ts';
import type { Library } from '../files/library-handle.ts';

/**
 * A library that was opened although its database was older than its files: a sidecar from before may know more than the rows, so a copy of
 * it stays beside the new one.
 */
export async function keepOlder({ db }: Pick<Library, 'db'>, path: string): Promise<void> {
  const openedAt = openedAnywayAt(db);
  if (openedAt === null) return;
  const modified = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  if (modified === null || modified >= openedAt) return;
  await copyFile(path, path.replace(/\.json$/u, '.before.json'), constants.COPYFILE_EXCL).catch((thrown: unknown) => {
    if (errorCode(thrown) !== 'EEXIST') throw thrown;
  });
}
