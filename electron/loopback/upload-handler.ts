import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { requireMethod } from './responses.ts';

/**
 * `POST /inputs?name=…` with a file as its body, for the studio to take in. The gate has let it through already. Nothing is held in
 * memory: the studio reads as fast as it writes.
 */
export async function handleUpload(
  request: IncomingMessage,
  response: ServerResponse,
  receiveInput: (request: Request) => Promise<Response>,
): Promise<void> {
  if (!requireMethod(request, response, 'POST')) return;
  const headers = new Headers();
  for (const name of ['content-type', 'content-length']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const answer = await receiveInput(
    new Request(new URL(request.url ?? '', 'http://emulsion'), {
      method: 'POST',
      headers,
      body: Readable.toWeb(request) as ReadableStream,
      duplex: 'half',
    }),
  );
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    'content-length': body.length,
    // A connection on which a part of a file may still come is of no further use.
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(body);
}
