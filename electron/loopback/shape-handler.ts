import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendText, requireMethod } from './responses.ts';

/** Letters, digits and hyphens only, so path traversal is impossible. */
const PATH = /^\/index\/[0-9a-z-]{1,64}\/shape$/u;

/** Handles `GET /index/<view>/shape`. The request guard has accepted the request, and the session's token was checked. */
export async function handleShape(
  request: IncomingMessage,
  response: ServerResponse,
  serveViewShape: (request: Request) => Promise<Response>,
): Promise<void> {
  if (!requireMethod(request, response, 'GET')) return;
  const path = request.url ?? '';
  if (!PATH.test(path)) {
    sendText(response, 404, 'There is nothing at this address.');
    return;
  }
  const served = await serveViewShape(new Request(`http://emulsion${path}`));
  response.writeHead(served.status, Object.fromEntries(served.headers));
  response.end(Buffer.from(await served.arrayBuffer()));
}
