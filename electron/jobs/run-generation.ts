import { knownBilling } from '../contract/costs/kept-response.ts';
import type { StorageHold } from '../contract/entities/queue.ts';
import type { JobId } from '../contract/entities/ids.ts';
import type { JobRequest } from '../contract/entities/requests.ts';
import { amendReport, StudioError, toErrorReport, type Log } from '../contract/errors/errors.ts';
import type { CreateParameters, EditParameters } from '../contract/catalogue/parameters.ts';
import { callImagesApi } from '../images-api/client.ts';
import type { Connection, ImageCall } from '../images-api/request/build-request.ts';
import type { GenerationEnd } from '../library/jobs/generations.ts';
import { ReceivingFile } from '../library/files/receiving-file.ts';
import { locateInputs } from '../library/jobs/locate-inputs.ts';
import type { AppLog } from '../log/log.ts';
import { incomingFolder, type Library } from '../library/library.ts';
import { storageDetailOf, type StorageCheck } from '../library/storage-check.ts';
import { expectedBytes } from './expected-size.ts';
import { requestCost, type Pricing } from './request-cost.ts';
import { createResponseSaver, type ResponseSaver } from './save-response.ts';
import type { GenerationListener, RateLimitedEnd } from './generation-events.ts';
import { isRetryable } from './retry-policy.ts';
import type { PlannedGeneration } from './plan-generations.ts';
import type { UnsavedImages } from './unsaved-images.ts';
import { endState, interruptedByQuit, stoppedBeforeSending, type StopReason } from './stop-reason.ts';

/** One line for each request that is sent and for each that has ended. */
export type RequestLog = Pick<AppLog, 'requestSent' | 'requestEnded'>;

/** A profile's connection, with its name, concurrency and whether it bills. */
export interface JobConnection extends Connection {
  /** The profile's name. */
  name: string;
  free: boolean;
  /** Number of requests that the profile runs at once. */
  concurrency: number;
}

export interface RunOptions {
  library: Library;
  jobId: JobId;
  request: JobRequest;
  /** The base URL in the job's record. */
  baseUrl: string;
  generation: PlannedGeneration;
  pricing: Pricing;
  log: Log;
  requestLog: RequestLog;
  /** Aborted with a {@link StopReason}. */
  signal: AbortSignal;
  unsaved: UnsavedImages;
  storage: Pick<StorageCheck, 'reserve' | 'confirmSent'>;
  /** Called once, before anything is sent. Its rejection ends the request. */
  connect(): Promise<JobConnection>;
  /** Records, durably, that the request is sent, and whether it is not after all. @throws StudioError when it can't be recorded */
  record: { sent(): void; notSent(): void };
  onEvent: GenerationListener;
}

/** Progress of one request. */
interface Progress {
  sent: boolean;
  /** When it was sent. Monotonic clock, ms. */
  sentAt: number;
  /** Bytes of the response so far. */
  received: number;
  free: boolean;
}

type End = Omit<GenerationEnd, 'at'>;

/**
 * Runs one request: proves that the library can keep its answer, records it before it is sent, saves every image before reporting it, and
 * reports how the request ended. Sends at most one POST, and none that could not be recorded. Does not reject.
 */
export async function runGeneration(options: RunOptions): Promise<void> {
  const { jobId, generation, onEvent } = options;
  const ids = { jobId, generationId: generation.id };
  const room: Room = { bytes: expectedBytes(options.request, generation.parameters), release: () => undefined };
  const saver = createResponseSaver({ ...options, ...ids });
  const progress: Progress = { sent: false, sentAt: 0, received: 0, free: false };
  const outcome = await send(options, saver, progress, room).catch((thrown: unknown) =>
    thrown instanceof NotSent ? thrown : endAfterError(thrown, options, progress, saver),
  );
  if (outcome instanceof NotSent) {
    room.release();
    onEvent({ type: 'not-sent', ...ids, cause: outcome.storage, bytes: room.bytes });
    return;
  }
  logEnd(options, progress, outcome);
  await saver.quarantineUnfinished();
  room.release();
  const end = { at: Date.now(), ...outcome };
  if (mayRetry(end, saver)) onEvent({ type: 'rate-limited', ...ids, end });
  else onEvent({ type: 'ended', ...ids, end });
}

/** What a request needs of the library's disk, kept free until it has ended. */
interface Room {
  bytes: number;
  release(): void;
}

/** The library can't keep the answer, so nothing was sent. */
class NotSent extends Error {
  override readonly name = 'NotSent';
  readonly storage: StorageHold['cause'];

  constructor(storage: StorageHold['cause'], cause: unknown) {
    super('The library can’t keep the answer', { cause });
    this.storage = storage;
  }
}

/** @throws NotSent for an error of the library's storage; any other error unchanged */
function throwUnsent(thrown: unknown): never {
  const storage = storageDetailOf(thrown);
  throw storage ? new NotSent(storage, thrown) : thrown;
}

/** Proves that the answer can be kept. @throws NotSent, StudioError when it was stopped meanwhile */
async function takeRoom({ storage, generation, signal }: RunOptions, room: Room): Promise<void> {
  room.release = await storage.reserve(generation.id, room.bytes).catch(throwUnsent);
  if (signal.aborted) throw new StudioError(stoppedBeforeSending(signal.reason as StopReason));
}

