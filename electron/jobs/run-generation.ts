import type { ImageId, ProfileId } from '../contract/entities/ids.ts';
import type { JobRequest } from '../contract/entities/requests.ts';
import { StudioError, toErrorReport, type ErrorCode, type ErrorReport, type Log } from '../contract/errors/errors.ts';
import type { CreateParameters, EditParameters } from '../contract/catalogue/parameters.ts';
import { callImagesApi } from '../images-api/client.ts';
import type { Connection, ImageCall } from '../images-api/request/build-request.ts';
import { markSent, type GenerationEnd } from '../library/jobs/generations.ts';
import { locateInputs } from '../library/jobs/locate-inputs.ts';
import type { AppLog } from '../log/log.ts';
import { incomingFolder, type Library } from '../library/library.ts';
import { writeSidecar, writeSidecars } from '../library/sidecars.ts';
import { requestCost, type Pricing } from './request-cost.ts';
import { saveResponse, type ResponseSaver } from './save-response.ts';
import { isRetryable } from './retry-policy.ts';
import type { PlannedGeneration } from './plan-generations.ts';
import { interruptedByQuit, stoppedBeforeSending, type StopReason } from './stop-reason.ts';

/** One line for each request that is sent and for each that has ended. */
export type RequestLog = Pick<AppLog, 'requestSent' | 'requestEnded'>;

/** Where a request goes, on whose account, and whether anything is billed there. */
export interface JobConnection extends Connection {
  /** Of the profile. */
  name: string;
  free: boolean;
  /** How many requests the profile runs at once. */
  concurrency: number;
}

export interface RunOptions {
  library: Library;
  request: JobRequest;
  /** Where the record says that it goes. */
  baseUrl: string;
  generation: PlannedGeneration;
  connect(profileId: ProfileId): Promise<JobConnection>;
  money: Pricing;
  log: Log;
  requestLog: RequestLog;
  /** Aborted with a {@link StopReason}. */
  signal: AbortSignal;
  /** Records that its job runs. Throws where the disk refuses; then nothing is sent. */
  begin(): void;
  /** Something of the job is new in the library's rows. Never throws. */
  changed(): void;
  /** Never throws. */
  imageSaved(): void;
  /** Makes an image's thumbnails; never rejects. */
  develop(imageId: ImageId): Promise<void>;
  /** Makes an image's strict mask, where one is wished for; never rejects. */
  recomposite(imageId: ImageId): Promise<void>;
  /** The server allows no further request for that long, in milliseconds. Never throws. */
  exhausted(milliseconds: number): void;
  /**
   * The server refused the request before it did anything with it. Null: it was taken back and goes out again later; otherwise the error that
   * it ends with. Never throws.
   */
  refusedForNow(error: ErrorReport): ErrorReport | null;
  /** Whether the computer slept since the request was begun. */
  slept(): boolean;
  /** Takes how it ended. Never throws. */
  ended(end: GenerationEnd): void;
  /** Given what nobody has to wait for but the end of the application: thumbnails, the sidecar after them, strict masks. */
  afterwards(work: Promise<unknown>): void;
}

/** How far a request has come. */
interface Progress {
  sent: boolean;
  /** When it was sent, on the monotonic clock in ms. */
  sentAt: number;
  /** Bytes of the answer. */
  received: number;
  free: boolean;
}

/**
 * One request from the intent to the record: marked as sent, durably, before it leaves; every image that arrives is saved before it
 * is told of; the end is told whatever it is. Sends at most one POST, and none that could not be marked. Thumbnails and sidecar come
 * afterwards. Does not reject.
 */
export async function runGeneration(options: RunOptions): Promise<void> {
  const { library, generation, afterwards } = options;
  const keeper = saveResponse({ ...options, generationId: generation.id });
  const progress: Progress = { sent: false, sentAt: 0, received: 0, free: false };
  const end = await attempt(options, keeper, progress).catch((thrown: unknown) =>
    failure(thrown, options, progress, keeper.images()),
  );
  logEnd(options, progress, end);
  await keeper.quarantineUnfinished();
  const last = mayRetry(end, keeper) ? requeueGeneration(end, options) : end;
  if (last === null) return;
  options.ended({ at: Date.now(), ...last });
  const recorded = keeper.developed().then(() => writeSidecar(library, generation.id));
  afterwards(recorded);
  // A strict mask makes the record wait for nothing: it is written again where one came of it.
  afterwards(keeper.recomposited().then(() => rewriteRecord(options, recorded)));
}

