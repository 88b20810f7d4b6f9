import type { GenerationId, ImageId } from '../contract/entities/ids.ts';
import { StudioError, type Log } from '../contract/errors/errors.ts';
import type { AnswerEvent } from '../images-api/client.ts';
import { addDocument } from '../library/jobs/answers.ts';
import { recordResponseHead } from '../library/jobs/generations.ts';
import { savePartial, saveImage } from '../library/images/save-image.ts';
import type { Library } from '../library/library.ts';
import { quarantineIncoming } from '../library/files/quarantine.ts';

/** Saves what arrives, each at once: a finished image does not wait for partial images that are still on their way to the disk. */
export interface ResponseSaver {
  take(arrival: AnswerEvent): void;
  /** Waits for all that arrived so far; rejects when a finished image could not be saved, and says where its file is. */
  settled(): Promise<void>;
  /** Waits for thumbnails. */
  developed(): Promise<unknown>;
  /** Waits for strict masks. */
  recomposited(): Promise<unknown>;
  /** Finished images that arrived, saved or not: each is paid for. */
  images(): number;
  /** Puts away what will never be an image, once the call has ended. Never rejects: the next start tries again. */
  quarantineUnfinished(): Promise<void>;
}

export interface ResponseSaverOptions {
  library: Library;
  generationId: GenerationId;
  log: Log;
  /** Something of the job is new in the library's rows. Never throws. */
  changed(): void;
  /** Never throws. */
  imageSaved(): void;
  /** Makes an image's thumbnails; never rejects. */
  develop(imageId: ImageId): Promise<void>;
  /** Makes an image's strict mask, where one is wished for; never rejects. */
  recomposite(imageId: ImageId): Promise<void>;
}

/**
 * A disk that refuses does not end the call: its images are paid for, and their files are worth having also without a row. A head, a
 * partial image or the server's words that could not be recorded are told to the log alone, for the images say more.
 */
export function saveResponse(options: ResponseSaverOptions): ResponseSaver {
  const { library, log } = options;
  const saving: Promise<void>[] = [];
  const refused: unknown[] = [];
  const developing: Promise<void>[] = [];
  const recompositing: Promise<void>[] = [];
  const remains: string[] = [];
  let images = 0;

  return {
    take(arrival) {
      if (arrival.type === 'unfinished-file') {
        remains.push(arrival.path);
        return;
      }
      const isImage = arrival.type === 'image';
      if (isImage) images += 1;
      const saved = keep(options, arrival).then(
        (imageId) => {
          if (!imageId) return;
          developing.push(options.develop(imageId));
          recompositing.push(options.recomposite(imageId));
        },
        (thrown: unknown) => {
          log(`What arrived (${arrival.type}) for generation ${options.generationId} could not be recorded`, thrown);
          if (isImage) refused.push(thrown);
        },
      );
      saving.push(saved);
    },
    async settled() {
      await Promise.all(saving);
      if (refused.length > 0) throw summarizeFailures(refused, library.folder);
    },
    developed: () => Promise.all(developing),
    recomposited: () => Promise.all(recompositing),
    images: () => images,
    async quarantineUnfinished() {
      for (const path of remains.splice(0)) {
        await quarantineIncoming(library, path).catch((thrown: unknown) =>
          log(`${path} could not be put into quarantine`, thrown),
        );
      }
    },
  };
}

/** Saves one arrival, tells of it only then, and gives the id of a finished image. */
async function keep(
  options: ResponseSaverOptions,
  arrival: Exclude<AnswerEvent, { type: 'unfinished-file' }>,
): Promise<ImageId | null> {
  const { library, generationId, changed, imageSaved } = options;
  const at = Date.now();
  switch (arrival.type) {
    case 'head':
      recordResponseHead(library.db, generationId, { status: arrival.status, requestId: arrival.requestId });
      return null;
    case 'document':
      addDocument(library.db, generationId, arrival.document);
      return null;
    case 'partial':
      await savePartial(library, { generationId, index: arrival.index, file: arrival.image, at });
      changed();
      return null;
    case 'image': {
      const { position, revisedPrompt, image: file } = arrival;
      const { id } = await saveImage(library, { generationId, position, file, revisedPrompt, at });
      changed();
      imageSaved();
      return id;
    }
  }
}

/** The first image's error, which says where that one is, and how many more there are. */
function summarizeFailures([first, ...more]: unknown[], folder: string): unknown {
  if (more.length === 0 || !(first instanceof StudioError)) return first;
  const others = `${more.length} more ${more.length === 1 ? 'image' : 'images'}`;
  const message = `${first.message} The files of ${others} of this request are in ${folder} too.`;
  return new StudioError({ ...first.report, message }, { cause: first });
}
