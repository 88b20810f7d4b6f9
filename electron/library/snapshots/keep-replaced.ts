import fs from 'node:fs/promises';
import { join } from 'node:path';
import { createFolderInside, renameReplacing, syncFile, syncFolder } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';
import { DATABASE, SNAPSHOTS } from '../files/folders.ts';
import { freeSnapshotName, snapshotPath } from './snapshot-files.ts';

/** The end of a name while the database that it keeps may still be the one in use. */
const KEPT = '.kept';
/** Where a file can't have two names, or not here. */
const NO_LINKS = new Set([
  'EPERM',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EMLINK',
  'EXDEV',
  'EACCES',
  'EINVAL',
  'UNKNOWN',
]);

/**
 * Gives the database of a library that isn't open, one whole file, a second name among the snapshots, or copies it where that isn't possible:
 * so that another one can take its place in one step and it is still there. {@link settleReplaced} makes it a snapshot then.
 * @returns the snapshot's name
 */
export async function keepReplaced(folder: string, now: number): Promise<string> {
  await createFolderInside(folder, join(folder, SNAPSHOTS));
  const name = await freeSnapshotName(folder, 'restore', now);
  const path = join(folder, DATABASE);
  const kept = snapshotPath(folder, name) + KEPT;
  try {
    await fs.link(path, kept);
  } catch (thrown) {
    if (!NO_LINKS.has(errorCode(thrown))) throw thrown;
    const part = `${snapshotPath(folder, name)}.part`;
    await fs.copyFile(path, part, fs.constants.COPYFILE_FICLONE);
    await syncFile(part);
    await renameReplacing(part, kept);
  }
  await syncFolder(join(folder, SNAPSHOTS));
  return name;
}

/**
 * Ends what {@link keepReplaced} has begun, also after a crash: a database that was replaced becomes a snapshot; the second name of one that is
 * still in use is removed. The caller holds the library's lock.
 */
export async function settleReplaced(folder: string): Promise<void> {
  const snapshots = join(folder, SNAPSHOTS);
  const names = (await fs.readdir(snapshots).catch(() => [])).filter((name) => name.endsWith(`.db${KEPT}`));
  if (names.length === 0) return;
  const inUse = await identify(join(folder, DATABASE));
  for (const name of names) {
    const kept = join(snapshots, name);
    if ((await identify(kept)) === inUse) await fs.rm(kept);
    else await renameReplacing(kept, kept.slice(0, -KEPT.length));
  }
  await syncFolder(snapshots);
}

async function identify(path: string): Promise<string | null> {
  const stat = await fs.stat(path, { bigint: true }).catch(() => null);
  return stat && `${stat.dev} ${stat.ino}`;
}
