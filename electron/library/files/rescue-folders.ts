import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder } from '../../disk/durable-file.ts';
import { DERIVED_PREFIX } from './derived-files.ts';

/** A folder has to take this much before it is chosen, in bytes. */
const PROBE = Buffer.alloc(1_048_576, 0x5a);

/** Folders outside the library in which received bytes are kept while its disk fails, the preferred one first. */
export class RescueFolders {
  readonly #candidates: readonly string[];
  readonly #device: bigint | null;

  /** @param device the library's; folders on another one are preferred */
  constructor(candidates: readonly string[], device: bigint | null) {
    this.#candidates = candidates;
    this.#device = device;
  }

  get candidates(): readonly string[] {
    return this.#candidates;
  }

  /** The first folder that takes bytes; on another device than the library's if there is one. Null for none. */
  async choose(): Promise<string | null> {
    let onSameDevice: string | null = null;
    for (const folder of this.#candidates) {
      const device = await tryFolder(folder);
      if (device === null) continue;
      if (device !== this.#device) return folder;
      onSameDevice ??= folder;
    }
    return onSameDevice;
  }
}

/** Really writes. The folder's device; null where it takes nothing or belongs to another user of this computer. */
async function tryFolder(folder: string): Promise<bigint | null> {
  const probe = join(folder, `${DERIVED_PREFIX}check-${randomUUID()}`);
  try {
    await createFolder(folder, 0o700);
    // Others can create folders in the system's folder for temporary files.
    const stat = await fs.lstat(folder, { bigint: true });
    const user = process.getuid?.();
    if (!stat.isDirectory() || (user !== undefined && stat.uid !== BigInt(user))) return null;
    await fs.writeFile(probe, PROBE, { flag: 'wx', mode: 0o600, flush: true });
    return stat.dev;
  } catch {
    // The error that made a rescue necessary is the one that is reported.
    return null;
  } finally {
    await fs.rm(probe, { force: true }).catch(() => undefined);
  }
}
