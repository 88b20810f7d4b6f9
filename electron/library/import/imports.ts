import { v7 as uuid } from 'uuid';
import type { ImageId, RunId } from '../../contract/entities/ids.ts';
import type { FileTexts, ImportChoice, ImportProblem, RefusedPage } from '../../contract/entities/imports.ts';
import type { Run } from '../../contract/entities/runs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { freeBytes } from '../files/free-space.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { requireFile } from '../files/require-file.ts';
import { requireImageRow } from '../images/image-rows.ts';
import type { LibraryRuns } from '../runs/library-runs.ts';
import { absolutePath } from '../files/absolute-path.ts';
import { ImportPlan, RefusedFiles } from './import-plan.ts';
import { ImportThread } from './import-thread.ts';
import { ImportUploads } from './import-uploads.ts';
import type { Judged } from './messages.ts';
import { runImport } from './run-import.ts';
import { chosenPath, type Chosen } from './scan/walk-choice.ts';

export interface ImportsOptions {
  /** Images were added. */
  added(): void;
  /** Tags or collections may have been created. */
  named(): void;
  /** Something beside an import failed. */
  failed(thrown: unknown): void;
}

/** Imports into an open library: what was found in the last choice, and the import of it. */
export class Imports {
  readonly #library: Library;
  readonly #runs: LibraryRuns;
  readonly #options: ImportsOptions;
  readonly #thread: ImportThread;
  readonly uploads: ImportUploads;
  #scan: { id: RunId; plan: ImportPlan; uploadId: string | null } | null = null;
  #import: { id: RunId; refused: RefusedFiles } | null = null;

  constructor(library: Library, runs: LibraryRuns, options: ImportsOptions) {
    this.#library = library;
    this.#runs = runs;
    this.#options = options;
    this.#thread = new ImportThread(library.folder);
    this.uploads = new ImportUploads(library);
  }

  /**
   * Looks at what was chosen, and changes nothing. Its result is the report.
   * @throws StudioError `parameter-invalid` while another scan runs, or for a path that isn't absolute; `not-found` for uploads that are gone
   */
  scan(id: RunId, choice: ImportChoice): Run {
    const chosen = this.#chosenBy(choice);
    const plan = new ImportPlan();
    const run = this.#runs.start({ id, kind: 'scan' }, async ({ signal, progress }) => {
      const found = (judged: readonly Judged[]): void => {
        plan.add(judged);
        progress({ done: plan.files, total: null, name: null });
      };
      await this.#thread.scan(chosen, found, signal);
      return plan.report(await freeBytes(this.#library.folder).catch(() => null));
    });
    if (this.#scan?.id !== id) this.#scan = { id, plan, uploadId: choice.kind === 'uploads' ? choice.uploadId : null };
    return run;
  }

  /**
   * Imports what a scan has found.
   * @throws StudioError `not-found` if another choice was looked at since; `parameter-invalid` while another import runs
   */
  start(id: RunId, scanId: RunId): Run {
    if (this.#import?.id === id) return this.#runs.start({ id, kind: 'import' }, unknownRun);
    const { plan, uploadId } = this.#scanOf(scanId);
    const refused = new RefusedFiles();
    const { added, named, failed } = this.#options;
    const work = {
      library: this.#library,
      thread: this.#thread,
      id,
      candidates: plan.candidates,
      refused,
      added,
      named,
      failed,
    };
    const run = this.#runs.start({ id, kind: 'import' }, async (control) => {
      const result = await runImport(work, control);
      if (uploadId !== null) await this.uploads.discard(uploadId);
      return result;
    });
    this.#import = { id, refused };
    return run;
  }

  /**
   * Looks at files and imports them at once, without a run that is shown: for a watched folder.
   * @returns how many were imported, and how many can't be
   * @throws StudioError, or the signal's reason; what was imported until then stays
   */
  async importPaths(paths: readonly string[], signal: AbortSignal): Promise<{ imported: number; refused: number }> {
    const plan = new ImportPlan();
    await this.#thread.scan(paths.map(chosenPath), (judged) => plan.add(judged), signal);
    const refused = new RefusedFiles();
    const { added, named, failed } = this.#options;
    const id = uuid() as RunId;
    const work = {
      library: this.#library,
      thread: this.#thread,
      id,
      candidates: plan.candidates,
      refused,
      added,
      named,
      failed,
    };
    const control = { signal, progress: () => undefined, pausePoint: async () => signal.throwIfAborted() };
    const { imported } = await runImport(work, control);
    return { imported, refused: plan.refused.all.length + refused.all.length };
  }

  /** Files that a scan or an import has refused. @throws StudioError `not-found` if it isn't known any more */
  refused(id: RunId, page: { problem: ImportProblem | null; after: number; limit: number }): RefusedPage {
    return (this.#import?.id === id ? this.#import.refused : this.#scanOf(id).plan.refused).page(page);
  }

  /** What an image's original says about itself. @throws StudioError `not-found`, `file-missing` */
  async texts(imageId: ImageId): Promise<FileTexts> {
    const { db, folder } = this.#library;
    const { sha256, format } = requireImageRow(db, imageId);
    return this.#thread.texts(requireFile(originalPath(folder, sha256, format)), format);
  }

  async close(): Promise<void> {
    await this.#thread.close();
    await this.uploads.discardAll();
  }

  #chosenBy(choice: ImportChoice): readonly Chosen[] {
    return choice.kind === 'paths'
      ? choice.paths.map((path) => chosenPath(absolutePath(path, 'paths')))
      : this.uploads.get(choice.uploadId);
  }

  #scanOf(id: RunId): { plan: ImportPlan; uploadId: string | null } {
    return this.#scan?.id === id ? this.#scan : unknownRun();
  }
}

function unknownRun(): never {
  throw new StudioError({ code: 'not-found', message: 'This is no longer known. Choose the files again.' });
}
