import type { Answer } from '../contract/entities.ts';
import { StudioError, type ErrorCode, type ServerWords } from '../contract/errors.ts';
import { AnswerDocuments } from './answer/answer-documents.ts';
import { isAzure } from './request/endpoints.ts';
import { tooLarge } from './errors/answer-errors.ts';
import { amend } from './errors/api-error.ts';
import { Delivery, type AnswerReader, type Arrival } from './answer/answer-collector.ts';
import { downloadPicture } from './answer/download-image.ts';
import { lateError, readRequestId, refusalError } from './errors/server-errors.ts';
import { EventStreamReader } from './answer/event-stream-reader.ts';
import { readRefusal, withExchange, type Exchange } from './transport/exchange.ts';
import { header } from './headers/response-headers.ts';
import { DEFAULT_LIMITS, type Limits } from './transport/limits.ts';
import { isPrivateAddress } from './transport/private-address.ts';
import { readRateLimit, type RateLimit } from './headers/rate-limit.ts';
import { cleanAddress, cleanWords } from './errors/redact.ts';
import { buildRequest, type Connection, type ImageCall } from './request/build-request.ts';
import { ResponseReader } from './answer/json-answer-reader.ts';
import { pageText } from './errors/server-error-body.ts';
import { SniffingReader } from './answer/sniffing-reader.ts';

export type { Arrival } from './answer/answer-collector.ts';
export type { ReceivedPicture } from './answer/image-file.ts';
export { listModels } from './list-models.ts';

export interface CallOptions {
  connection: Connection;
  call: ImageCall;
  /** Where arriving pictures are written. It must exist. */
  folder: string;
  /** The person's wish to stop. */
  signal: AbortSignal;
  limits?: Partial<Limits>;
  /** Told of everything whole as soon as it is there. Synchronous; must not throw. */
  onArrival(arrival: Arrival): void;
}

export interface CallResult {
  status: number;
  requestId: string | null;
  answer: Answer;
  /** How many finished pictures were announced. */
  pictures: number;
  /** Everything that was answered, as JSON without pixels and without the key; each was announced when it was there. */
  documents: unknown[];
  /** What the server says is left for this account; null where it says nothing. */
  rateLimit: RateLimit | null;
}

/**
 * Makes one request to the Images API: exactly one, whatever happens. Pictures go to files in `folder` while they arrive and are
 * announced as soon as they are whole; those stay the caller's, also when the call fails later. Of a final picture that did not
 * become whole, what arrived stays in `folder` as `….part`; of a partial image nothing stays. Throws a {@link StudioError}.
 */
export async function callImagesApi(options: CallOptions): Promise<CallResult> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const prepared = buildRequest(options.connection, options.call);
  const { proxy } = options.connection;
  return withExchange(prepared, { limits, signal: options.signal, proxy }, async (exchange) => {
    const { status, headers } = exchange;
    const { apiKey, server } = options.connection;
    const rawId = readRequestId(headers);
    const requestId = rawId === null ? null : cleanWords(rawId, apiKey);
    options.onArrival({ type: 'head', status, requestId });
    const model = options.call.parameters.model ?? null;
    const answerer = { status, headers, apiKey, model, azure: isAzure(server) };
    const documents = new AnswerDocuments(apiKey, (document) => options.onArrival({ type: 'document', document }));
    if (status < 200 || status >= 300) {
      const body = await readRefusal(exchange);
      documents.keepBody(body);
      throw refusalError({ ...answerer, body });
    }
    const delivery = new Delivery({
      folder: options.folder,
      apiKey,
      limits,
      documents,
      announce: options.onArrival,
      download: (url, file) =>
        downloadPicture(url, file, {
          limits,
          signal: exchange.signal,
          touch: exchange.touch,
          allowPrivate: isAtHome(exchange),
          proxy,
        }),
      toError: (body) => lateError({ ...answerer, body }),
      wanted: options.call.parameters.n ?? 1,
      signal: exchange.signal,
    });
    try {
      await read(exchange, delivery, limits, apiKey);
    } catch (error) {
      throw inform(error, delivery, apiKey, { status, ...(requestId !== null && { requestId }) });
    }
    const { answer, pictures } = delivery;
    return { status, requestId, answer, pictures, documents: documents.all, rateLimit: readRateLimit(headers) };
  });
}

/** Whether the API itself is on this computer or in a local network. */
function isAtHome(exchange: Exchange): boolean {
  return exchange.remoteAddress !== null && isPrivateAddress(exchange.remoteAddress);
}

async function read(exchange: Exchange, delivery: Delivery, limits: Limits, apiKey: string | null): Promise<void> {
  const reader = new SniffingReader({
    status: exchange.status,
    contentType: header(exchange.headers, 'content-type') ?? '',
    open: (form) => (form === 'json' ? new ResponseReader(delivery) : new EventStreamReader(delivery)),
    excerpt(text) {
      delivery.options.documents.keepBody(text);
      return cleanWords(pageText(text), apiKey);
    },
  });
  let bytes = 0;
  let onTheWay = true;
  try {
    for await (const chunk of exchange.chunks) {
      onTheWay = false;
      bytes += chunk.length;
      if (bytes > limits.maxAnswerBytes) throw tooLarge('The server’s answer is larger than any request can ask for.');
      if (await reader.feed(chunk)) break;
      onTheWay = true;
    }
    onTheWay = false;
    await reader.finish();
  } catch (error) {
    if (onTheWay && (await isWholeAnyway(reader, delivery))) return;
    await reader.abandon();
    throw error;
  }
}

/** Whether the way broke only after all that was asked for had arrived: then nothing is wrong. */
async function isWholeAnyway(reader: AnswerReader, delivery: Delivery): Promise<boolean> {
  try {
    await reader.finish();
  } catch {
    // What the reader misses is a consequence of the broken way, and that is what is told.
    return false;
  }
  return delivery.pictures >= delivery.options.wanted;
}

/** Errors of an answer that stopped on the way, after which a person asks what became of the rest. */
const STOPPED = new Set<ErrorCode>(['cancelled', 'answer-cut', 'connection-lost', 'timed-out']);

/**
 * Adds to an error what is known by then: that pictures, their addresses or usage figures came, so money was spent; the request's id;
 * whether anything of the pictures was kept; and where those lie that were not fetched, which a person can still do.
 */
function inform(error: unknown, delivery: Delivery, apiKey: string | null, words: ServerWords): unknown {
  if (!(error instanceof StudioError)) return error;
  const { pictures, answer, unfetched } = delivery;
  const spent = pictures > 0 || answer.usage !== undefined || unfetched.size > 0;
  const billing = spent ? 'billed' : error.report.billing;
  const kept = STOPPED.has(error.code) && delivery.keptAnything ? 'What had arrived was kept.' : '';
  if (unfetched.size === 0) return amend(error, billing, words, kept);
  const message = [...unfetched].map((address) => cleanAddress(address, apiKey)).join('\n');
  return amend(error, billing, { ...words, message }, `${kept} ${whereabouts(unfetched.size)}`.trimStart());
}

function whereabouts(count: number): string {
  return count === 1
    ? 'The address of the picture that was not fetched is under Details: open it in a browser soon, since it may be valid for an hour only.'
    : `The addresses of ${count} pictures that were not fetched are under Details: open them in a browser soon, since they may be valid for an hour only.`;
}
