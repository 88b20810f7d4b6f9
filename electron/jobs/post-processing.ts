import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { GenerationId, ImageId, JobId } from '../contract/entities/ids.ts';
import type { Log } from '../contract/errors/errors.ts';
import { createThumbnails, isDrawing } from '../library/images/thumbnails.ts';
import { readStrictMaskDue } from '../library/images/strict-results.ts';
import type { Library } from '../library/library.ts';
import { writeSidecars } from '../library/sidecars/outdated-sidecars.ts';
import { writeSidecar } from '../library/sidecars/write-sidecar.ts';
import { applyStrictMask } from '../library/strict/apply-strict-mask.ts';
import { BackgroundTasks } from './background-tasks.ts';
import type { GenerationEvent } from './generation-events.ts';
import type { JobUpdates } from './job-updates.ts';

/** Delay in milliseconds before thumbnails are made, so that the page decodes the original first. */
const THUMBNAIL_DELAY_MS = 400;

export interface PostProcessingOptions {
  library: Library;
  log: Log;
  updates: JobUpdates;
}

/** Work on the images of one request. Its promises never reject. */
interface ImageWork {
  thumbnails: Promise<void>[];
  /** Resolve with whether a strict mask was applied or failed, which the sidecar then names. */
  strictMasks: Promise<boolean>[];
}

/**
 * Work after an image is saved: thumbnails, the strict mask if requested, and the sidecar once its request has ended. The next start can
 * repeat all of it, so errors are only logged.
 */
export class PostProcessing {
  readonly #options: PostProcessingOptions;
  readonly #tasks: BackgroundTasks;
  readonly #work = new Map<GenerationId, ImageWork>();
  readonly #aborter = new AbortController();
  /** One image at a time of each kind: each start is counted in its row, and a drawing, which may take long, holds up nothing else. */
  readonly #turns = { drawing: pLimit(1), other: pLimit(1) };

  constructor(options: PostProcessingOptions) {
    this.#options = options;
    this.#tasks = new BackgroundTasks(options.log);
  }

  handle(event: GenerationEvent): void {
    if (event.type === 'image-saved') this.#addImage(event.generationId, event);
    else if (event.type === 'ended' || event.type === 'saved-late') this.#writeSidecars(event.generationId);
  }

  /** Leaves thumbnails that haven't begun, and aborts strict masks: the next start makes both. */
  abort(): void {
    this.#aborter.abort();
  }

  /** Resolves when all work is done. Never rejects. */
  idle(): Promise<void> {
    return this.#tasks.idle();
  }

  #addImage(generationId: GenerationId, image: { jobId: JobId; imageId: ImageId }): void {
    const work = this.#work.get(generationId) ?? { thumbnails: [], strictMasks: [] };
    work.thumbnails.push(this.#createThumbnails(image));
    work.strictMasks.push(this.#applyStrictMask(image));
    this.#work.set(generationId, work);
  }

  async #createThumbnails({ jobId, imageId }: { jobId: JobId; imageId: ImageId }): Promise<void> {
    const { library, log, updates } = this.#options;
    const { signal } = this.#aborter;
    try {
      await delay(THUMBNAIL_DELAY_MS, undefined, { signal });
      const turn = this.#turns[isDrawing(library, imageId) ? 'drawing' : 'other'];
      await turn(() => {
        signal.throwIfAborted();
        return createThumbnails(library, imageId);
      });
      updates.emit({ type: 'library' });
    } catch (thrown) {
      if (signal.aborted) return;
      // The original is safe and is shown instead.
      log(`No thumbnail for ${imageId}`, thrown);
    }
    updates.emitJob(jobId);
  }

  async #applyStrictMask({ jobId, imageId }: { jobId: JobId; imageId: ImageId }): Promise<boolean> {
    const { library, log, updates } = this.#options;
    const { signal } = this.#aborter;
    try {
      const feather = readStrictMaskDue(library.db, imageId);
      if (feather === null || signal.aborted) return false;
      const failed = (thrown: unknown): void => log(`The strict mask of ${imageId} could not be applied`, thrown);
      await applyStrictMask(library, imageId, { feather, signal, failed });
    } catch (thrown) {
      if (!signal.aborted)
        log(`The strict mask of ${imageId} could not be applied; the next start tries again`, thrown);
      return false;
    }
    updates.emitJob(jobId);
    updates.emit({ type: 'library' });
    return true;
  }

  /** The sidecar waits for thumbnails. It does not wait for strict masks: where one was applied, it is written again. */
  #writeSidecars(generationId: GenerationId): void {
    const { library, log } = this.#options;
    const { thumbnails = [], strictMasks = [] } = this.#work.get(generationId) ?? {};
    this.#work.delete(generationId);
    const failure = `The sidecar of generation ${generationId} could not be written`;
    const written = Promise.all(thumbnails).then(() => writeSidecar(library, generationId));
    this.#tasks.add(written, failure);
    const rewritten = Promise.all(strictMasks).then(async (applied) => {
      // The first write's error is in the log.
      await written.catch(() => undefined);
      if (applied.includes(true)) await writeSidecars(library, [generationId], (thrown) => log(failure, thrown));
    });
    this.#tasks.add(rewritten, failure);
  }
}
