import { openAsBlob } from 'node:fs';
import { FormData } from 'undici';
import { StudioError } from '../../contract/errors/errors.ts';
import { apiError } from '../errors/api-error.ts';
import { decompress } from './decompress.ts';
import type { ResponseHeaders } from '../headers/response-headers.ts';
import type { Limits } from './limits.ts';
import { SingleUseConnection, type HttpResponse } from './single-use-connection.ts';
import { brokenConnection, unreachableError } from '../errors/network-errors.ts';
import type { FilePart, PreparedRequest, RequestBody } from '../request/build-request.ts';
import { startTimeouts, type RequestTimeouts } from './request-timeouts.ts';

const MAX_ERROR_BODY_BYTES = 256 * 1024;
const ERROR_BODY_TIMEOUT_MS = 10_000;

/** Told of what goes over the connection. Must not throw. */
export interface Traffic {
  /** The body is about to leave: its bytes, in a multipart body those of the fields and files. */
  sent(bytes: number): void;
  /** So many more bytes of the answer's body, decompressed. */
  received(bytes: number): void;
}

/** A server's answer whose head is there. */
export interface Exchange {
  status: number;
  headers: ResponseHeaders;
  /** The server's IP address; null where only a proxy knows it. */
  remoteAddress: string | null;
  /**
   * The body, decompressed. A chunk is valid until the next one is asked for. Throws a StudioError when the connection breaks, a limit
   * is reached or the person stops.
   */
  chunks: AsyncIterable<Buffer>;
  /** Aborted when a limit is reached or the person stops. */
  signal: AbortSignal;
  /** Something has arrived for this call elsewhere, such as an image that the answer only gave the address of. */
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
 * Sends a request once, never twice, and lends the answer to `use`; whatever happens, the connection is closed afterwards. Every error is
 * a StudioError that says whether the request may have reached the server.
 */
export async function withExchange<R>(
  prepared: PreparedRequest,
  { limits, signal, proxy, traffic }: ExchangeOptions,
  use: (exchange: Exchange) => Promise<R>,
): Promise<R> {
  const { method, headers } = prepared;
  const line = new SingleUseConnection({
    method,
    headers,
    url: new URL(prepared.url),
    connectMs: limits.connectMs,
    proxy,
  });
  const sent = (): boolean => line.connected;
  const timeouts = startTimeouts({ ...limits, signal, sent, bytesSent: () => line.bytesSent });
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

/** A multipart body's files are read from disk while they leave; their sizes give the exact length beforehand. */
async function openBody(body: RequestBody | null): Promise<string | FormData | null> {
  if (body === null) return null;
  if (body.kind === 'json') return body.text;
  const form = new FormData();
  for (const [name, value] of body.fields) form.append(name, value);
  for (const file of body.files) form.append(file.field, await openFile(file), file.fileName);
  return form;
}

function countBytes(body: string | FormData | null): number {
  if (body === null) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  return [...body.values()].reduce(
    (sum, value) => sum + (typeof value === 'string' ? Buffer.byteLength(value) : value.size),
    0,
  );
}

async function openFile(file: FilePart): Promise<Blob> {
  if ('text' in file) return new Blob([file.text], { type: file.mediaType });
  try {
    return await openAsBlob(file.path, { type: file.mediaType });
  } catch (error) {
    const detail = { kind: 'input-unreadable', name: file.fileName } as const;
    throw apiError({ code: 'file-missing', detail, billing: 'none' }, error);
  }
}

/** The server never had the whole request then, so it had nothing to work on. */
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

/** At most `maxBytes` of a body as text. */
export async function readText(exchange: Exchange, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  await collectChunks(exchange, maxBytes, pieces);
  return Buffer.concat(pieces).toString('utf8', 0, maxBytes);
}

/** The beginning of a refusal's body as text. The status has said the main thing already, so a body that breaks off or hangs is cut short. */
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
