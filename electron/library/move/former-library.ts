import { existsSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { DATABASE, LOCK } from '../files/folders.ts';
import { hasDatabase } from '../files/inspect-folder.ts';
import { acquireLock } from '../files/lock.ts';
import type { Comparison } from './compare-former.ts';
import { inThread } from './copy-library.ts';
import { isInside } from './copy-target.ts';
import { readReceipt, RECEIPT, type Receipt } from './receipt.ts';

/** The folder of the library that this one was copied from, if a library is there still; null otherwise. Never throws. */
export async function formerLibrary(folder: string): Promise<string | null> {
  const receipt = readReceipt(folder);
  return receipt && (await hasDatabase(receipt.source)) ? receipt.source : null;
}

/** It isn't asked again what becomes of the old folder. @throws the system's error */
export async function keepFormer(folder: string): Promise<void> {
  await rm(join(folder, RECEIPT), { force: true });
}

export interface TrashOptions {
  /** The folder that the person was asked about. */
  former: string;
  /** A folder that must not go with it. */
  spared: string;
  signal: AbortSignal;
  /** Moves a folder to the system's trash. */
  trash(path: string): Promise<void>;
}

/**
 * Moves the folder of the library that this one is a proven copy of to the system's trash, once it is proven that nothing was added or changed in
 * it since it was copied. Nothing is ever deleted.
 * @throws StudioError `parameter-invalid` if anything of that isn't so, `library-locked`, `disk-unwritable`; then the folder is where it was
 */
export async function trashFormer(folder: string, options: TrashOptions): Promise<void> {
  const receipt = readReceipt(folder);
  if (receipt?.source !== options.former) throw refused(options.former, 'The open library isn’t a copy of it.');
  requireApart(receipt, options.spared);
  const lock = acquireLock(join(receipt.source, LOCK));
  let comparison: Comparison;
  try {
    comparison = await inThread<Comparison>(
      { kind: 'compare', receipt },
      { signal: options.signal, progress: () => undefined },
    );
  } finally {
    // Before it is moved: Windows moves no folder with an open file.
    lock.release();
  }
  if (comparison.kind === 'uncopied')
    throw refused(
      receipt.source,
      `${comparison.path} is in it, which isn’t a file of the library, and isn’t in the copy. Move it elsewhere first.`,
    );
  if (comparison.kind === 'changed')
    throw refused(
      receipt.source,
      'Something was added or changed in it after it was copied. Open it from “Other libraries” to see what.',
    );
  if (comparison.kind === 'lost')
    throw refused(receipt.source, 'Images that it has aren’t in the copy any more. Check library names them.');
  await options.trash(receipt.source).catch((thrown: unknown) => {
    throw notMoved(receipt.source, thrown);
  });
  if (existsSync(join(receipt.source, DATABASE))) throw notMoved(receipt.source, null);
  await keepFormer(folder);
}

function requireApart({ source, target }: Receipt, spared: string): void {
  if (!existsSync(join(source, DATABASE))) throw refused(source, 'No library is there now.');
  const real = realpathSync(source);
  if (real !== source) throw refused(source, 'It is a link to another folder now.');
  if (isInside(target, real) || isInside(real, target))
    throw refused(source, 'The open library is in it, or it is in the open library.');
  if (isInside(realpathSync(spared), real)) throw refused(source, 'Emulsion’s settings are in it.');
}

function refused(folder: string, why: string): StudioError {
  return new StudioError({
    code: 'parameter-invalid',
    message: `The old folder ${folder} wasn’t moved. ${why} Nothing was changed.`,
  });
}

function notMoved(folder: string, cause: unknown): StudioError {
  const message = `The system didn’t move ${folder} to its trash; disks on a network often have none. The folder is still there, and your library is in its new place. You can delete the folder yourself.`;
  return new StudioError({ code: 'disk-unwritable', message }, { cause });
}
