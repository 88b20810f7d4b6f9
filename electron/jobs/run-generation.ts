import type { ImageId, JobRequest, ProfileId } from '../contract/entities.ts';
import { StudioError, toErrorReport, type ErrorReport, type Log } from '../contract/errors.ts';
import type { CreateParameters, EditParameters } from '../contract/parameters.ts';
import { callImagesApi } from '../images-api/client.ts';
import type { Connection, ImageCall } from '../images-api/request.ts';
import { markSent, type GenerationEnd } from '../library/generations.ts';
import { locateInputs } from '../library/inputs.ts';
import { incomingFolder, type Library } from '../library/library.ts';
import { writeRecord } from '../library/records.ts';
import { keepArrivals, type Keeper } from './keep-arrivals.ts';
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
  /** Records that its job runs. Throws where the disk refuses; then nothing is sent. */
  begin(): void;
  /** Something of the job is new in the library's rows. Never throws. */
  changed(): void;
  /** Never throws. */
  pictureSaved(): void;
  /** Makes a picture's thumbnails; never rejects. */
  develop(imageId: ImageId): Promise<void>;
  /** Takes how it ended. Never throws. */
  ended(end: GenerationEnd): void;
  /** Given what nobody has to wait for but the end of the application: thumbnails, and the sidecar after them. */
  afterwards(work: Promise<unknown>): void;
}

/**
 * One request from the intent to the record: marked as sent, durably, before it leaves; every picture that arrives is saved before it
 * is told of; the end is told whatever it is. Sends at most one POST, and none that could not be marked. Thumbnails and sidecar come
 * afterwards. Does not reject.
 */
export async function runGeneration(options: RunOptions): Promise<void> {
  const { library, generation, afterwards } = options;
  const keeper = keepArrivals({ ...options, generationId: generation.id });
  const end = await attempt(options, keeper).catch((thrown: unknown) => failure(thrown, options, keeper.pictures()));
  options.ended({ at: Date.now(), ...end });
  afterwards(keeper.developed().then(() => writeRecord(library, generation.id)));
}

type End = Omit<GenerationEnd, 'at'>;

async function attempt(options: RunOptions, keeper: Keeper): Promise<End> {
  const { library, request, generation, signal, connect, changed } = options;
  options.begin();
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
      signal,
      onArrival: keeper.take,
    });
    await keeper.settled();
    const { answer, requestId, status } = result;
    return { state: 'done', answer, requestId, status, billing: 'billed', error: null };
  } catch (thrown) {
    // A picture that could not be saved says more: its sentence tells where the file is.
    await keeper.settled();
    throw thrown;
  }
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
  if (pictures > 0) error = { ...error, billing: 'billed' };
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
