import type { GenerationId, ImageId, JobId } from '../contract/entities/ids.ts';
import type { UnsavedFile } from '../contract/entities/jobs.ts';
import { StudioError, type Log } from '../contract/errors/errors.ts';
import type { UnsavedImage } from '../library/files/library-handle.ts';
import { locateReceived, saveReceived, secureReceived } from '../library/images/save-received.ts';
import { settleSavedLate } from '../library/jobs/settle-saved-late.ts';
import type { Library } from '../library/library.ts';

export interface UnsavedImagesOptions {
  library: Library;
  log: Log;
  /** An image is in the library now. */
  onSaved(image: { jobId: JobId; generationId: GenerationId; imageId: ImageId }): void;
  /** A request's images, or how it ended, changed. */
  onSettled(request: { jobId: JobId; generationId: GenerationId }): void;
}

/**
 * Images that were received but could not be saved. Their files are kept in the incoming folder or in a rescue folder, and saved again
 * without another request: when the storage works again, when the person asks, and at the next start.
 */
export class UnsavedImages {
  readonly #options: UnsavedImagesOptions;
  #images: UnsavedImage[];
  /** Requests of which an image was saved late and whose end isn't recorded yet, with their jobs. */
  readonly #savedLate = new Map<GenerationId, JobId>();
  #saving: Promise<unknown> = Promise.resolve();

  constructor(options: UnsavedImagesOptions) {
    this.#options = options;
    this.#images = [...options.library.recovery.unsaved];
  }

  /** The total size of all files, in bytes. */
  get bytes(): number {
    return this.#images.reduce((sum, { input }) => sum + input.file.bytes, 0);
  }

  get isEmpty(): boolean {
    return this.#images.length === 0;
  }

  /** Where the files of a job's unsaved images are now. */
  filesOf(jobId: JobId): UnsavedFile[] {
    const { library } = this.#options;
    return this.#images
      .filter((image) => image.jobId === jobId)
      .map(({ input }) => ({ path: locateReceived(library, input.file) }));
  }

  countOf(id: GenerationId): number {
    return this.#images.filter(({ input }) => input.generationId === id).length;
  }

  /** Saves an image, or keeps it to be saved later. @throws StudioError when it could not be saved now */
  async save(image: UnsavedImage): Promise<ImageId> {
    const { library } = this.#options;
    try {
      return (await saveReceived(library, image.input)).id;
    } catch (thrown) {
      if (isKept(thrown)) {
        const file = await secureReceived(library, image.input.file);
        this.#images.push({ ...image, input: { ...image.input, file } });
      }
      throw thrown;
    }
  }

  /** Tries again to save all images, or those of one job. @throws StudioError the first error; the images stay unsaved */
  saveAgain(jobId?: JobId): Promise<void> {
    const saved = this.#saving.then(() => this.#saveAgain(jobId));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  /** Corrects how a request ended, if an image of it was saved late. Call it when the end is recorded. Never throws. */
  settle(jobId: JobId, generationId: GenerationId): void {
    if (!this.#savedLate.has(generationId)) return;
    const { library, log, onSettled } = this.#options;
    try {
      if (settleSavedLate(library.db, generationId, this.countOf(generationId))) this.#savedLate.delete(generationId);
    } catch (thrown) {
      log(`The end of generation ${generationId} could not be corrected`, thrown);
    }
    onSettled({ jobId, generationId });
  }

  /** The same for all requests: ends may have been recorded after their images were saved. */
  settleAll(): void {
    for (const [generationId, jobId] of this.#savedLate) this.settle(jobId, generationId);
  }

  async #saveAgain(jobId: JobId | undefined): Promise<void> {
    const { library, log, onSaved } = this.#options;
    const errors: unknown[] = [];
    for (const image of this.#images.filter((each) => jobId === undefined || each.jobId === jobId)) {
      const { generationId } = image.input;
      try {
        const { id: imageId } = await saveReceived(library, image.input);
        this.#images = this.#images.filter((each) => each !== image);
        this.#savedLate.set(generationId, image.jobId);
        onSaved({ jobId: image.jobId, generationId, imageId });
        this.settle(image.jobId, generationId);
      } catch (thrown) {
        log(`An image of generation ${generationId} still can’t be saved`, thrown);
        errors.push(thrown);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** Whether the file of an image that could not be saved still exists. */
export function isKept(thrown: unknown): boolean {
  if (!(thrown instanceof StudioError)) return false;
  const { detail } = thrown.report;
  return detail?.kind === 'image-unsaved' && detail.kept;
}
