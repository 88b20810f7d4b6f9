import type { ExportOptions, ExportProblem, ExportResult } from '../../contract/entities/exports.ts';
import type { ImageRecord } from '../../contract/entities/image-records.ts';
import { exportedForm, type ExportForm } from '../../contract/rules/converted-size.ts';
import { namedImage, nameByPattern } from '../../contract/rules/file-names.ts';
import { errorCode } from '../../disk/error-code.ts';
import type { RunControl } from '../runs/run-control.ts';
import { DamagedError } from './checked-parts.ts';
import { UnconvertibleError } from './converted-file.ts';
import type { ExportedFile, ExportedLibrary } from './exported-file.ts';
import { readByTimeline, sourceOf } from './exported-image.ts';
import { planFile } from './plan-file.ts';

const MAX_PROBLEMS = 100;

/** Where images are exported to: a folder, a ZIP, or a contact sheet. */
export interface ExportTarget {
  /** Where it is, for the person. */
  readonly path: string;
  /** What it takes of each image, if that is not what its name is made for. */
  readonly form?: ExportForm;
  /** Writes an image's file under a name that it makes unique. @returns its bytes. @throws DamagedError; then nothing of it is there */
  add(file: ExportedFile, name: string): Promise<number>;
  /** Shows that an image isn't there. */
  leaveOut?(record: ImageRecord, name: string, problem: ExportProblem): Promise<void>;
}

/**
 * Exports images in their order, by their timeline keys. One whose file is missing or damaged, or that can't be
 * converted, is left out and named.
 * @throws what the target throws; the signal's reason
 */
export async function exportImages(
  library: ExportedLibrary,
  timelines: Iterable<number> & { length: number },
  options: Pick<ExportOptions, 'images' | 'conversion' | 'names'>,
  control: RunControl,
  target: ExportTarget,
): Promise<ExportResult> {
  const { path } = target;
  const result: ExportResult = {
    path,
    images: 0,
    bytes: 0,
    signed: 0,
    unchanged: 0,
    dropped: 0,
    failed: 0,
    problems: [],
  };
  let counter = 0;
  for (const timeline of timelines) {
    await control.pausePoint();
    counter += 1;
    const record = readByTimeline(library.db, timeline);
    // Deleted meanwhile.
    if (!record) continue;
    const offset = new Date(record.createdAt).getTimezoneOffset();
    const { width, height } = exportedForm({ ...record, ...sourceOf(library.folder, record) }, options);
    const name = nameByPattern(options.names, { ...namedImage(record), width, height }, { counter, offset });
    control.progress({ done: counter - 1, total: timelines.length, name });
    try {
      const file = await planFile(library, record, target.form ?? options, control.signal);
      try {
        result.bytes += await target.add(file, name);
      } finally {
        await file.dispose();
      }
      result.images += 1;
      if (file.kept) result[file.kept] += 1;
      if (file.dropsXmp) result.dropped += 1;
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem === null) throw thrown;
      result.failed += 1;
      if (result.problems.length < MAX_PROBLEMS) result.problems.push({ name, problem });
      await target.leaveOut?.(record, name, problem);
    }
  }
  control.progress({ done: counter, total: timelines.length, name: null });
  return result;
}

/** Errors of the target are never a file's that isn't there: `atTarget` names them. */
function problemOf(thrown: unknown): ExportProblem | null {
  if (thrown instanceof DamagedError) return 'damaged';
  if (thrown instanceof UnconvertibleError) return thrown.problem;
  return errorCode(thrown) === 'ENOENT' ? 'missing' : null;
}
