import type { ImageId, JobRequest, ProfileId } from '../contract/entities.ts';
import { StudioError, toErrorReport, type Log } from '../contract/errors.ts';
import type { CreateParameters, EditParameters } from '../contract/parameters.ts';
import { callImagesApi } from '../images-api/client.ts';
import type { Connection, ImageCall } from '../images-api/request.ts';
import { markSent, type GenerationEnd } from '../library/generations.ts';
import { locateInputs } from '../library/inputs.ts';
import { incomingFolder, type Library } from '../library/library.ts';
import { writeRecord } from '../library/records.ts';
import { keepArrivals, type Keeper } from './keep-arrivals.ts';
import type { PlannedGeneration } from './plan.ts';
import { closedMeanwhile, stoppedBeforeSending, type StopReason } from './stop-reason.ts';

export interface RunOptions {
  library: Library;
  request: JobRequest;
  /** Where the record says that it goes. */
  baseUrl: string;
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
  const progress = { sent: false };
  const end = await attempt(options, keeper, progress).catch((thrown: unknown) =>
    failure(thrown, options, { ...progress, pictures: keeper.pictures() }),
  );
  options.ended({ at: Date.now(), ...end });
  afterwards(keeper.developed().then(() => writeRecord(library, generation.id)));
}

type End = Omit<GenerationEnd, 'at'>;

async function attempt(options: RunOptions, keeper: Keeper, progress: { sent: boolean }): Promise<End> {
  const { library, request, generation, signal, connect, changed } = options;
  options.begin();
  const connection = await connect(request.profileId);
  if (connection.baseUrl !== options.baseUrl) throw addressChanged();
  const call = imageCall(library, request, generation);
  if (signal.aborted) throw new StudioError(stoppedBeforeSending(signal.reason as StopReason));

  markSent(library.db, generation.id, Date.now());
  progress.sent = true;
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

/** A request goes where its record says, or nowhere. */
function addressChanged(): StudioError {
  const message =
    'The address of this profile was changed while the request waited. Nothing was sent and nothing was billed. Send it again if the new address is right.';
  return new StudioError({ code: 'profile-invalid', message });
}

/** What is known of money when it failed: the client knows of refusals; a finished picture is paid for; a fault of ours proves nothing. */
function failure(
  thrown: unknown,
  { signal, log }: RunOptions,
  { sent, pictures }: { sent: boolean; pictures: number },
): End {
  const closing = signal.aborted && signal.reason === ('closing' satisfies StopReason);
  let error = toErrorReport(thrown);
  if (error.code === 'internal') {
    log('A generation failed for an unforeseen reason', thrown);
    if (sent) error = { ...error, billing: 'possible' };
  }
  if (closing && error.code === 'cancelled') error = closedMeanwhile(error);
  if (pictures > 0) error = { ...error, billing: 'billed' };
  const { code, billing } = error;
  const state = code === 'interrupted' || code === 'cancelled' ? code : 'failed';
  const { status, requestId } = error.server ?? {};
  return { state, answer: null, billing, error, ...(status && { status }), ...(requestId && { requestId }) };
}
