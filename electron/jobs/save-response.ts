import type { GenerationId, ImageId } from '../contract/entities.ts';
import { StudioError, type Log } from '../contract/errors.ts';
import type { AnswerEvent } from '../images-api/client.ts';
import { addDocument } from '../library/jobs/answers.ts';
import { recordResponseHead } from '../library/jobs/generations.ts';
import { savePartial, savePicture } from '../library/images/save-image.ts';
import type { Library } from '../library/library.ts';
import { quarantineIncoming } from '../library/files/quarantine.ts';

/** Saves what arrives, each at once: a finished picture does not wait for partial images that are still on their way to the disk. */
export interface ResponseSaver {
  take(arrival: AnswerEvent): void;
  /** Waits for all that arrived so far; rejects when a finished picture could not be saved, and says where its file is. */
  settled(): Promise<void>;
  /** Waits for thumbnails. */
  developed(): Promise<unknown>;
  /** Waits for strict masks. */
  recomposited(): Promise<unknown>;
  /** Finished pictures that arrived, saved or not: each is paid for. */
  pictures(): number;
  /** Puts away what will never be a picture, once the call has ended. Never rejects: the next start tries again. */
  quarantineUnfinished(): Promise<void>;
}

export interface ResponseSaverOptions {
  library: Library;
  generationId: GenerationId;
  log: Log;
  /** Something of the job is new in the library's rows. Never throws. */
  changed(): void;
  /** Never throws. */
  pictureSaved(): void;
  /** Makes a picture's thumbnails; never rejects. */
  develop(imageId: ImageId): Promise<void>;
  /** Makes a picture's strict mask, where one is wished for; never rejects. */
  recomposite(imageId: ImageId): Promise<void>;
}

/**
 * A disk that refuses does not end the call: its pictures are paid for, and their files are worth having also without a row. A head, a
 * partial image or the server's words that could not be recorded are told to the log alone, for the pictures say more.
 */
export function saveResponse(options: ResponseSaverOptions): ResponseSaver {
  const { library, log } = options;
  const saving: Promise<void>[] = [];
  const refused: unknown[] = [];
  const developing: Promise<void>[] = [];
  const recompositing: Promise<void>[] = [];
  const remains: string[] = [];
  let pictures = 0;

  return {
    take(arrival) {
      if (arrival.type === 'unfinished-file') {
        remains.push(arrival.path);
        return;
      }
      const isPicture = arrival.type === 'picture';
      if (isPicture) pictures += 1;
      const saved = keep(options, arrival).then(
        (imageId) => {
          if (!imageId) return;
          developing.push(options.develop(imageId));
          recompositing.push(options.recomposite(imageId));
        },
        (thrown: unknown) => {
          log(`What arrived (${arrival.type}) for generation ${options.generationId} could not be recorded`, thrown);
          if (isPicture) refused.push(thrown);
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
    pictures: () => pictures,
    async quarantineUnfinished() {
      for (const path of remains.splice(0)) {
        await quarantineIncoming(library, path).catch((thrown: unknown) =>
          log(`${path} could not be put into quarantine`, thrown),
        );
      }
    },
  };
}

/** Saves one arrival, tells of it only then, and gives the id of a finished picture. */
async function keep(options: ResponseSaverOptions, arrival: Exclude<AnswerEvent, { type: 'unfinished-file' }>): Promise<ImageId | null> {
  const { library, generationId, changed, pictureSaved } = options;
  const at = Date.now();
  switch (arrival.type) {
    case 'head':
      recordResponseHead(library.db, generationId, { status: arrival.status, requestId: arrival.requestId });
      return null;
    case 'document':
      addDocument(library.db, generationId, arrival.document);
      return null;
    case 'partial':
      await savePartial(library, { generationId, index: arrival.index, file: arrival.picture, at });
      changed();
      return null;
    case 'picture': {
      const { position, revisedPrompt, picture: file } = arrival;
      const { id } = await savePicture(library, { generationId, position, file, revisedPrompt, at });
      changed();
      pictureSaved();
      return id;
    }
  }
}

/** The first picture's error, which says where that one is, and how many more there are. */
function summarizeFailures([first, ...more]: unknown[], folder: string): unknown {
  if (more.length === 0 || !(first instanceof StudioError)) return first;
  const others = `${more.length} more ${more.length === 1 ? 'picture' : 'pictures'}`;
  const message = `${first.message} The files of ${others} of this request are in ${folder} too.`;
  return new StudioError({ ...first.report, message }, { cause: first });
}
