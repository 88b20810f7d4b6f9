import type { ResponseMetadata } from '../contract/entities/generations.ts';
import { StudioError, type ErrorCode, type ServerMessage } from '../contract/errors/errors.ts';
import { AnswerDocuments } from './answer/answer-documents.ts';
import { isAzure } from './request/endpoints.ts';
import { amendError } from './errors/api-error.ts';
import { AnswerCollector, type AnswerEvent } from './answer/answer-collector.ts';
import { echoesOf } from './answer/echoes.ts';
import { readAnswerOrTask } from './answer/follow-task.ts';
import type { OpenImageSink } from './answer/image-sink.ts';
import { downloadFirst } from './answer/download-image.ts';
import { errorFromAnswer, readRequestId, errorFromResponse } from './errors/server-errors.ts';
import { readErrorBody, withExchange, type Exchange, type Traffic } from './transport/exchange.ts';
import { DEFAULT_LIMITS, type Limits } from './transport/limits.ts';
import { isPrivateAddress } from './transport/private-address.ts';
import { readRateLimit, type RateLimit } from './headers/rate-limit.ts';
import { sanitizeUrl, sanitizeText } from './errors/redact.ts';
import { buildRequest, type Connection, type ImageCall } from './request/build-request.ts';

export type { AnswerEvent } from './answer/answer-collector.ts';
export type { OpenImageSink } from './answer/image-sink.ts';
export type { ReceivedImage } from './answer/image-file.ts';
export { listModels } from './list-models.ts';

export interface CallOptions {
  connection: Connection;
  call: ImageCall;
  /** Creates the files that received images are written to. */
  openSink: OpenImageSink;
  /** Aborted when the user stops the request. */
  signal: AbortSignal;
  limits?: Partial<Limits>;
  traffic?: Traffic;
  /** Called for each part of the response as soon as it is complete. Synchronous; must not throw. */
  onEvent(arrival: AnswerEvent): void;
}

export interface CallResult {
  status: number;
  requestId: string | null;
  answer: ResponseMetadata;
  /** Number of finished images that were emitted. */
  images: number;
  /** The response as JSON, without pixels and without the key; each document was emitted when it was complete. */
  documents: unknown[];
  /** From the rate-limit headers; null when there are none. */
  rateLimit: RateLimit | null;
}

/**
 * Sends one request to the Images API, never more than one. Images are written to the caller's files while they arrive and are emitted as
 * soon as they are complete. The caller owns those files, even when the call fails later. The file of an incomplete final image is kept;
 * an incomplete partial image is removed.
 * @throws StudioError `report.billing` says whether the request may have been billed
 */
export async function callImagesApi(options: CallOptions): Promise<CallResult> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const prepared = buildRequest(options.connection, options.call);
  const { proxy } = options.connection;
  const { signal, traffic } = options;
  return withExchange(prepared, { limits, signal, proxy, traffic }, async (exchange) => {
    const { status, headers } = exchange;
    const { apiKey, server } = options.connection;
    const rawId = readRequestId(headers);
    const requestId = rawId === null ? null : sanitizeText(rawId, apiKey);
    options.onEvent({ type: 'head', status, requestId });
    const model = options.call.parameters.model ?? null;
    const answerer = { status, headers, apiKey, model, azure: isAzure(server) };
    const documents = new AnswerDocuments(apiKey, (document) => options.onEvent({ type: 'document', document }));
    if (status < 200 || status >= 300) {
      const body = await readErrorBody(exchange);
      documents.keepBody(body);
      throw errorFromResponse({ ...answerer, body });
    }
    const delivery = new AnswerCollector({
      openSink: options.openSink,
      apiKey,
      limits,
      documents,
      emit: options.onEvent,
      requestUrl: prepared.url,
      echoes: echoesOf(options.call),
      download: (urls, file) =>
        downloadFirst(urls, file, {
          limits,
          signal: exchange.signal,
          touch: exchange.touch,
          allowPrivate: isApiPrivate(exchange),
          proxy,
        }),
      toError: (body) => errorFromAnswer({ ...answerer, body }),
      wanted: options.call.parameters.n ?? 1,
      signal: exchange.signal,
    });
    try {
      const { connection } = options;
      await readAnswerOrTask(exchange, delivery, { connection, limits, proxy, apiKey, ...(traffic && { traffic }) });
    } catch (error) {
      throw addContext(error, delivery, apiKey, { status, ...(requestId !== null && { requestId }) });
    }
    const { answer, images } = delivery;
    return {
      status,
      requestId,
      answer,
      images,
      documents: documents.all,
      rateLimit: readRateLimit(headers, Date.now()),
    };
  });
}

/** Whether the API itself is on this computer or in a local network. */
function isApiPrivate(exchange: Exchange): boolean {
  return exchange.remoteAddress !== null && isPrivateAddress(exchange.remoteAddress);
}

/** Errors of a response that ended early: the report says whether a part was saved. */
const STOPPED = new Set<ErrorCode>(['cancelled', 'answer-cut', 'connection-lost', 'timed-out']);

/**
 * Adds to an error whether the request was billed (an image, its URL or a usage figure arrived), the request's id, whether anything was
 * saved, and the URLs of images that were not downloaded, which the user can still open. Other errors are returned unchanged.
 */
function addContext(error: unknown, delivery: AnswerCollector, apiKey: string | null, details: ServerMessage): unknown {
  if (!(error instanceof StudioError)) return error;
  const { images, answer, unfetchedUrls } = delivery;
  const spent = images > 0 || answer.usage !== undefined || unfetchedUrls.size > 0;
  const billing = spent ? 'billed' : error.report.billing;
  const changes = { billing, ...(STOPPED.has(error.code) && delivery.hasSavedData && { notes: ['kept' as const] }) };
  if (unfetchedUrls.size === 0) return amendError(error, changes, details);
  const message = [...unfetchedUrls].map((url) => sanitizeUrl(url, apiKey)).join('\n');
  return amendError(error, { ...changes, unfetched: unfetchedUrls.size }, { ...details, message });
}
