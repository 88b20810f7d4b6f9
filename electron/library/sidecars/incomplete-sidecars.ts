import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../disk/error-code.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { RECORDS } from '../files/folders.ts';

const RECORD = /^records[\\/]\d{4}[\\/]\d{2}[\\/]([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/u;
/** More are found at the next starts. */
const MAX_FOUND = 1000;
/** How the text of each sidecar begins and ends. */
const BEGIN = '{';
const END = '}\n';

/**
 * Ids of sidecars whose file is incomplete, at most {@link MAX_FOUND}. Reads three bytes of each file and blocks, so call it in a thread of
 * its own. Sidecars without a file are found by `missing-sidecars.ts`.
 * @param isStopped whether to leave the rest; asked at each file
 */
export function findIncompleteSidecars(folder: string, isStopped = () => false): SidecarId[] {
  const found: SidecarId[] = [];
  for (const name of listRecords(folder)) {
    const id = RECORD.exec(join(RECORDS, name))?.[1];
    if (id !== undefined && !isComplete(join(folder, RECORDS, name))) found.push(id as SidecarId);
    if (found.length === MAX_FOUND || isStopped()) break;
  }
  return found;
}

function listRecords(folder: string): string[] {
  try {
    return readdirSync(join(folder, RECORDS), { recursive: true, encoding: 'utf8' });
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

/**
 * Whether a sidecar begins and ends as it was written: a power cut or a failing disk leaves files that are empty, cut or filled with zeros.
 * True also for a file that can't be read or is being replaced; the next start checks it again.
 */
function isComplete(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const begin = readText(file, 0, BEGIN.length);
      return size > BEGIN.length && begin === BEGIN && readText(file, size - END.length, END.length) === END;
    } finally {
      closeSync(file);
    }
  } catch {
    return true;
  }
}

/** Bytes of a file as Latin-1 text. */
function readText(file: number, position: number, length: number): string {
  const bytes = Buffer.alloc(length);
  return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, position));
}
