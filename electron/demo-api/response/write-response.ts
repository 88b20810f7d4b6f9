import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { ClientDisconnected, type ApiError } from '../request/api-error.ts';

/** Text, or bytes to be written as base64. */
export type Chunk = string | Buffer;

/** A multiple of three, so that base64 slices join without padding. */
const BASE64_SLICE_BYTES = 48 * 1024;

/** Writes chunks without holding a complete image's base64 in memory. @throws ClientDisconnected */
export async function writeChunks(response: ServerResponse, chunks: readonly Chunk[]): Promise<void> {
  for (const chunk of chunks) {
    if (typeof chunk === 'string') await write(response, chunk);
    else
      for (let at = 0; at < chunk.length; at += BASE64_SLICE_BYTES)
        await write(response, chunk.toString('base64', at, Math.min(at + BASE64_SLICE_BYTES, chunk.length)));
  }
}

async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.closed) throw new ClientDisconnected('The client disconnected.');
  if (response.write(text)) return;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  try {
    await once(response, 'drain', { signal: gone.signal });
  } catch (cause) {
    throw new ClientDisconnected('The client disconnected.', { cause });
  } finally {
    response.off('close', leave);
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

export function sendError(response: ServerResponse, refusal: ApiError): void {
  sendJson(response, refusal.status, refusal.body, refusal.headers);
}

/** Closes the connection after the written data was flushed. */
export async function cutConnection(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => response.write('', () => resolve()));
  response.destroy();
}
