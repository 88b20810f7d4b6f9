import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { RunId } from '../../contract/entities/ids.ts';
import type { Readable } from '../db/database.ts';
import { forgetAccepted, knownFiles } from '../db/known-files.ts';
import type { Library } from '../files/library-handle.ts';
import { findSignedImages } from '../images/signed-images.ts';
import { RefusedFiles } from '../import/import-plan.ts';
import { ImportThread } from '../import/import-thread.ts';
import { runImport } from '../import/run-import.ts';
import type { Candidate } from '../import/scan/candidate.ts';
import type { RunControl } from '../runs/run-control.ts';
import { addRecord } from './add-records.ts';
import { sha256OfName } from './original-name.ts';
import { repairEach, type Outcome } from './outcome.ts';

/** Lookups at once: about a millisecond. */
const PIECE = 200;

export interface AddUnlistedWork {
  library: Library;
  id: RunId;
  /** Names in the library's folder. */
  records: readonly string[];
  originals: readonly string[];
  /** Images were added. */
  added(): void;
  /** What kept a file from being added. */
  failed(thrown: unknown): void;
}

/** A file that couldn't be added, as it was before that was tried. */
export interface RefusedOriginal {
  name: string;
  size: number;
  modifiedMs: number;
}

/**
 * Adds records and originals that the database doesn't list: first what the records say, oldest first, then each original that none of them names, as
 * an imported image. Each is looked at again before.
 * @returns the originals that are no images, or damaged
 * @throws StudioError, or the signal's reason; what was added until then stays
 */
export async function addUnlisted(
  work: AddUnlistedWork,
  outcome: Outcome,
  control: RunControl,
): Promise<RefusedOriginal[]> {
  const { library, failed, added } = work;
  const { db } = library;
  const unlisted = await stillUnlisted(db, work.originals);
  outcome.count('skipped', work.originals.length - unlisted.length);
  let candidates = unlisted;
  try {
    const total = work.records.length + unlisted.length;
    const repair = (name: string): ReturnType<typeof addRecord> => addRecord(library, name, failed);
    const before = outcome.summary.repaired;
    await repairEach([...work.records].sort(), outcome, { control: within(control, 0, total), repair, failed });
    const records = outcome.summary.repaired - before;
    if (records > 0) {
      // No record says so.
      await findSignedImages(library, control.signal);
      added();
    }
    candidates = await stillUnlisted(db, unlisted);
    outcome.count('repaired', unlisted.length - candidates.length);
    forgetAccepted(db, { records, originals: unlisted.length - candidates.length });
    return await importRest(work, candidates, outcome, within(control, total - candidates.length, total));
  } finally {
    const left = await stillUnlisted(db, candidates);
    forgetAccepted(db, { records: 0, originals: candidates.length - left.length });
  }
}

async function importRest(
  { library, id, added, failed }: AddUnlistedWork,
  names: readonly string[],
  outcome: Outcome,
  control: RunControl,
): Promise<RefusedOriginal[]> {
  const found: RefusedOriginal[] = [];
  for (const [at, name] of names.entries()) {
    if (at % PIECE === 0) await setImmediate();
    const file = lookAt(library.folder, name);
    if (file) found.push(file);
  }
  outcome.count('skipped', names.length - found.length);
  if (found.length === 0) return [];
  const refused = new RefusedFiles();
  const thread = new ImportThread(library.folder);
  const candidates = found.map((file) => candidateOf(library.folder, file));
  try {
    const result = await runImport({ library, thread, id, candidates, refused, exact: true, added, failed }, control);
    outcome.count('repaired', result.imported);
    outcome.count('skipped', result.known);
  } finally {
    await thread.close();
  }
  const problems = new Map(refused.all.map(({ name, problem }) => [name, problem]));
  for (const [name, problem] of problems) outcome.add(name, problem === 'gone' ? 'skipped' : 'failed');
  return found.filter(({ name }) => {
    const problem = problems.get(name);
    return problem !== undefined && problem !== 'gone' && problem !== 'unreadable';
  });
}

async function stillUnlisted(db: Readable, names: readonly string[]): Promise<string[]> {
  const { isOriginal } = knownFiles(db);
  const unlisted: string[] = [];
  for (const [at, name] of names.entries()) {
    if (at % PIECE === 0) await setImmediate();
    if (!isOriginal(sha256OfName(name))) unlisted.push(name);
  }
  return unlisted;
}

function lookAt(folder: string, name: string): RefusedOriginal | null {
  const stat = statSync(join(folder, name), { throwIfNoEntry: false });
  return stat?.isFile() ? { name, size: stat.size, modifiedMs: stat.mtimeMs } : null;
}

function candidateOf(folder: string, { name, size, modifiedMs }: RefusedOriginal): Candidate {
  return {
    origin: { path: join(folder, name), zip: null },
    name,
    sha256: sha256OfName(name),
    bytes: size,
    // What it is, its bytes say.
    format: 'png',
    dates: { made: null, takenAt: null, besideAt: null, fileAt: modifiedMs },
    source: null,
    beside: null,
    record: null,
    marks: [],
  };
}

/** The control of a part of a run. */
function within(control: RunControl, before: number, total: number): RunControl {
  return {
    signal: control.signal,
    pausePoint: () => control.pausePoint(),
    progress: ({ done, name }) => control.progress({ done: before + done, total, name }),
  };
}
