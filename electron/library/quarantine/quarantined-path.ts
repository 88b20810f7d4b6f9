import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { QuarantineId } from '../../contract/entities/quarantine.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { QUARANTINE } from '../files/folders.ts';

/** A name that stays in its folder on every system: no separator, no drive or stream, no other folder. */
const NAME = /^(?!\.{1,2}$)[^\0/\\:]{1,255}$/u;

/** The id of a file of the quarantine; null for a name that can't be one. */
export function quarantineIdOf(name: string): QuarantineId | null {
  const bytes = Buffer.from(name);
  return NAME.test(name) && bytes.length <= 255 ? (bytes.toString('hex') as QuarantineId) : null;
}

/**
 * A file of the quarantine.
 * @throws StudioError `not-found` if there is no such file
 */
export function requireQuarantined(folder: string, id: QuarantineId): { path: string; name: string; stat: Stats } {
  const name = Buffer.from(id, 'hex').toString('utf8');
  const path = join(folder, QUARANTINE, name);
  const stat = NAME.test(name) ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
  if (stat?.isFile()) return { path, name, stat };
  const message = 'This file is no longer in the quarantine. Nothing was changed.';
  throw new StudioError({ code: 'not-found', message });
}
