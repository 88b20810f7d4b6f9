import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Hangup, type Refusal } from '../request/api-error.ts';

/** Text as it is, or bytes to be written as base64. */
export type Piece = string | Buffer;

/** A multiple of three, so that slices of base64 join without padding between them. */
const SLICE = 48 * 1024;

/** Writes pieces without ever holding the base64 of a whole picture. Throws {@link Hangup} when the receiver goes away. */
export async function writePieces(response: ServerResponse, pieces: readonly Piece[]): Promise<void> {
  for (const piece of pieces) {
    if (typeof piece === 'string') await write(response, piece);
    else
      for (let at = 0; at < piece.length; at += SLICE)
        await write(response, piece.toString('base64', at, Math.min(at + SLICE, piece.length)));
  }
}

async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.closed) throw new Hangup('The receiver went away.');
  if (response.write(text)) return;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  try {
    await once(response, 'drain', { signal: gone.signal });
  } catch (cause) {
    throw new Hangup('The receiver went away.', { cause });
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

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  sendJson(response, refusal.status, refusal.body, refusal.headers);
}

/** Ends the connection where it stands, after what was written has left. */
export async function cutOff(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => response.write('', () => resolve()));
  response.destroy();
}
