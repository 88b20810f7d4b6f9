import { readFile } from 'node:fs/promises';
import { isEpoch } from '../db/epoch.ts';
import { libraryRecordPath } from './library-record.ts';

/** The epoch that the library's record says; null if it says none, or can't be read: records of earlier versions have none. */
export async function readWrittenEpoch(folder: string): Promise<number | null> {
  return epochIn(await readFile(libraryRecordPath(folder), 'utf8').catch(() => ''));
}

/** The epoch in the text of a library's record. */
function epochIn(text: string): number | null {
  try {
    const { epoch } = JSON.parse(text) as { epoch?: unknown };
    return isEpoch(epoch) ? epoch : null;
  } catch {
    return null;
  }
}