/** Records durably that the request is sent. @throws NotSent */
function recordSent({ storage, record, generation, log }: RunOptions): void {
  try {
    record.sent();
  } catch (thrown) {
    throwUnsent(thrown);
  }
  try {
    storage.confirmSent(generation.id);
  } catch (thrown) {
    try {
      record.notSent();
    } catch (unrecorded) {
      log(`Generation ${generation.id} is recorded as sent, but isn’t`, unrecorded);
    }
    throwUnsent(thrown);
  }
}

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

async function send(options: RunOptions, saver: ResponseSaver, progress: Progress, room: Room): Promise<End> {
  const { library, jobId, request, generation, signal, onEvent } = options;
  const ids = { jobId, generationId: generation.id };
  const connection = await options.connect();
  progress.free = connection.free;
  if (connection.baseUrl !== options.baseUrl) throw baseUrlChanged();
  // First: without the library's folder, inputs would be called missing.
  await takeRoom(options, room);
  const call = imageCall(library, request, generation);
  recordSent(options);
  progress.sent = true;
  progress.sentAt = performance.now();
  onEvent({ type: 'sent', ...ids });
  try {
    const result = await callImagesApi({
      connection,
      call,
      openSink: (place) =>
        ReceivingFile.open(
          { generationId: generation.id, ...place },
          {
            folder: incomingFolder(library),
            rescue: library.rescue,
            onRescue: (error) => onEvent({ type: 'storage-failed', ...ids, error }),
          },
        ),
      signal,
      onEvent: saver.save,
      traffic: {
        sent: (bytes) => options.requestLog.requestSent({ id: generation.id, profile: request.profileId, bytes }),
        received: (bytes) => (progress.received += bytes),
      },
    });
    const unsaved = await saver.settled();
    if (unsaved) throw unsaved;
    const { answer, requestId, status, rateLimit } = result;
    if (rateLimit?.remaining === 0 && rateLimit.resetMs !== null)
      onEvent({ type: 'limit-exhausted', ...ids, resetMs: rateLimit.resetMs });
    const cost = bill(options, progress, { answer, images: saver.imageCount() });
    return { state: 'done', answer, requestId, status, billing: 'billed', cost, error: null };
  } catch (thrown) {
    throw withUnsaved(thrown, await saver.settled());
  }
}

/** The error of a request of which images are not saved. */
function withUnsaved(thrown: unknown, unsaved: StudioError | null): unknown {
  if (!unsaved) return thrown;
  // What was thrown is the same, perhaps counted before the last image.
  if (thrown instanceof StudioError && thrown.report.detail?.kind === 'image-unsaved') return unsaved;
  const { detail } = unsaved.report;
  // Lost images are worse than what else went wrong.
  if (!(thrown instanceof StudioError) || detail?.kind !== 'image-unsaved' || !detail.kept) return unsaved;
  const notes = [...(thrown.report.notes ?? []), 'unsaved' as const];
  return new StudioError(amendReport(thrown.report, { billing: 'billed', notes }), { cause: thrown.cause });
}

function imageCall(library: Library, request: JobRequest, { id, parameters }: PlannedGeneration): ImageCall {
  // The plan's parameters belong to the request's operation.
  if (request.operation === 'create') return { operation: 'create', parameters: parameters as CreateParameters };
  const inputs = locateInputs(library, id);
  return request.operation === 'edit'
    ? { operation: 'edit', parameters: parameters as EditParameters, inputs }
    : { operation: 'variation', parameters, inputs };
}

/** The record names a base URL, and the request is sent to no other. */
function baseUrlChanged(): StudioError {
  return new StudioError({ code: 'profile-invalid', detail: { kind: 'address-changed' }, billing: 'none' });
}

function bill(
  { generation, pricing }: RunOptions,
  { free }: Progress,
  known: Parameters<typeof requestCost>[0],
): End['cost'] {
  return requestCost(known, { parameters: generation.parameters, free, pricing });
}

/**
 * How a request ended with an error. Billing: what the client reports; `billed` once a finished image or a usage figure was received;
 * `possible` after an unexpected error of ours when the request was sent. What was received is priced as for a complete response.
 */
function endAfterError(thrown: unknown, options: RunOptions, progress: Progress, saver: ResponseSaver): End {
  const { signal, log } = options;
  const images = saver.imageCount();
  const answer = saver.answer();
  const closing = signal.aborted && signal.reason === ('closing' satisfies StopReason);
  let error = toErrorReport(thrown);
  if (error.code === 'internal') {
    log('A generation failed unexpectedly', thrown);
    if (progress.sent) error = amendReport(error, { billing: 'possible' });
  }
  if (closing && error.code === 'cancelled') error = interruptedByQuit(error, images, options.generation.n);
  const billing = knownBilling(error.billing, { answer, images });
  if (!error.detail || billing !== error.billing) error = amendReport(error, { billing });
  const { status, requestId } = error.server ?? {};
  const cost = billing === 'none' ? null : bill(options, progress, { answer, images });
  return {
    state: endState(error),
    answer,
    billing,
    cost,
    error,
    ...(status && { status }),
    ...(requestId && { requestId }),
  };
}

function mayRetry(end: GenerationEnd, saver: ResponseSaver): end is RateLimitedEnd {
  return end.error !== null && isRetryable(end.error) && saver.imageCount() === 0;
}
