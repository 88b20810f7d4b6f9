import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, isAbsolute, sep } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import { createFolder, writeFileAtomic } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';
import { DATABASE } from '../files/folders.ts';
import { inspectFolder } from '../files/inspect-folder.ts';

/** Says whose copy is being made in a folder, until it is whole. */
export const MARKER = 'library.copying.json';
/** Room that is left on the disk of the copy. */
const SPARE_BYTES = 100_000_000;

/**
 * Where a library is copied to when a folder was chosen: the folder itself if it is empty, missing, or has an earlier attempt of this copy; a new
 * folder in it if other files are there. Changes nothing.
 * @throws StudioError `parameter-invalid` for a folder in which it can't be
 */
export async function findTarget(folder: string, chosen: string): Promise<string> {
  const source = realpathSync(folder);
  const isOwn = (path: string): boolean => readSource(path) === source || isBarelyBegun(path);
  const { folder: target, kind } = isOwn(chosen)
    ? { folder: chosen, kind: 'empty' as const }
    : await inspectFolder(chosen);
  if (kind === 'unusable') throw refused(`${chosen} is a file, or can’t be read.`);
  const real = realOf(target);
  if (isInside(real, source)) throw refused('That folder is in the library’s own folder.');
  if (isInside(source, real)) throw refused('The library is in that folder.');
  if (kind === 'library' && !isOwn(target)) throw refused(`There is a library in ${target}.`);
  return target;
}

/** Creates the folder and says in it whose copy is made there. @throws StudioError `disk-unwritable`; the system's error */
export async function beginCopy(folder: string, target: string): Promise<void> {
  await createFolder(target);
  await writeFileAtomic(join(target, MARKER), JSON.stringify({ kind: 'emulsion-copy', source: realpathSync(folder) }));
}

/** @throws StudioError `disk-full`, with both numbers */
export function spaceNeeded({ target, needed, free }: { target: string; needed: number; free: number }): void {
  if (free >= needed + SPARE_BYTES) return;
  const gigabytes = (tenths: number): string => `${(tenths / 10).toFixed(1)} GB`;
  const message = `There isn’t enough room in ${target}: the copy needs ${gigabytes(Math.ceil((needed + SPARE_BYTES) / 1e8))}, and ${gigabytes(Math.floor(free / 1e8))} are free. Your library is unchanged. Free some space there, or choose another disk.`;
  throw new StudioError({ code: 'disk-full', message });
}

/** A failure to write the copy, with what is safe and what to do; any other error is returned unchanged. */
export function toCopyError(thrown: unknown, target: string): unknown {
  const code = errorCode(thrown);
  if (thrown instanceof StudioError || !/^(?:E[A-Z]+|SQLITE_(?:FULL|IOERR|CANTOPEN|READONLY).*)$/u.test(code))
    return thrown;
  const isFull = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(code);
  const what = isFull
    ? `The disk of ${target} is full.`
    : `${target} can’t be written to, or was disconnected (${code}).`;
  const message = `${what} Your library is unchanged. Copy to the same folder again when this is solved: what is there already isn’t copied again.`;
  return new StudioError({ code: isFull ? 'disk-full' : 'disk-unwritable', message }, { cause: thrown });
}

/** Whose copy is being made in a folder; null for none. */
function readSource(target: string): string | null {
  // With a database it is a library, which may have been used since: it is never written over.
  if (existsSync(join(target, DATABASE))) return null;
  try {
    const marker: unknown = JSON.parse(readFileSync(join(target, MARKER), 'utf8'));
    const isOurs = typeof marker === 'object' && marker !== null && 'source' in marker;
    return isOurs && typeof marker.source === 'string' ? marker.source : null;
  } catch {
    return null;
  }
}

/** Whether nothing but a marker that wasn't written whole is in a folder: an attempt ended at once. */
function isBarelyBegun(folder: string): boolean {
  try {
    const names = readdirSync(folder);
    return names.length > 0 && names.every((name) => name.startsWith(`${MARKER}.`));
  } catch {
    return false;
  }
}

/** The real path of a folder that may not be there yet. */
function realOf(path: string): string {
  if (existsSync(path) || path === dirname(path)) return realpathSync(path);
  return join(realOf(dirname(path)), path.slice(dirname(path).length).replace(/^[/\\]/u, ''));
}

/** Whether a path is a folder's or below it. Real paths. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
}

function refused(what: string): StudioError {
  const message = `${what} Choose an empty folder elsewhere, or name a new one. Nothing was changed.`;
  return new StudioError({ code: 'parameter-invalid', message, field: 'folder' });
}
