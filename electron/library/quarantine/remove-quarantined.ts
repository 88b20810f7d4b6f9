import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { QuarantineId } from '../../contract/entities/quarantine.ts';
import { syncFolder } from '../../disk/durable-file.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { QUARANTINE } from '../files/folders.ts';
import { requireQuarantined } from './quarantined-path.ts';

/**
 * Deletes a file of the quarantine for good, and nothing else. Only for what a person has chosen.
 * @throws StudioError `not-found`, `disk-unwritable`
 */
export async function removeQuarantined(folder: string, id: QuarantineId): Promise<void> {
  const { path } = requireQuarantined(folder, id);
  try {
    await rm(path);
    await syncFolder(join(folder, QUARANTINE));
  } catch (thrown) {
    throw toDiskError(thrown, { folder });
  }
}
