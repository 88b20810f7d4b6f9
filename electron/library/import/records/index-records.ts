import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_IMPORT_FILES } from '../../../contract/rules/import-limits.ts';
import { MAX_EXPORT_DEPTH } from '../prompts/beside.ts';
import type { ZipPlace, ZipReader } from '../zip/read-zip.ts';
import { RecordIndex } from './record-index.ts';
import { readRecordText, type RecordPlace } from './record-place.ts';

/** Records of an export that are read, and their bytes: all of a ZIP that was made to grow would take hours. */
export const MAX_RECORDS = MAX_IMPORT_FILES;
const MAX_BYTES = 2 * 1024 ** 3;
/** `records/2026/12/` of a library; an export has none below `records/`. */
const MAX_DEPTH = 2;

/** Whether a file of an export is a record, by its name. */
export const isRecordName = (name: string): boolean => /^records\/.*\.json$/u.test(name);

/** The folder, with a slash behind it or '', of the export whose record a file is by its name; null if it is none. */
export function recordFolder(path: string): string | null {
  const at = path.startsWith('records/') ? 0 : path.indexOf('/records/') + 1;
  const folder = path.slice(0, at);
  return isRecordName(path.slice(at)) && folder.split('/').length - 1 <= MAX_EXPORT_DEPTH ? folder : null;
}

/** The records of a ZIP. @param places null for one that can't be unpacked. @throws the signal's reason */
export async function indexZipRecords(
  zip: ZipReader,
  path: string,
  places: readonly (ZipPlace | null)[],
  signal: AbortSignal,
): Promise<RecordIndex> {
  const index = new RecordIndex();
  let left = MAX_BYTES;
  for (const place of places) {
    left -= place?.uncompressedSize ?? 0;
    if (!place || left < 0) index.addUnread();
    else await addRecord(index, { path, zip: place }, zip, signal);
  }
  return index;
}

/** Records that the page has sent, which aren't in a folder of theirs. @throws the signal's reason */
export async function indexSentRecords(paths: readonly string[], signal: AbortSignal): Promise<RecordIndex> {
  const index = new RecordIndex();
  for (const [at, path] of paths.entries()) {
    if (at >= MAX_RECORDS) index.addUnread();
    else await addRecord(index, { path, zip: null }, null, signal);
  }
  return index;
}

/** The records of a folder, and of the folders in it. @throws the signal's reason */
export async function indexFolderRecords(folder: string, signal: AbortSignal): Promise<RecordIndex> {
  const index = new RecordIndex();
  let left = MAX_RECORDS;
  const walk = async (path: string, depth: number): Promise<void> => {
    for (const entry of await entriesOf(path)) {
      signal.throwIfAborted();
      const below = join(path, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) await walk(below, depth + 1);
      // The library's own record is of no image.
      if (!entry.isFile() || !entry.name.endsWith('.json') || entry.name === 'library.json') continue;
      left -= 1;
      if (left < 0) index.addUnread();
      else await addRecord(index, { path: below, zip: null }, null, signal);
    }
  };
  await walk(folder, 0);
  return index;
}

async function addRecord(
  index: RecordIndex,
  place: RecordPlace,
  zip: ZipReader | null,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const text = await readRecordText(place, zip);
  if (text === null) index.addUnread();
  else index.add(text, place);
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    const entries: Dirent[] = [];
    for await (const entry of await opendir(path)) entries.push(entry);
    return entries;
  } catch {
    return [];
  }
}
