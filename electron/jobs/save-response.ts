import { readKeptResponse, reportsUsage } from '../contract/costs/kept-response.ts';
import type { ResponseMetadata } from '../contract/entities/generations.ts';
import type { GenerationId, JobId } from '../contract/entities/ids.ts';
import { amendReport, StudioError, type Log } from '../contract/errors/errors.ts';
import type { AnswerEvent } from '../images-api/client.ts';
import { addDocument } from '../library/jobs/responses.ts';
import { recordAnswer, recordResponseHead } from '../library/jobs/generations.ts';
import { savePartial } from '../library/images/save-image.ts';
import type { Library } from '../library/library.ts';
import { markAsImage } from '../library/files/receiving-file.ts';
import { quarantineIncoming } from '../library/files/quarantine.ts';
import type { GenerationListener } from './generation-events.ts';
import { isKept, type UnsavedImages } from './unsaved-images.ts';

/** Saves each part of a response as it arrives: a finished image does not wait for partial images that are still being written. */
export interface ResponseSaver {
  save(event: AnswerEvent): void;
  /** Waits for all parts so far. Resolves with the error of finished images that still are not saved, or null. */
  settled(): Promise<StudioError | null>;
  /** Finished images that were received, saved or not: each is billed. */
  imageCount(): number;
  /** What the response said about itself, such as its usage, complete or not; null if nothing arrived. */
  answer(): ResponseMetadata | null;
  /** Quarantines files of incomplete images. Call after the response has ended. Does not reject: the next start tries again. */
  quarantineUnfinished(): Promise<void>;
}

export interface ResponseSaverOptions {
  library: Library;
  jobId: JobId;
  generationId: GenerationId;
  log: Log;
  onEvent: GenerationListener;
  unsaved: UnsavedImages;
}

/**
 * Creates the saver of one response. A disk error does not end the response: its images are billed, and their files are useful without a
 * row. A head, partial image or JSON document that could not be recorded is only logged.
 */
export function createResponseSaver(options: ResponseSaverOptions): ResponseSaver {
  const { library, generationId, log, onEvent } = options;
  const saving: Promise<void>[] = [];
  const failures: StudioError[] = [];
  const unfinishedFiles: string[] = [];
  const documents: unknown[] = [];
  let answer: ResponseMetadata | null = null;
  let images = 0;

  return {
    save(event) {
      if (event.type === 'answer') answer = event.answer;
      if (event.type === 'document') documents.push(event.document);
      if (event.type === 'unfinished-file') {
        unfinishedFiles.push(event.path);
        return;
      }
      const isImage = event.type === 'image';
      if (isImage) images += 1;
      const saved = saveEvent(options, event).catch((thrown: unknown) => {
        log(`A part of the response (${event.type}) for generation ${generationId} could not be saved`, thrown);
        if (isImage && thrown instanceof StudioError) failures.push(thrown);
        onEvent({ type: 'storage-failed', jobId: options.jobId, generationId, error: thrown });
      });
      saving.push(saved);
    },
    async settled() {
      await Promise.all(saving);
      const lost = failures.filter((failure) => !isKept(failure));
      // Others may have been saved meanwhile.
      return summarizeFailures(failures, lost.length + options.unsaved.countOf(generationId));
    },
    imageCount: () => images,
    answer() {
      const kept = readKeptResponse(documents).answer;
      return kept || answer ? { ...kept, ...answer } : null;
    },
    async quarantineUnfinished() {
      for (const path of unfinishedFiles.splice(0)) {
        await quarantineIncoming(library, path).catch((thrown: unknown) =>
          log(`${path} could not be quarantined`, thrown),
        );
      }
    },
  };
}

/** Saves one part and reports it afterwards. */
async function saveEvent(
  { library, jobId, generationId, onEvent, unsaved }: ResponseSaverOptions,
  event: Exclude<AnswerEvent, { type: 'unfinished-file' }>,
): Promise<void> {
  const at = Date.now();
  switch (event.type) {
    case 'head':
      recordResponseHead(library.db, generationId, { status: event.status, requestId: event.requestId });
      return;
    case 'answer':
      // Its bill is then known even if the rest fails.
      if (reportsUsage(event.answer)) recordAnswer(library.db, generationId, event.answer);
      return;
    case 'document':
      addDocument(library.db, generationId, event.document);
      return;
    case 'partial':
      await savePartial(library, { generationId, index: event.index, file: event.image, at });
      onEvent({ type: 'updated', jobId, generationId });
      return;
    case 'image': {
      const { position, revisedPrompt } = event;
      const file = await markAsImage(event.image);
      const imageId = await unsaved.save({ jobId, input: { generationId, position, file, revisedPrompt, at } });
      onEvent({ type: 'image-saved', jobId, generationId, imageId });
    }
  }
}

/** The error of several images that are not saved; null for none. */
function summarizeFailures([first]: readonly StudioError[], images: number): StudioError | null {
  if (!first || images === 0) return null;
  const { detail } = first.report;
  if (detail?.kind !== 'image-unsaved' || images === 1) return first;
  return new StudioError(amendReport(first.report, { detail: { ...detail, images } }), { cause: first });
}
