import type { IncomingMessage } from 'node:http';
import { ClientDisconnected, ApiError } from './api-error.ts';

/** A prompt has at most 32,000 characters, so valid JSON is far smaller. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** How much of an oversized body is still read and discarded, so that the client receives the response. */
const MAX_DRAIN_BYTES = 64 * 1024 * 1024;

/**
 * Returns the JSON object in a request's body.
 * @throws ApiError 413 if it's too large, 400 if it isn't a JSON object
 */
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
