import type { IncomingMessage } from 'node:http';
import { ClientDisconnected, ApiError } from './api-error.ts';

/** A prompt has at most 32,000 characters, so a request's JSON is far below this. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** How much of a body that is too long is still read and thrown away, so that its sender hears the answer. */
const MAX_DRAIN_BYTES = 64 * 1024 * 1024;

/** The object in a request's body. Too long: 413; anything but a JSON object: 400. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else if (length > MAX_DRAIN_BYTES) break;
    }
  } catch (cause) {
    throw new ClientDisconnected('The request ended early.', { cause });
  }
  if (length > MAX_BODY_BYTES) {
    throw new ApiError(413, `The request's body is longer than ${MAX_BODY_BYTES} bytes.`, {
      code: 'request_too_large',
      headers: { connection: 'close' },
    });
  }
  const text = Buffer.concat(chunks).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError(400, 'We could not parse the JSON body of your request.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError(400, 'The body of your request must be a JSON object.');
  return value as Record<string, unknown>;
}
