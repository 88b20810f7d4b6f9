import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { GenerationId } from '../../contract/entities/ids.ts';
import { errorCode } from '../../disk/error-code.ts';

const RECORD = /^records[\\/]\d{4}[\\/]\d{2}[\\/]([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/u;
const MAX_FOUND = 1000;
const NEWLINE = 0x0a;

/** Ids of sidecars that are empty, or that end before their last line does. Reads a byte of each, so call it in a thread of its own. */
export function findIncompleteSidecars(folder: string): GenerationId[] {
  const found: GenerationId[] = [];
  for (const name of listRecords(folder)) {
    const id = RECORD.exec(join('records', name))?.[1];
    if (id !== undefined && !isComplete(join(folder, 'records', name))) found.push(id as GenerationId);
    if (found.length === MAX_FOUND) break;
  }
  return found;
}

function listRecords(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'records'), { recursive: true, encoding: 'utf8' });
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

/** Also true for a file that can't be read or is being replaced: another look at the next start. */
function isComplete(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1);
      return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE;
    } finally {
      closeSync(file);
    }
  } catch {
    return true;
  }
}
