import { readdirSync } from 'node:fs';
import fs, { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../disk/error-code.ts';
import { RECORDS } from './folders.ts';

/** Counting ends here: more is as good as this many. */
const MAX_COUNT = 10_000;

/** Files of a library's folder, regardless of its database; at most {@link MAX_COUNT} of each. */
export interface DiskContents {
  originals: number;
  records: number;
}

const SHARD = /^[0-9a-f]{2}$/u;
const ORIGINAL = /^[0-9a-f]{62}\.[a-z]{2,5}$/u;
const YEAR = /^\d{4}$/u;
const MONTH = /^\d{2}$/u;
const RECORD = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json$/u;

/** Counts originals and sidecars. Reads folders only, a part at a time. */
export async function countOnDisk(folder: string): Promise<DiskContents> {
  let originals = 0;
  for await (const _ of listOriginals(folder)) {
    originals += 1;
    if (originals === MAX_COUNT) break;
  }
  let records = 0;
  for (const month of await listMonths(folder)) {
    for await (const name of streamNames(month)) {
      if (RECORD.test(name)) records += 1;
      if (records === MAX_COUNT) return { originals, records };
    }
  }
  return { originals, records };
}

/** An original on the disk: its hash, and its path in the library's folder. */
export interface OriginalOnDisk {
  sha256: string;
  path: string;
}

/** The originals on the disk, folder by folder. */
export async function* listOriginals(folder: string): AsyncGenerator<OriginalOnDisk> {
  for (const shard of await listNames(join(folder, 'originals'), SHARD)) {
    for await (const name of streamNames(join(folder, 'originals', shard)))
      if (ORIGINAL.test(name)) yield { sha256: shard + name.slice(0, 62), path: join('originals', shard, name) };
  }
}

/**
 * Ids of the newest requests that have a sidecar on the disk, at most `limit` and newest first: ids begin with their time (UUIDv7). Sorts a
 * few names at a time, however many a month has.
 */
export async function listNewestRecords(folder: string, limit: number): Promise<string[]> {
  const newest: string[] = [];
  for (const month of await listMonths(folder)) {
    const names: string[] = [];
    const cut = (): unknown => names.sort().splice(0, Math.max(0, names.length - limit));
    for await (const name of streamNames(month)) {
      if (RECORD.test(name) && names.push(name) >= 2 * limit) cut();
    }
    cut();
    newest.push(...names.reverse().map((name) => name.slice(0, -'.json'.length)));
    if (newest.length >= limit) break;
  }
  return newest.slice(0, limit);
}

/** Whether a file in a folder of the originals is one, by its name. */
export function isOriginalName(name: string): boolean {
  return ORIGINAL.test(name);
}

/** Paths of all sidecars in a library's folder, oldest first: by month, and within it by id. Blocks, so call it in a thread of its own. */
export function* listRecordFiles(folder: string): Generator<string> {
  const names = (path: string, pattern: RegExp): string[] =>
    readNames(join(folder, path))
      .filter((name) => pattern.test(name))
      .sort();
  for (const year of names(RECORDS, YEAR))
    for (const month of names(join(RECORDS, year), MONTH))
      for (const name of names(join(RECORDS, year, month), RECORD)) yield join(RECORDS, year, month, name);
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown))) return [];
    throw thrown;
  }
}

/** The months' folders of sidecars, newest first. */
async function listMonths(folder: string): Promise<string[]> {
  const records = join(folder, RECORDS);
  const months: string[] = [];
  for (const year of (await listNames(records, YEAR)).reverse())
    for (const month of (await listNames(join(records, year), MONTH)).reverse())
      months.push(join(records, year, month));
  return months;
}

/** Matching names in a folder, sorted; [] for no folder. */
async function listNames(folder: string, pattern: RegExp): Promise<string[]> {
  const names: string[] = [];
  for await (const name of streamNames(folder)) if (pattern.test(name)) names.push(name);
  return names.sort();
}

async function* streamNames(folder: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(folder, { bufferSize: 256 })) yield entry.name;
  } catch (thrown) {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(thrown))) throw thrown;
  }
}

/** Size of a file in bytes; null for none. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await fs.stat(path)).size;
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown))) return null;
    throw thrown;
  }
}
