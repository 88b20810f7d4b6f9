import { createReadStream, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { v7 as uuid } from 'uuid';
import { onTestFinished } from 'vitest';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import type { Run, RunKind, RunOf } from '../../../electron/contract/entities/runs.ts';
import { isOpen } from '../../../electron/contract/entities/runs.ts';
import { Imports } from '../../../electron/library/import/imports.ts';
import { LibraryRuns } from '../../../electron/library/runs/library-runs.ts';
import type { Library } from '../../../electron/library/library.ts';
import { emptyFolder } from '../test-library.ts';

/** A folder named `chosen` with these files. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(await emptyFolder(), 'chosen');
  mkdirSync(folder);
  for (const [name, data] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), data);
  }
  return folder;
}

/** Imports into a library, with every report of their runs. */
export class TestImports {
  readonly events: Run[] = [];
  readonly failures: unknown[] = [];
  added = 0;
  named = 0;
  readonly runs: LibraryRuns;
  readonly imports: Imports;
  onChanged: (run: Run) => void = () => undefined;
  #changed: () => void = () => undefined;

  constructor(library: Library) {
    this.runs = new LibraryRuns({
      changed: (run) => {
        this.events.push(run);
        this.onChanged(run);
        this.#changed();
      },
      failed: (thrown) => this.failures.push(thrown),
    });
    this.imports = new Imports(library, this.runs, {
      added: () => (this.added += 1),
      named: () => (this.named += 1),
      failed: (thrown) => this.failures.push(thrown),
    });
    onTestFinished(async () => {
      await this.runs.close();
      await this.imports.close();
    });
  }

  /** The scan of these files and folders, when it has ended. */
  async scan(...chosen: string[]): Promise<RunOf<'scan'>> {
    const id = uuid() as RunId;
    this.imports.scan(id, { kind: 'paths', paths: chosen });
    return this.ended('scan', id);
  }

  /** The import of these files and folders, when it has ended. */
  async import(...chosen: string[]): Promise<RunOf<'import'>> {
    const scan = await this.scan(...chosen);
    const id = uuid() as RunId;
    this.imports.start(id, scan.id);
    return this.ended('import', id);
  }

  /** The scan of a folder whose files the page has sent one by one, and the import of it. */
  async importSent(folder: string): Promise<{ scan: RunOf<'scan'>; run: RunOf<'import'> }> {
    const uploadId = uuid();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = relative(dirname(folder), path).split(sep).join('/');
      const { size, mtimeMs } = statSync(path);
      if (size === 0) continue;
      const body = createReadStream(path);
      const modifiedAt = Math.round(mtimeMs);
      await this.imports.uploads.add({ uploadId, name, modifiedAt, body, declared: size, limit: 1e9 });
    }
    const [scanId, id] = [uuid() as RunId, uuid() as RunId];
    this.imports.scan(scanId, { kind: 'uploads', uploadId });
    const scan = await this.ended('scan', scanId);
    this.imports.start(id, scanId);
    return { scan, run: await this.ended('import', id) };
  }

  /** A run when it has ended. */
  async ended<K extends RunKind>(kind: K, id: RunId): Promise<RunOf<K>> {
    for (;;) {
      const run = this.runs.list().find((known) => known.id === id);
      if (run && !isOpen(run)) {
        if (run.kind !== kind) throw new Error(`A run of the kind ${run.kind}.`);
        return run as RunOf<K>;
      }
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }
}
