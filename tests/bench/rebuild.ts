import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openLibrary } from '../../electron/library/library.ts';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import { listRecordFiles } from '../../electron/library/files/disk-contents.ts';
import { INCOMING, sidecarPath } from '../../electron/library/files/folders.ts';
import { rebuildLibrary } from '../../electron/library/rebuild/rebuild-library.ts';
import { buildSidecar } from '../../electron/library/sidecars/build-sidecar.ts';
import { writeLibraryRecord } from '../../electron/library/sidecars/write-library-record.ts';
import { madeLibrary } from './made-library.ts';
import { median, progress, report } from './report.ts';

const IMAGES = 100_000;
const ROUNDS = 3;

/** A rebuild of a library's database, against reading and parsing the same records in the same run. */
export async function rebuild(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'emulsion-bench-rebuild-'));
  try {
    const records = await writeRecords(await madeLibrary(IMAGES), folder);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const reading = readAll(folder);
      const from = performance.now();
      const { restored } = await rebuildLibrary(folder, {
        signal: new AbortController().signal,
        progress: () => undefined,
      });
      const ms = performance.now() - from;
      if (restored.requests !== records) throw new Error(`${restored.requests} of ${records} requests came back.`);
      progress(
        `${records} records, ${restored.images} images: read in ${Math.round(reading)} ms, rebuilt in ${Math.round(ms)} ms`,
      );
      ratios.push(ms / reading);
    }
    const figure = `${records} records ÷ reading and parsing them`;
    report({ bench: 'rebuild', figure, value: median(ratios), unit: '×', bar: 3, best: 'least' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the records of a library to another folder. @returns how many */
async function writeRecords(from: string, to: string): Promise<number> {
  progress('writing the records …');
  const library = await openLibrary(from);
  try {
    const rows = library.db
      .prepare<[], { id: GenerationId; created_at: number }>('SELECT id, created_at FROM generations')
      .all();
    for (const { id, created_at: at } of rows) {
      const path = sidecarPath(to, id, at);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify(buildSidecar(library, id), null, 2)}\n`);
    }
    mkdirSync(join(to, INCOMING), { recursive: true });
    await writeLibraryRecord({ ...library, folder: to });
    return rows.length;
  } finally {
    library.close();
  }
}

function readAll(folder: string): number {
  const from = performance.now();
  for (const file of listRecordFiles(folder)) JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return performance.now() - from;
}
