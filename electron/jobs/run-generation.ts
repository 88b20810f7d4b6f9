import type { ImageId, JobRequest, ProfileId } from '../contract/entities.ts';
import { StudioError, toErrorReport, type ErrorReport, type Log } from '../contract/errors.ts';
import type { CreateParameters, EditParameters } from '../contract/parameters.ts';
import { callImagesApi, type Arrival } from '../images-api/client.ts';
import type { Connection, ImageCall } from '../images-api/request.ts';
import { finishGeneration, markSent, noteHead } from '../library/generations.ts';
import { savePartial, savePicture } from '../library/images.ts';
import { locateInputs } from '../library/inputs.ts';
import { incomingFolder, type Library } from '../library/library.ts';
import { writeRecord } from '../library/records.ts';
import type { PlannedGeneration } from './plan.ts';

/** Why a running job is cut off; travels as the reason of its AbortSignal. */
export type StopReason = 'cancelled' | 'closing';

export interface RunOptions {
  library: Library;
  request: JobRequest;
  generation: PlannedGeneration;
  connect(profileId: ProfileId): Promise<Connection>;
  log: Log;
  /** Aborted with a {@link StopReason}. */
  signal: AbortSignal;
  /** Something of the job is new in the library's rows. */
  changed(): void;
  pictureSaved(): void;
  /** Makes a picture's thumbnails; never rejects. */
  develop(imageId: ImageId): Promise<void>;
  /** Given what nobody has to wait for but the end of the application: thumbnails, and the sidecar after them. */
  afterwards(work: Promise<unknown>): void;
}

/**
 * One request from the intent to the record: marked as sent, durably, before it leaves; every picture that arrives is saved before it
 * is told of; the end is recorded whatever it is. Sends at most one POST. Thumbnails and sidecar come afterwards.
 * Rejects only where the end cannot be recorded.
 */
export async function runGeneration(options: RunOptions): Promise<void> {
  const { library, generation, changed, afterwards } = options;
  const keeper = keepArrivals(options);
  const end = await attempt(options, keeper).catch((thrown: unknown) => failure(thrown, options, keeper.pictures()));
  finishGeneration(library.db, generation.id, { at: Date.now(), ...end });
  changed();
  afterwards(keeper.developed().then(() => writeRecord(library, generation.id)));
}

type End = Omit<Parameters<typeof finishGeneration>[2], 'at'>;

async function attempt(options: RunOptions, keeper: Keeper): Promise<End> {
  const { library, request, generation, signal, connect, changed } = options;
  const connection = await connect(request.profileId);
  const call = imageCall(library, request, generation);
  if (signal.aborted) throw stoppedBeforeSending(signal);

  markSent(library.db, generation.id, Date.now());
  changed();
  try {
    const result = await callImagesApi({
      connection,
      call,
      folder: incomingFolder(library),
      signal: AbortSignal.any([signal, keeper.failed]),
      onArrival: keeper.take,
    });
    await keeper.settled();
    const { answer, requestId, status } = result;
    return { state: 'done', answer, requestId, status, billing: 'billed', error: null };
  } catch (thrown) {
    // A picture that could not be saved says more than the abort that it caused.
    await keeper.settled();
    throw thrown;
  }
}

/** Saves what arrives, each at once: a finished picture does not wait for partial images that are still on their way to the disk. */
interface Keeper {
  take(arrival: Arrival): void;
  /** Aborted when something that arrived could not be saved. */
  failed: AbortSignal;
  /** Waits for all that arrived so far; rejects with the first failure to save. */
  settled(): Promise<void>;
  /** Waits for thumbnails. */
  developed(): Promise<unknown>;
  /** Pictures saved so far, partial images not counted. */
  pictures(): number;
}

function keepArrivals({ library, generation, changed, pictureSaved, develop }: RunOptions): Keeper {
  const failed = new AbortController();
  const saving: Promise<void>[] = [];
  let failure: Error | null = null;
  let pictures = 0;
  const developing: Promise<void>[] = [];

  async function keep(arrival: Arrival): Promise<void> {
    const at = Date.now();
    switch (arrival.type) {
      case 'head':
        noteHead(library.db, generation.id, { status: arrival.status, requestId: arrival.requestId });
        return;
      case 'partial':
        await savePartial(library, { generationId: generation.id, index: arrival.index, file: arrival.picture, at });
        changed();
        return;
      case 'picture': {
        const { position, revisedPrompt, picture: file } = arrival;
        const picture = await savePicture(library, { generationId: generation.id, position, file, revisedPrompt, at });
        pictures += 1;
        changed();
        pictureSaved();
        developing.push(develop(picture.id));
      }
    }
  }

  return {
    take(arrival) {
      saving.push(
        keep(arrival).catch((thrown: unknown) => {
          failure ??= toError(thrown);
          failed.abort();
        }),
      );
    },
    failed: failed.signal,
    async settled() {
      await Promise.all(saving);
      if (failure !== null) throw failure;
    },
    developed: () => Promise.all(developing),
    pictures: () => pictures,
  };
}

function imageCall(library: Library, request: JobRequest, { id, parameters }: PlannedGeneration): ImageCall {
  // The plan settled parameters of the very request, so they are of its operation.
  if (request.operation === 'create') return { operation: 'create', parameters: parameters as CreateParameters };
  const inputs = locateInputs(library, id);
  return request.operation === 'edit'
    ? { operation: 'edit', parameters: parameters as EditParameters, inputs }
    : { operation: 'variation', parameters, inputs };
}

function stoppedBeforeSending(signal: AbortSignal): StudioError {
  const closing = signal.reason === ('closing' satisfies StopReason);
  return new StudioError({
    code: closing ? 'interrupted' : 'cancelled',
    message: `${closing ? 'Emulsion closed' : 'Stopped'} before it was sent. Nothing was made and nothing was billed.`,
  });
}

function failure(thrown: unknown, { signal, log }: RunOptions, pictures: number): End {
  const closing = signal.aborted && signal.reason === ('closing' satisfies StopReason);
  let error = toErrorReport(thrown);
  if (error.code === 'internal') log('A generation failed for an unforeseen reason', thrown);
  if (closing && error.code === 'cancelled') error = { ...error, code: 'interrupted', message: closedMessage(error) };
  if (pictures > 0 && error.billing === 'none') error = { ...error, billing: 'billed' };
  const state = error.code === 'interrupted' ? 'interrupted' : error.code === 'cancelled' ? 'cancelled' : 'failed';
  const { status, requestId } = error.server ?? {};
  return {
    state,
    answer: null,
    billing: error.billing,
    error,
    ...(status && { status }),
    ...(requestId && { requestId }),
  };
}

function closedMessage({ billing }: ErrorReport): string {
  return billing === 'none'
    ? 'Emulsion closed before this was sent. Nothing was made and nothing was billed.'
    : 'Emulsion closed while the server was working. The request was sent, the outcome is unknown and it may have been billed. It was not sent again.';
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
