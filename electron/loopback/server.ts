import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StudioError, type Log } from '../contract/errors/errors.ts';
import type { Studio } from '../studio/studio.ts';
import { handleCall } from './call-handler.ts';
import { SECURITY_HEADERS, sendError, sendText, requireMethod } from './responses.ts';
import { EventFeed } from './event-feed.ts';
import { allowedHosts, rejectUnauthenticated, rejectForeignRequest } from './request-guard.ts';
import { servePage, type Pages } from './page-files.ts';
import { handleImage } from './image-handler.ts';
import type { Tokens } from './tokens.ts';
import { handleShape } from './shape-handler.ts';
import { handleUpload } from './upload-handler.ts';

/** The default port; fixed, so that an open tab reconnects after a restart. */
const DEFAULT_PORT = 47_160;

export interface LoopbackServerOptions {
  studio: Pick<Studio, 'dispatch' | 'subscribe' | 'serveImage' | 'serveViewShape' | 'receiveInput'>;
  pages: Pages;
  tokens: Tokens;
  /** Null: {@link DEFAULT_PORT}, or any free port if it's in use. 0: any free port. */
  port: number | null;
  log: Log;
  /** Interval of the event feed's heartbeat, ms. */
  heartbeatMs?: number;
}

export interface LoopbackServer {
  port: number;
  /** The URL to open. Its fragment holds the token and isn't sent to servers. */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the studio to browsers on this computer, on 127.0.0.1 only.
 * @throws `internal` if the port is in use
 */
export async function startLoopbackServer(options: LoopbackServerOptions): Promise<LoopbackServer> {
  const server = createServer({ maxHeaderSize: 16 * 1024 });
  const port = await listen(server, options.port);
  const feed = new EventFeed(options.studio.subscribe, options.heartbeatMs);
  const hosts = allowedHosts(port);
  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    route(request, response, { ...options, hosts, feed }).catch((thrown: unknown) => {
      handleRouteError(request, response, thrown, options.log);
    });
  });
  return {
    port,
    url: `http://127.0.0.1:${port}/#${options.tokens.session}`,
    async close() {
      feed.close();
      await new Promise<void>((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      });
    },
  };
}

interface RequestContext extends LoopbackServerOptions {
  hosts: ReadonlySet<string>;
  feed: EventFeed;
}

async function route(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
  const refusal = rejectForeignRequest(request, context.hosts);
  if (refusal) {
    sendText(response, 403, 'Open Emulsion with the address shown in the terminal.');
    return;
  }
  const url = request.url ?? '';
  if (url.startsWith('/api/')) await routeCall(request, response, context);
  else if (/^\/inputs(?:\?|$)/u.test(url)) await routeUpload(request, response, context);
  else if (url.startsWith('/index/')) await routeShape(request, response, context);
  else if (url.startsWith('/images/')) {
    await handleImage(request, response, context.tokens.images, context.studio.serveImage);
  } else servePage(request, response, context.pages);
}

async function routeCall(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
  if (isRejected(request, response, context)) return;
  if (request.url === '/api/events') {
    if (requireMethod(request, response, 'GET')) context.feed.add(response);
    return;
  }
  if (requireMethod(request, response, 'POST')) await handleCall(request, response, context.studio.dispatch);
}

async function routeUpload(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
  if (!isRejected(request, response, context)) await handleUpload(request, response, context.studio.receiveInput);
}

async function routeShape(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void> {
  if (!isRejected(request, response, context)) await handleShape(request, response, context.studio.serveViewShape);
}

/** Whether a call is rejected; sends status 403 in that case. */
function isRejected(request: IncomingMessage, response: ServerResponse, context: RequestContext): boolean {
  if (!rejectUnauthenticated(request, context.tokens.session)) return false;
  sendError(response, 403, 'bad-sender', 'Open Emulsion with the address shown in the terminal.');
  return true;
}

/** Logs an error, unless the client has disconnected. */
function handleRouteError(request: IncomingMessage, response: ServerResponse, thrown: unknown, log: Log): void {
  if (response.destroyed || request.socket.destroyed) return;
  log(`${request.method ?? ''} ${(request.url ?? '').split('/', 3).slice(0, 2).join('/')} failed`, thrown);
  if (response.headersSent) response.destroy();
  else sendError(response, 500, 'internal', 'Something went wrong inside Emulsion. The log has the details.');
}

async function listen(server: Server, wanted: number | null): Promise<number> {
  try {
    return await listenOn(server, wanted ?? DEFAULT_PORT);
  } catch (cause) {
    if (wanted === null) return listenOn(server, 0);
    const busy = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const message = busy
      ? `Port ${wanted} is in use by another program. Choose another port with --port, or omit it.`
      : `Port ${wanted} can’t be used. Choose another port with --port, or omit it.`;
    throw new StudioError({ code: 'internal', message }, { cause });
  }
}

async function listenOn(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', fail);
      done();
    });
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('A listening server has no address.');
  return address.port;
}
