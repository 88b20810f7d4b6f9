import type { StudioApi } from '../../electron/contract/api.ts';
import type { RunId } from '../../electron/contract/entities/ids.ts';
import type { ImportChoice } from '../../electron/contract/entities/imports.ts';
import { isOpen, type Run, type RunOf } from '../../electron/contract/entities/runs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';
import { newId } from './new-id.ts';
import type { Runs } from './runs.svelte.ts';

/** A file of the page's computer. `name`: its path within what was chosen. */
export interface FileToImport {
  file: File;
  name: string;
}

/** Where an import is: from choosing files to what came in. */
export type ImportStep = 'choose' | 'uploading' | 'scanning' | 'report' | 'importing' | 'ended';

type ImportApi = Pick<StudioApi, 'imports' | 'host' | 'uploadImport'>;

/** Importing files: choose, see what would come, import. One dialog, which the application shows. */
export class ImportFlow {
  open = $state(false);
  /** Why the last step failed. */
  error = $state.raw<ErrorReport | null>(null);
  /** Files that were sent to the host so far; null while none are sent. */
  upload = $state.raw<{ done: number; total: number } | null>(null);
  readonly #studio: ImportApi;
  readonly #runs: Runs;
  readonly #whyNot: () => string | null;
  #scanId = $state.raw<RunId | null>(null);
  #importId = $state.raw<RunId | null>(null);
  #uploadId: string | null = null;
  #uploading: AbortController | null = null;

  constructor(studio: ImportApi, runs: Runs, whyNot: () => string | null = () => null) {
    this.#studio = studio;
    this.#runs = runs;
    this.#whyNot = whyNot;
  }

  /** The scan of what was chosen. */
  readonly scan: RunOf<'scan'> | null = $derived.by(() => {
    const scan = this.#runs.last('scan');
    return scan?.id === this.#scanId ? scan : null;
  });

  /** The import of this dialog, or one that goes on since before the page was loaded. */
  readonly run: RunOf<'import'> | null = $derived.by(() => {
    const run = this.#runs.last('import');
    return run && (run.id === this.#importId || isOpen(run)) ? run : null;
  });

  readonly step: ImportStep = $derived.by(() => {
    if (this.run) return isOpen(this.run) ? 'importing' : 'ended';
    if (this.upload) return 'uploading';
    if (!this.scan) return 'choose';
    if (isOpen(this.scan)) return 'scanning';
    return this.scan.result ? 'report' : 'choose';
  });

  /** Why nothing can be imported, as a sentence for controls; null if it can. Nothing is asked or taken then. */
  get whyNot(): string | null {
    return this.#whyNot();
  }

  /** Opens the dialog: a new import, unless one goes on. */
  show(): void {
    if (this.whyNot !== null) return;
    if (this.step === 'ended') this.#reset();
    this.open = true;
  }

  /** Closes the dialog. An import goes on; anything before it ends here. */
  async close(): Promise<void> {
    this.open = false;
    this.#uploading?.abort();
    const { step, scan } = this;
    if (step === 'importing') return;
    if (step === 'scanning' && scan) await this.#runs.cancel(scan.id);
    const uploadId = this.#uploadId;
    this.#reset();
    if (uploadId !== null && step !== 'ended') await attempt(() => this.#studio.imports.discard({ uploadId }));
  }

  /** Back to choosing. */
  again(): void {
    this.#reset();
  }

  /** Shows the system's dialog. */
  async ask(what: 'files' | 'folder'): Promise<void> {
    this.error = await attempt(async () => {
      const chosen = await this.#studio.host.chooseImport({ what });
      if (chosen) await this.choosePaths(chosen.paths);
    });
  }

  /** Looks at files and folders of the host's computer. */
  choosePaths(paths: string[]): Promise<void> {
    return this.#look({ kind: 'paths', paths });
  }

  /** Sends files to the host, and looks at them there. */
  async chooseFiles(files: readonly FileToImport[]): Promise<void> {
    if (files.length === 0 || this.whyNot !== null || this.step === 'importing' || this.step === 'uploading') return;
    this.#reset();
    this.open = true;
    const uploadId = newId();
    this.#uploadId = uploadId;
    const uploading = new AbortController();
    this.#uploading = uploading;
    this.upload = { done: 0, total: files.length };
    const error = await attempt(() => this.#send(files, uploadId, uploading.signal));
    this.#uploading = null;
    this.upload = null;
    if (uploading.signal.aborted) return;
    this.error = error;
    if (!error) await this.#look({ kind: 'uploads', uploadId });
  }

  /** Imports what the scan has found. */
  async start(): Promise<void> {
    const { scan } = this;
    if (!scan?.result) return;
    const id = newId() as RunId;
    this.error = await attempt(async () => {
      this.#follow(await this.#studio.imports.start({ id, scanId: scan.id }));
      this.#importId = id;
    });
  }

  async #send(files: readonly FileToImport[], uploadId: string, signal: AbortSignal): Promise<void> {
    for (const [index, { file, name }] of files.entries()) {
      signal.throwIfAborted();
      // An empty file can't be an image, and no host takes it.
      if (file.size > 0)
        await this.#studio.uploadImport(file, name, { uploadId, modifiedAt: file.lastModified }, { signal });
      this.upload = { done: index + 1, total: files.length };
    }
  }

  async #look(choice: ImportChoice): Promise<void> {
    this.open = true;
    const id = newId() as RunId;
    this.error = await attempt(async () => {
      this.#follow(await this.#studio.imports.scan({ id, choice }));
      this.#scanId = id;
      this.#importId = null;
    });
  }

  /** The answer may come after the run's first events. */
  #follow(run: Run): void {
    if (!this.#runs.all.some(({ id }) => id === run.id)) this.#runs.applyUpdate(run);
  }

  #reset(): void {
    this.error = null;
    this.#scanId = null;
    this.#importId = null;
    this.#uploadId = null;
  }
}
