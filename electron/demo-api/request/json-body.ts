import type { IncomingMessage } from 'node:http';
import { Hangup, Refusal } from './api-error.ts';

/** A prompt has at most 32,000 characters, so a request's JSON is far below this. */
const LONGEST_BODY = 2 * 1024 * 1024;
/** How much of a body that is too long is still read and thrown away, so that its sender hears the answer. */
const LONGEST_DRAIN = 64 * 1024 * 1024;

/** The object in a request's body. Too long: 413; anything but a JSON object: 400. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length <= LONGEST_BODY) pieces.push(piece);
      else if (length > LONGEST_DRAIN) break;
    }
  } catch (cause) {
    throw new Hangup('The request ended early.', { cause });
  }
  if (length > LONGEST_BODY) {
    throw new Refusal(413, `The request's body is longer than ${LONGEST_BODY} bytes.`, {
      code: 'request_too_large',
      headers: { connection: 'close' },
    });
  }
  const text = Buffer.concat(pieces).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Refusal(400, 'We could not parse the JSON body of your request.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(400, 'The body of your request must be a JSON object.');
  return value as Record<string, unknown>;
}