async function rewriteRecord({ library, generation, log }: RunOptions, recorded: Promise<unknown>): Promise<void> {
  // What was wrong with the first has been told.
  await recorded.catch(() => undefined);
  await writeSidecars(library, [generation.id], (thrown) => log('A record could not name its strict masks', thrown));
}

type End = Omit<GenerationEnd, 'at'>;

function logEnd({ requestLog, generation, request }: RunOptions, progress: Progress, { error }: End): void {
  if (!progress.sent) return;
  requestLog.requestEnded({
    id: generation.id,
    profile: request.profileId,
    bytes: progress.received,
    ms: performance.now() - progress.sentAt,
    outcome: error?.code ?? 'done',
  });
}

async function attempt(options: RunOptions, keeper: ResponseSaver, progress: Progress): Promise<End> {
  const { library, request, generation, signal, connect, changed } = options;
  options.begin();
  const connection = await connect(request.profileId);
  progress.free = connection.free;
  if (connection.baseUrl !== options.baseUrl) throw baseUrlChanged();
  const call = imageCall(library, request, generation);
  if (signal.aborted) throw new StudioError(stoppedBeforeSending(signal.reason as StopReason));

  markSent(library.db, generation.id, Date.now());
  progress.sent = true;
  progress.sentAt = performance.now();
  changed();
  try {
    const result = await callImagesApi({
      connection,
      call,
      folder: incomingFolder(library),
      signal,
      onEvent: keeper.take,
      traffic: {
        sent: (bytes) => options.requestLog.requestSent({ id: generation.id, profile: request.profileId, bytes }),
        received: (bytes) => (progress.received += bytes),
      },
    });
    await keeper.settled();
    const { answer, requestId, status, rateLimit } = result;
    if (rateLimit?.remaining === 0 && rateLimit.resetMs !== null) options.exhausted(rateLimit.resetMs);
    const cost = bill(options, progress, { answer, images: keeper.images() });
    return { state: 'done', answer, requestId, status, billing: 'billed', cost, error: null };
  } catch (thrown) {
    // An image that could not be saved says more: its sentence tells where the file is.
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
function baseUrlChanged(): StudioError {
  const message =
    'The address of this profile was changed while the request waited. Nothing was sent and nothing was billed. Send it again if the new address is right.';
  return new StudioError({ code: 'profile-invalid', message });
}

function bill(
  { generation, money }: RunOptions,
  { free }: Progress,
  known: Parameters<typeof requestCost>[0],
): End['cost'] {
  return requestCost(known, { parameters: generation.parameters, free, money });
}

/** Ways in which a request ends when the connection breaks under it. */
const BROKEN = new Set<ErrorCode>(['connection-lost', 'answer-cut', 'timed-out', 'server-unreachable']);

/** What is known of money when it failed: the client knows of refusals; a finished image is paid for; a fault of ours proves nothing. */
function failure(thrown: unknown, options: RunOptions, progress: Progress, images: number): End {
  const { signal, log } = options;
  const closing = signal.aborted && signal.reason === ('closing' satisfies StopReason);
  let error = toErrorReport(thrown);
  if (error.code === 'internal') {
    log('A generation failed for an unforeseen reason', thrown);
    if (progress.sent) error = { ...error, billing: 'possible' };
  }
  if (closing && error.code === 'cancelled') error = interruptedByQuit(error);
  if (BROKEN.has(error.code) && options.slept())
    error = { ...error, message: `The computer slept while the request ran. ${error.message}` };
  if (images > 0) error = { ...error, billing: 'billed' };
  const { billing } = error;
  const { status, requestId } = error.server ?? {};
  // Without a whole answer only a profile that bills nothing is certain.
  const cost = billing === 'none' ? null : bill(options, progress, { answer: null, images });
  return {
    state: stateOf(error),
    answer: null,
    billing,
    cost,
    error,
    ...(status && { status }),
    ...(requestId && { requestId }),
  };
}

function stateOf({ code }: ErrorReport): End['state'] {
  return code === 'interrupted' || code === 'cancelled' ? code : 'failed';
}

function mayRetry(end: End, keeper: ResponseSaver): end is End & { error: ErrorReport } {
  return end.error !== null && isRetryable(end.error) && keeper.images() === 0;
}

/** The end of a request that was refused for now; null when it goes out again. */
function requeueGeneration(end: End & { error: ErrorReport }, options: RunOptions): End | null {
  const error = options.refusedForNow(end.error);
  return error && { ...end, state: stateOf(error), error };
}
