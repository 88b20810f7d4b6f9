import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '../contract/api.ts';
import { sendError, sendOutcome } from './responses.ts';

/** Calls contain text and ids, never pixels: 2 MB is many times the longest prompt. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_DISCARDED_BYTES = 32 * MAX_BODY_BYTES;

/** Handles `POST /api/<endpoint>` with a JSON payload; responds with an outcome. The request guard has accepted the request. */
export async function handleCall(
  request: IncomingMessage,
  response: ServerResponse,
  dispatch: (endpoint: string, payload: unknown) => Promise<Outcome>,
): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json(?:\s*;\s*charset=utf-8)?$/iu.test(type)) {
    sendError(response, 415, 'bad-payload', 'A call has to be JSON. Nothing was sent.');
    return;
  }
  const body = await readBody(request);
  if (body === null) {
    response.setHeader('connection', 'close');
    sendError(response, 413, 'bad-payload', 'The request is larger than 2 MB. Nothing was sent.');
    return;
  }
  let payload: unknown;
  try {
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    sendError(response, 400, 'bad-payload', 'The request is not JSON. Nothing was sent.');
    return;
  }
  const endpoint = (request.url ?? '').slice('/api/'.length);
  sendOutcome(response, 200, await dispatch(endpoint, payload));
}

/** Reads the body; null if it's too large. Rejects if the client disconnects. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The excess is read and discarded, up to a limit: a client that is still sending wouldn't read the response.
    if (bytes > MAX_BODY_BYTES) chunks = [];
    else chunks.push(chunk);
    if (bytes > MAX_DISCARDED_BYTES) throw new Error('The body of a call does not end.');
  }
  return bytes > MAX_BODY_BYTES ? null : Buffer.concat(chunks);
}
