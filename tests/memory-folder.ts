import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const SHARED_MEMORY = '/dev/shm';
/** What a run may need at once, several times over, in bytes. */
const ROOM = 4e9;

/**
 * Makes a folder in memory the one for temporary files, for this process and those that it starts; nothing where there is none with room. Every library of a
 * test syncs its files, as it does for a person: on a disk the tests wait for that most of their time.
 * @returns what removes the folder
 */
export function useMemoryFolder(): () => void {
  if (process.env['TMPDIR'] !== undefined || !hasRoom()) return () => undefined;
  const folder = mkdtempSync(join(SHARED_MEMORY, 'emulsion-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

function hasRoom(): boolean {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize >= ROOM && process.availableMemory() >= 2 * ROOM;
  } catch {
    // Only Linux has it.
    return false;
  }
}
