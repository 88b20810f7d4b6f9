import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sendText, requireMethod } from './responses.ts';
import { isCrossSite } from './request-guard.ts';
import { tokensEqual } from './tokens.ts';

/** `/images/<token>/<path of the studio>`. Names and numbers only, so path traversal is impossible. */
const ADDRESS = /^\/images\/([A-Za-z0-9_-]{1,100})(\/[A-Za-z0-9-]+(?:\/[A-Za-z0-9-]+)*)$/u;

/** Bodies up to this size are sent at once, bytes. */
const SMALL_BODY = 256 * 1024;

/** Sends an image; a large one is streamed. The token is in the URL because an `<img>` can't send headers. */
export async function handleImage(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  serveImage: (request: Request) => Promise<Response>,
): Promise<void> {
  if (!requireMethod(request, response, 'GET', 'HEAD')) return;
  const match = ADDRESS.exec((request.url ?? '').split('?', 1)[0] ?? '');
  if (isCrossSite(request) || !tokensEqual(match?.[1], token)) {
    sendText(response, 403, 'This image is available in Emulsion only.');
    return;
  }
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  const served = await serveImage(
    new Request(`http://emulsion/images${match?.[2] ?? ''}`, {
      method: request.method ?? 'GET',
      signal: gone.signal,
    }),
  );
  response.writeHead(served.status, Object.fromEntries(served.headers));
  if (!served.body || request.method === 'HEAD') {
    await served.body?.cancel();
    response.end();
    return;
  }
  if (Number(served.headers.get('content-length') ?? Infinity) <= SMALL_BODY) response.end(await served.bytes());
  else await pipeline(Readable.fromWeb(served.body), response);
}
