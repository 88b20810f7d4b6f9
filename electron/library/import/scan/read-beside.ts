import { access, opendir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isBesideName, NOTHING_BESIDE, type BesideFacts } from '../prompts/beside.ts';
import { DATABASE, ORIGINALS, RECORDS } from '../../files/folders.ts';
import { indexFolderRecords, indexSentRecords, indexZipRecords, isRecordName } from '../records/index-records.ts';
import type { RecordIndex } from '../records/record-index.ts';
import type { ZipPlace, ZipReader } from '../zip/read-zip.ts';
import { BesideFiles, type BesideState } from './beside-files.ts';
import type { Chosen } from './walk-choice.ts';

/** What is known of an export: what it says about its images, and the records of one of Emulsion. */
export interface ReadBeside {
  facts: BesideFacts;
  /** What became of the files that say it, by their names. */
  states: ReadonlyMap<string, BesideState>;
  records: RecordIndex | null;
}

export const NO_BESIDE: ReadBeside = { facts: NOTHING_BESIDE, states: new Map(), records: null };

/** What a folder's export says about its images; nothing if it is none, or if it can't be read. @throws the signal's reason */
export async function readFolderBeside(folder: string, signal: AbortSignal): Promise<ReadBeside> {
  const records = (): Promise<RecordIndex> => indexFolderRecords(join(folder, RECORDS), signal);
  const files = new BesideFiles();
  for (const name of await besideNames(folder)) {
    signal.throwIfAborted();
    await addFile(files, join(folder, name), name).catch(() => undefined);
  }
  const { facts, states, isEmulsion } = files;
  return { facts, states, records: isEmulsion || (await isLibrary(folder)) ? await records() : null };
}

/**
 * The same for a folder that the page has sent file by file.
 * @param sent its files, with their names in it
 * @throws the signal's reason
 */
export async function readSentBeside(sent: readonly Chosen[], signal: AbortSignal): Promise<ReadBeside> {
  const files = new BesideFiles();
  for (const { path, name } of sent) {
    signal.throwIfAborted();
    if (isBesideName(name)) await addFile(files, path, name).catch(() => undefined);
  }
  const isOther = sent.some(({ name }) => name === DATABASE) && sent.some(({ name }) => isOriginalName(name));
  const { states, isEmulsion } = files;
  const facts = isOther ? { ...files.facts, skips: (name: string) => !isOriginalName(name) } : files.facts;
  if (!isEmulsion && !isOther) return { facts, states, records: null };
  const records = sent.filter(({ name }) => isRecordName(name) && name !== `${RECORDS}/library.json`);
  return {
    facts,
    states,
    records: await indexSentRecords(
      records.map(({ path }) => path),
      signal,
    ),
  };
}

const isOriginalName = (name: string): boolean => name.startsWith(`${ORIGINALS}/`);

/**
 * The same for a ZIP. It is read from its beginning: open it anew for its list of files.
 * @param path the ZIP's
 * @throws the signal's reason
 */
export async function readZipBeside(zip: ZipReader, path: string, signal: AbortSignal): Promise<ReadBeside> {
  const places: (ZipPlace | null)[] = [];
  const files = new BesideFiles();
  for await (const item of zip.list()) {
    signal.throwIfAborted();
    if (isRecordName(item.name)) places.push(item.problem === null ? item.place : null);
    else if (item.problem === null && isBesideName(item.name))
      await files.add(item.name, item.place.uncompressedSize, () => readItem(zip, item.place));
  }
  const { facts, states, isEmulsion } = files;
  return { facts, states, records: isEmulsion ? await indexZipRecords(zip, path, places, signal) : null };
}

/** Null for a file that is damaged: the list of files tells of the damage. */
async function readItem(zip: ZipReader, place: ZipPlace): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of zip.read(place)) chunks.push(chunk);
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function isLibrary(folder: string): Promise<boolean> {
  const isThere = (name: string): Promise<boolean> =>
    access(join(folder, name)).then(
      () => true,
      () => false,
    );
  return (await isThere(DATABASE)) && (await isThere(ORIGINALS));
}

/** The names of a folder's files that may speak of its images, in their order; none if it can't be read. */
async function besideNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) if (isBesideName(name)) names.push(name);
  } catch {
    // The walk tells of it.
  }
  return names.sort();
}

/** @throws the system's error; the walk tells of it */
async function addFile(files: BesideFiles, path: string, name: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat();
    if (stats.isFile()) await files.add(name, stats.size, () => readFile(file, 'utf8'));
  } finally {
    await file.close();
  }
}
