import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFormatFacts } from '../../contract/catalogue/file-formats.ts';
import type {
  QuarantineId,
  QuarantinedFile,
  QuarantinePage,
  QuarantineReason,
} from '../../contract/entities/quarantine.ts';
import { errorCode } from '../../disk/error-code.ts';
import { QUARANTINE } from '../files/folders.ts';
import { sniffFormat } from '../files/format.ts';
import { readReceivedName } from '../files/received-name.ts';
import { quarantineIdOf, requireQuarantined } from './quarantined-path.ts';

/** Names begin with the time at which they were moved, so their order is its order. */
const MOVED = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2}\.\d{3}Z)-/u;

/**
 * Files of the quarantine, newest first, those before `after`. Sorts a few names at a time, however many there are.
 * @param after null for the first ones
 * @throws the system's error
 */
export async function listQuarantine(
  folder: string,
  { after, limit }: { after: QuarantineId | null; limit: number },
): Promise<QuarantinePage> {
  const from = after === null ? null : Buffer.from(after, 'hex').toString('utf8');
  const names: string[] = [];
  let total = 0;
  // One more than is asked for says whether there are more.
  const cut = (): unknown => names.sort(newestFirst).splice(limit + 1);
  for await (const name of filesIn(join(folder, QUARANTINE))) {
    total += 1;
    if (from !== null && newestFirst(name, from) <= 0) continue;
    if (names.push(name) > 4 * limit) cut();
  }
  cut();
  const shown = names.slice(0, limit);
  const last = shown.at(-1);
  const files = await Promise.all(shown.map((name) => describe(folder, name)));
  return {
    files: files.filter((file) => file !== null),
    next: names.length > limit && last !== undefined ? quarantineIdOf(last) : null,
    total,
  };
}

function newestFirst(one: string, other: string): number {
  return one === other ? 0 : one > other ? -1 : 1;
}

async function* filesIn(path: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(path, { bufferSize: 256 }))
      if (entry.isFile() && quarantineIdOf(entry.name) !== null) yield entry.name;
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT') throw thrown;
  }
}

/** Null for one that went away meanwhile. */
async function describe(folder: string, name: string): Promise<QuarantinedFile | null> {
  const id = quarantineIdOf(name);
  if (id === null) return null;
  try {
    const { path, stat } = requireQuarantined(folder, id);
    const [start = '', day, hours, minutes, seconds] = MOVED.exec(name) ?? [];
    const moved = Date.parse(`${day}T${hours}:${minutes}:${seconds}`);
    const format = await sniffFormat(path);
    return {
      id,
      name: name.slice(start.length),
      bytes: stat.size,
      at: Number.isNaN(moved) ? Math.round(stat.mtimeMs) : moved,
      reason: Number.isNaN(moved) ? 'added' : reasonOf(name.slice(start.length)),
      format,
      isImage: fileFormatFacts(format).isImage,
    };
  } catch {
    return null;
  }
}

const ORIGINAL = /^(?:[0-9a-f]{62}|[0-9a-f]{64})\.[a-z]{2,5}$/u;
const RECORD = /^(?:library|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/u;

function reasonOf(name: string): QuarantineReason {
  if (readReceivedName(name)) return 'response';
  if (ORIGINAL.test(name)) return 'unlisted';
  if (RECORD.test(name)) return 'record';
  return name.startsWith('library.db') ? 'database' : 'left';
}
