import { ensureTrust } from './trust.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { apiError } from '../errors/api-error.ts';
import { decompress } from './decompress.ts';
import type { ResponseHeaders } from '../headers/response-headers.ts';
import type { Limits } from './limits.ts';
import { SingleUseConnection, type HttpResponse } from './single-use-connection.ts';
import { brokenConnection, unreachableError } from '../errors/network-errors.ts';
import { openMultipartBody } from './multipart-body.ts';
import type { PreparedRequest, RequestBody } from '../request/build-request.ts';
import { startTimeouts, type RequestTimeouts } from './request-timeouts.ts';

const MAX_ERROR_BODY_BYTES = 256 * 1024;
const ERROR_BODY_TIMEOUT_MS = 10_000;

/** Counts the bytes of one request. Must not throw. */
export interface Traffic {
  /** Called before the body is sent, with its size. */
  sent(bytes: number): void;
  /** Called for each chunk of the response body, with its decompressed size. */
  received(bytes: number): void;
}

/** A response whose status and headers were received. */
export interface Exchange {
  status: number;
  headers: ResponseHeaders;
  /** The server's IP address; null when only the proxy knows it. */
  remoteAddress: string | null;
  /**
   * The decompressed body. A chunk is valid until the next one is requested. Throws a StudioError when the connection breaks, a time limit
   * is reached or the user stops the request.
   */
  chunks: AsyncIterable<Buffer>;
  /** Aborted when a time limit is reached or the user stops the request. */
  signal: AbortSignal;
  /** Resets the idle timeout, for bytes on another connection: an image that the response gave as a URL. */
  touch(): void;
  close(): void;
}

interface ExchangeOptions {
  limits: Limits;
  signal: AbortSignal;
  proxy: string | null;
  traffic?: Traffic;
}

/**
 * Sends a request exactly once, passes the response to `use` and returns its result. The connection is always closed afterwards.
 * @throws StudioError `billing` is `possible` when the request may have reached the server; also what `use` throws
 */
export async function withExchange<R>(
  prepared: PreparedRequest,
  { limits, signal, proxy, traffic }: ExchangeOptions,
  use: (exchange: Exchange) => Promise<R>,
): Promise<R> {
  const { method, headers } = prepared;
  if ([prepared.url, proxy ?? ''].some((address) => /^https:/iu.test(address))) await ensureTrust();
  const line = new SingleUseConnection({
    method,
    headers,
    url: new URL(prepared.url),
    connectMs: limits.connectMs,
    proxy,
    onSent: () => timeouts.touch(),
  });
  const sent = (): boolean => line.connected;
  const timeouts = startTimeouts({ ...limits, signal, sent });
  const abort = (): void => line.close();
  timeouts.signal.addEventListener('abort', abort, { once: true });
  try {
    const answer = await send(prepared, line, timeouts, traffic);
    return await use({
      status: answer.status,
      headers: answer.headers,
      remoteAddress: line.remoteAddress,
      chunks: readChunks(answer, timeouts, traffic),
      signal: timeouts.signal,
      touch: timeouts.touch,
      close: abort,
    });
  } finally {
    timeouts.stop();
    line.close();
  }
}

async function send(
  prepared: PreparedRequest,
  line: SingleUseConnection,
  timeouts: RequestTimeouts,
  traffic?: Traffic,
): Promise<HttpResponse> {
  const body = await openBody(prepared.body);
  timeouts.signal.throwIfAborted();
  traffic?.sent(countBytes(body));
  try {
    const answer = await line.request(body);
    timeouts.touch();
    return answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotReadableError') throw inputChanged(error);
    throw timeouts.reason() ?? (line.connected ? brokenConnection(error) : unreachableError(error, prepared.url));
  }
}

async function openBody(body: RequestBody | null): Promise<string | Blob | null> {
  if (body === null) return null;
  return body.kind === 'json' ? body.text : openMultipartBody(body);
}

function countBytes(body: string | Blob | null): number {
  if (body === null) return 0;
  return typeof body === 'string' ? Buffer.byteLength(body) : body.size;
}

/** A file changed while it was sent. The server did not receive a complete request, so nothing is billed. */
function inputChanged(cause: unknown): StudioError {
  return apiError({ code: 'file-missing', detail: { kind: 'input-changed' }, billing: 'none' }, cause);
}

async function* readChunks(
  answer: HttpResponse,
  timeouts: RequestTimeouts,
  traffic?: Traffic,
): AsyncGenerator<Buffer, void, void> {
  try {
    for await (const chunk of decompress(answer)) {
      timeouts.touch();
      traffic?.received(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw timeouts.reason() ?? brokenConnection(error);
  }
}

/** Returns the first `maxBytes` of a body as text. @throws StudioError */
export async function readText(exchange: Exchange, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  await collectChunks(exchange, maxBytes, pieces);
  return Buffer.concat(pieces).toString('utf8', 0, maxBytes);
}

/** Returns the beginning of an error response's body as text, truncated when the connection breaks or the server stalls. */
export async function readErrorBody(exchange: Exchange): Promise<string> {
  const pieces: Buffer[] = [];
  const timer = setTimeout(exchange.close, ERROR_BODY_TIMEOUT_MS);
  try {
    await collectChunks(exchange, MAX_ERROR_BODY_BYTES, pieces);
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(pieces).toString('utf8', 0, MAX_ERROR_BODY_BYTES);
}

async function collectChunks(exchange: Exchange, maxBytes: number, pieces: Buffer[]): Promise<void> {
  let length = 0;
  for await (const chunk of exchange.chunks) {
    pieces.push(Buffer.from(chunk));
    length += chunk.length;
    if (length >= maxBytes) return;
  }
}
