import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { sidecarPath } from '../../../electron/library/files/folders.ts';
import { finishGeneration } from '../../../electron/library/jobs/generations.ts';
import { addDocument } from '../../../electron/library/jobs/responses.ts';
import type { Library } from '../../../electron/library/library.ts';
import { findIncompleteSidecars } from '../../../electron/library/sidecars/incomplete-sidecars.ts';
import { markMissingSidecars } from '../../../electron/library/sidecars/missing-sidecars.ts';
import { listOutdatedSidecars, rewriteSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { readGenerationSidecar } from '../../../electron/library/sidecars/sidecar-schema.ts';
import { writeSidecar } from '../../../electron/library/sidecars/write-sidecar.ts';
import { intentFor, recordRequest, testLibrary } from '../test-library.ts';

const CLICKED = Date.UTC(2026, 10, 30, 12);

/** An ended request without a sidecar. */
function ended(library: Library, createdAt = CLICKED): GenerationId {
  const id = recordRequest(library, intentFor('a quay', { createdAt }));
  finishGeneration(library.db, id, { state: 'done', at: createdAt, answer: null, billing: 'billed', error: null });
  return id;
}

const refuse = (thrown: unknown): never => expect.unreachable(String(thrown));

describe('a sidecar’s mark', () => {
  it('is set when the file is in its place, not before', async () => {
    const library = await testLibrary();
    const id = ended(library);
    const path = sidecarPath(library.folder, id, CLICKED);
    const { rename } = fs;
    const marks: boolean[] = [];
    vi.spyOn(fs, 'rename').mockImplementation(async (from, to) => {
      if (to === path) marks.push(listOutdatedSidecars(library.db).includes(id));
      return rename(from, to);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await writeSidecar(library, id);
    expect(marks).toEqual([true]);
    expect(listOutdatedSidecars(library.db)).toEqual([]);
  });

  it('isn’t set for rows that changed while the file was written: it is written again', async () => {
    const library = await testLibrary();
    const id = ended(library);
    const path = sidecarPath(library.folder, id, CLICKED);
    const { rename } = fs;
    let renames = 0;
    vi.spyOn(fs, 'rename').mockImplementation(async (from, to) => {
      if (to === path && (renames += 1) === 1) addDocument(library.db, id, { late: true });
      return rename(from, to);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await writeSidecar(library, id);
    expect(renames).toBe(2);
    expect((await readGenerationSidecar(path)).documents).toEqual([{ late: true }]);
    expect(listOutdatedSidecars(library.db)).toEqual([]);
  });

  it('never belongs to an older file when two write at once', async () => {
    const library = await testLibrary();
    const id = ended(library);
    const path = sidecarPath(library.folder, id, CLICKED);
    const { rename } = fs;
    let first = true;
    vi.spyOn(fs, 'rename').mockImplementation(async (from, to) => {
      // The first writer, with the older rows, is slow.
      if (to === path && first) {
        first = false;
        for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      }
      return rename(from, to);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const slow = writeSidecar(library, id);
    await Promise.resolve();
    addDocument(library.db, id, { second: true });
    await Promise.all([slow, writeSidecar(library, id)]);
    expect((await readGenerationSidecar(path)).documents).toEqual([{ second: true }]);
    expect(listOutdatedSidecars(library.db)).toEqual([]);
  });
});

describe('sidecars that are marked but not on the disk', () => {
  it('are written again at the next start: missing, empty, incomplete, a whole month, a folder in the way', async () => {
    const library = await testLibrary();
    const { folder } = library;
    const months = [CLICKED, Date.UTC(2026, 8, 3), Date.UTC(2025, 0, 1)];
    const ids = months.flatMap((at) => Array.from({ length: 4 }, () => ({ id: ended(library, at), at })));
    for (const { id } of ids) await writeSidecar(library, id);
    const paths = ids.map(({ id, at }) => sidecarPath(folder, id, at));
    const before = paths.map((path) => readFileSync(path, 'utf8'));
    expect(await markMissingSidecars(library)).toBe(0);

    const [missing = '', empty = '', cut = '', whole = ''] = paths;
    rmSync(missing);
    truncateSync(empty, 0);
    truncateSync(cut, 300);
    writeFileSync(whole, '\0'.repeat(500));
    rmSync(dirname(paths[4] ?? ''), { recursive: true });

    // A start looks for missing files in the backfill, and for incomplete ones in the check's thread.
    await backfill(library, { failed: refuse });
    await rewriteSidecars(library, findIncompleteSidecars(folder), refuse);
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(before);
    expect(await markMissingSidecars(library)).toBe(0);
  });

  it('don’t keep the others from being written if one can’t be', async () => {
    const library = await testLibrary();
    const ids = [ended(library), ended(library)];
    for (const id of ids) await writeSidecar(library, id);
    const [blocked = '', other = ''] = ids.map((id) => sidecarPath(library.folder, id, CLICKED));
    rmSync(blocked);
    rmSync(other);
    mkdirSync(blocked);
    const failures: unknown[] = [];
    await backfill(library, { failed: (thrown) => failures.push(thrown) });
    expect(failures).toHaveLength(1);
    expect(existsSync(other)).toBe(true);
    expect(listOutdatedSidecars(library.db)).toEqual([ids[0]]);
  });
});
