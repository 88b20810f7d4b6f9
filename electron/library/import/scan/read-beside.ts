import { access, opendir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baseName, besideFolder, isBesideName } from '../prompts/beside.ts';
import { DATABASE, ORIGINALS, RECORDS } from '../../files/folders.ts';
import {
  indexFolderRecords,
  indexSentRecords,
  indexZipRecords,
  isRecordName,
  MAX_RECORDS,
  recordFolder,
} from '../records/index-records.ts';
import type { RecordIndex } from '../records/record-index.ts';
import type { ZipPlace, ZipReader } from '../zip/read-zip.ts';
import { BesideFiles, newBudget, type BesideBudget } from './beside-files.ts';
import type { ExportScope, ReadBeside } from './export-scopes.ts';
import type { Chosen } from './walk-choice.ts';

/** What a folder's export says about its images; nothing if it is none, or if it can't be read. @throws the signal's reason */
export async function readFolderBeside(
  folder: string,
  { budget, signal }: { budget: BesideBudget; signal: AbortSignal },
): Promise<ReadBeside> {
  const records = (): Promise<RecordIndex> => indexFolderRecords(join(folder, RECORDS), signal);
  const files = new BesideFiles(budget);
  for (const name of await besideNames(folder)) {
    signal.throwIfAborted();
    await addFile(files, join(folder, name), name).catch(() => undefined);
  }
  const { facts, states, isEmulsion } = files;
  return { facts, states, records: isEmulsion || (await isLibrary(folder)) ? await records() : null };
}

/** More exports in one folder that the page has sent, or in one ZIP, aren't known as such. */
const MAX_EXPORTS = 100;

/**
 * The same for a folder that the page has sent file by file, and for the exports in it, the outer ones first.
 * @param sent its files, with their names in it
 * @throws the signal's reason
 */
export async function readSentBeside(sent: readonly Chosen[], signal: AbortSignal): Promise<ExportScope[]> {
  const byFolder = new BesideFolders();
  const databases = new Set<string>();
  for (const { path, name } of sent) {
    signal.throwIfAborted();
    const folder = besideFolder(name);
    if (folder !== null) await addFile(byFolder.of(folder), path, baseName(name)).catch(() => undefined);
    if (baseName(name) === DATABASE) databases.add(name.slice(0, -DATABASE.length));
  }
  for (const folder of [...databases].slice(0, MAX_EXPORTS)) byFolder.of(folder);
  const scopes: ExportScope[] = [];
  for (const [folder, files] of byFolder.all) {
    if (files.states.size === 0 && !databases.has(folder)) continue;
    if (scopes.length === MAX_EXPORTS) break;
    scopes.push({ name: folder, ...(await readSent(inFolder(sent, folder), files, signal)) });
  }
  return scopes.filter(isKnown);
}

async function readSent(sent: readonly Chosen[], files: BesideFiles, signal: AbortSignal): Promise<ReadBeside> {
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

function inFolder(sent: readonly Chosen[], folder: string): Chosen[] {
  return sent.flatMap((file) =>
    file.name.startsWith(folder) ? [{ ...file, name: file.name.slice(folder.length) }] : [],
  );
}

/** The files that speak of images, by their folders. */
class BesideFolders {
  readonly #budget = newBudget();
  readonly #folders = new Map<string, BesideFiles>();

  of(folder: string): BesideFiles {
    const files = this.#folders.get(folder) ?? new BesideFiles(this.#budget);
    this.#folders.set(folder, files);
    return files;
  }

  /** The outer folders first. */
  get all(): [string, BesideFiles][] {
    return [...this.#folders].sort(([one], [other]) => one.length - other.length);
  }
}

/** Whether anything was found out about an export. */
const isKnown = ({ states, records }: ReadBeside): boolean => states.size > 0 || records !== null;

/**
 * The same for a ZIP. It is read from its beginning: open it anew for its list of files.
 * @param path the ZIP's
 * @throws the signal's reason
 */
export async function readZipBeside(zip: ZipReader, path: string, signal: AbortSignal): Promise<ExportScope[]> {
  const places = new Map<string, (ZipPlace | null)[]>();
  const byFolder = new BesideFolders();
  for await (const item of zip.list()) {
    signal.throwIfAborted();
    const place = item.problem === null ? item.place : null;
    const records = recordFolder(item.name);
    const folder = besideFolder(item.name);
    if (records !== null) {
      const others = places.get(records) ?? [];
      places.set(records, others);
      others.push(others.length < MAX_RECORDS ? place : null);
    } else if (place && folder !== null)
      await byFolder.of(folder).add(baseName(item.name), place.uncompressedSize, () => readItem(zip, place));
  }
  const scopes: ExportScope[] = [];
  for (const [folder, { facts, states, isEmulsion }] of byFolder.all) {
    if (states.size === 0 || scopes.length === MAX_EXPORTS) continue;
    const records = isEmulsion ? await indexZipRecords(zip, path, places.get(folder) ?? [], signal) : null;
    scopes.push({ name: folder, facts, states, records });
  }
  return scopes;
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
