import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import { sidecarPath } from '../../electron/library/files/folders.ts';
import type { Library } from '../../electron/library/library.ts';
import { buildSidecar } from '../../electron/library/sidecars/build-sidecar.ts';

/** Sidecars between two breaks. */
const BATCH = 500;

/** Writes the sidecars of all requests from their rows, without waiting for the disk. */
export async function writeSidecars(library: Library): Promise<void> {
  const { db, folder } = library;
  const sql = 'SELECT id, created_at AS at FROM generations ORDER BY created_at';
  const folders = new Set<string>();
  for (const [index, { id, at }] of db.prepare<[], { id: GenerationId; at: number }>(sql).all().entries()) {
    const path = sidecarPath(folder, id, at);
    const month = dirname(path);
    if (!folders.has(month)) mkdirSync(month, { recursive: true });
    folders.add(month);
    writeFileSync(path, `${JSON.stringify(buildSidecar(library, id), null, 2)}\n`);
    if (index % BATCH === BATCH - 1) await yieldToEventLoop();
  }
}
