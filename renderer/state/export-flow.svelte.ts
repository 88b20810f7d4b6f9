import type { StudioApi } from '../../electron/contract/api.ts';
import type { ExportOptions, ExportPreview } from '../../electron/contract/entities/exports.ts';
import type { RunId } from '../../electron/contract/entities/ids.ts';
import { isOpen, type RunOf } from '../../electron/contract/entities/runs.ts';
import type { Selection } from '../../electron/contract/entities/views.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';
import { ExportSettings } from './export-settings.svelte.ts';
import { newId } from './new-id.ts';
import type { Runs } from './runs.svelte.ts';

/** Where an export is: from choosing how to what was written. */
export type ExportStep = 'choose' | 'exporting' | 'ended';

type ExportApi = Pick<StudioApi, 'exports' | 'host'>;

/** Exporting images: choose how and where, export, see what was written. One dialog, which the application shows. */
export class ExportFlow {
  open = $state(false);
  /** Why the last step failed. */
  error = $state.raw<ErrorReport | null>(null);
  /** What would be exported; null until that is known. */
  preview = $state.raw<ExportPreview | null>(null);
  /** How many of the images are signed; null until they were counted, which begins when they wouldn't be exported as they are. */
  signed = $state.raw<number | null>(null);
  readonly settings = new ExportSettings();
  readonly #studio: ExportApi;
  readonly #runs: Runs;
  #selection: Selection | null = null;
  #runId = $state.raw<RunId | null>(null);
  #isStarting = $state(false);

  constructor(studio: ExportApi, runs: Runs) {
    this.#studio = studio;
    this.#runs = runs;
  }

  /** The export of this dialog, or one that goes on since before the page was loaded. */
  readonly run: RunOf<'export'> | null = $derived.by(() => {
    const run = this.#runs.last('export');
    return run && (run.id === this.#runId || isOpen(run)) ? run : null;
  });

  readonly step: ExportStep = $derived.by(() => {
    if (!this.run) return 'choose';
    return isOpen(this.run) ? 'exporting' : 'ended';
  });

  /** Whether everything that an export needs is there. */
  readonly canStart: boolean = $derived(
    !this.#isStarting && (this.preview?.images ?? 0) > 0 && this.settings.options.folder.trim() !== '',
  );

  /** Opens the dialog: a new export, unless one goes on. */
  async show(selection: Selection): Promise<void> {
    this.open = true;
    if (this.step === 'exporting') return;
    this.#reset();
    this.#selection = selection;
    this.error = await attempt(async () => {
      const preview = await this.#studio.exports.preview({ selection });
      if (this.#selection === selection) this.preview = preview;
    });
    await this.#count();
  }

  /** Closes the dialog. An export goes on. */
  async close(): Promise<void> {
    this.open = false;
    if (this.step === 'exporting') return;
    this.#reset();
    await attempt(() => this.#studio.exports.countSigned({ selection: null }));
  }

  /** What is written of the images. */
  async choose(images: ExportOptions['images']): Promise<void> {
    this.settings.change({ images });
    await this.#count();
  }

  /** Whether files, a ZIP or a contact sheet are written. */
  async write(as: ExportOptions['as']): Promise<void> {
    this.settings.change({ as });
    await this.#count();
  }

  /** Shows the system's folder dialog. Cancelling keeps what was chosen. */
  async askFolder(): Promise<void> {
    this.error = await attempt(async () => {
      const chosen = await this.#studio.host.chooseExportFolder({});
      if (chosen) this.settings.change({ folder: chosen.folder });
    });
  }

  async start(): Promise<void> {
    const selection = this.#selection;
    if (selection === null || !this.canStart) return;
    const id = newId() as RunId;
    const { options } = this.settings;
    this.#isStarting = true;
    this.error = await attempt(async () => {
      const run = await this.#studio.exports.start({
        id,
        selection,
        options: { ...options, folder: options.folder.trim() },
      });
      // The answer may come after the run's first events.
      if (!this.#runs.all.some((known) => known.id === id)) this.#runs.applyUpdate(run);
      this.#runId = id;
    });
    this.#isStarting = false;
  }

  /** Shows what was written in the system's file manager. */
  async reveal(): Promise<void> {
    const { run } = this;
    if (run) this.error = await attempt(() => this.#studio.exports.reveal({ runId: run.id }));
  }

  /** Counts signed images, once, where they wouldn't be exported as they are. */
  async #count(): Promise<void> {
    const { as, images } = this.settings.options;
    if (as === 'sheet' || images === 'originals' || this.signed !== null) return;
    const selection = this.#selection;
    const error = await attempt(async () => {
      const signed = await this.#studio.exports.countSigned({ selection });
      if (this.#selection === selection) this.signed = signed;
    });
    if (error && this.#selection === selection) this.error = error;
  }

  #reset(): void {
    this.error = null;
    this.preview = null;
    this.signed = null;
    this.#selection = null;
    this.#runId = null;
  }
}
