import { access, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BESIDE_FILES, MAX_BESIDE_BYTES, NOTHING_BESIDE, type BesideFacts } from '../prompts/beside.ts';
import { readChatGpt } from '../prompts/chatgpt.ts';
import { readEmulsionExport } from '../prompts/emulsion.ts';
import { parseJson } from '../prompts/json-values.ts';
import { readPlayground } from '../prompts/playground.ts';
import { DATABASE, ORIGINALS, RECORDS } from '../../files/folders.ts';
import { indexFolderRecords, indexZipRecords, isRecordName } from '../records/index-records.ts';
import type { RecordIndex } from '../records/record-index.ts';
import type { ZipPlace, ZipReader } from '../zip/read-zip.ts';

/** What is known of an export: what it says about its images, and the records of one of Emulsion. */
export interface ReadBeside {
  facts: BesideFacts;
  records: RecordIndex | null;
}

export const NO_BESIDE: ReadBeside = { facts: NOTHING_BESIDE, records: null };

/** What a folder's export says about its images; nothing if it is none, or if it can't be read. @throws the signal's reason */
export async function readFolderBeside(folder: string, signal: AbortSignal): Promise<ReadBeside> {
  const records = (): Promise<RecordIndex> => indexFolderRecords(join(folder, RECORDS), signal);
  for (const name of BESIDE_FILES) {
    const read = factsIn(await readSmall(join(folder, name)).catch(() => null));
    if (read) return { facts: read.facts, records: read.hasRecords ? await records() : null };
  }
  return (await isLibrary(folder)) ? { facts: NOTHING_BESIDE, records: await records() } : NO_BESIDE;
}

/**
 * The same for a ZIP. It is read from its beginning: open it anew for its list of files.
 * @param path the ZIP's
 * @throws the signal's reason
 */
export async function readZipBeside(zip: ZipReader, path: string, signal: AbortSignal): Promise<ReadBeside> {
  const places: (ZipPlace | null)[] = [];
  let read: ReturnType<typeof factsIn> = null;
  for await (const item of zip.list()) {
    signal.throwIfAborted();
    if (isRecordName(item.name)) places.push(item.problem === null ? item.place : null);
    else if (item.problem === null && !read && BESIDE_FILES.some((name) => name === item.name))
      read = factsIn(await readItem(zip, item.place));
  }
  if (!read) return NO_BESIDE;
  return { facts: read.facts, records: read.hasRecords ? await indexZipRecords(zip, path, places, signal) : null };
}

/** Null for a file that is too large, or damaged: the list of files tells of the damage. */
async function readItem(zip: ZipReader, place: ZipPlace): Promise<string | null> {
  if (place.uncompressedSize > MAX_BESIDE_BYTES) return null;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of zip.read(place)) chunks.push(chunk);
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function factsIn(text: string | null): { facts: BesideFacts; hasRecords: boolean } | null {
  const parsed = text === null ? null : parseJson(text);
  const ours = readEmulsionExport(parsed);
  if (ours) return { facts: ours, hasRecords: true };
  const facts = readChatGpt(parsed) ?? readPlayground(parsed);
  return facts && { facts, hasRecords: false };
}

async function isLibrary(folder: string): Promise<boolean> {
  const isThere = (name: string): Promise<boolean> =>
    access(join(folder, name)).then(
      () => true,
      () => false,
    );
  return (await isThere(DATABASE)) && (await isThere(ORIGINALS));
}

/** Null for a file that is too large. */
async function readSmall(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat();
    return stats.isFile() && stats.size <= MAX_BESIDE_BYTES ? await readFile(file, 'utf8') : null;
  } finally {
    await file.close();
  }
}
