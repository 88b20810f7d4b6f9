import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { requireMethod } from './responses.ts';

/** Handles `POST /inputs?name=…` with a file as its body, streamed to the studio. The request guard has accepted the request. */
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
  const result = await receiveInput(
    new Request(new URL(request.url ?? '', 'http://emulsion'), {
      method: 'POST',
      headers,
      body: Readable.toWeb(request) as ReadableStream,
      duplex: 'half',
    }),
  );
  const body = Buffer.from(await result.arrayBuffer());
  response.writeHead(result.status, {
    ...Object.fromEntries(result.headers),
    'content-length': body.length,
    // The rest of the file may still arrive, so the connection can't be reused.
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(body);
}
