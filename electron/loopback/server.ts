import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StudioError } from '../contract/errors.ts';
import type { Studio } from '../studio/studio.ts';
import { answerCall } from './call-handler.ts';
import { SECURITY_HEADERS, answerFault, answerText, takes } from './responses.ts';
import { EventFeed } from './event-feed.ts';
import { allowedHosts, refuseCaller, refuseStranger } from './request-guard.ts';
import { answerPage, type Pages } from './page-files.ts';
import { answerPicture } from './image-handler.ts';
import type { Tokens } from './tokens.ts';
import { answerUpload } from './upload-handler.ts';

/** Tried when nobody asks for another, so that an open tab finds the studio again after a restart. */
export const USUAL_PORT = 47_160;

export interface LoopbackServerOptions {
  studio: Pick<Studio, 'dispatch' | 'subscribe' | 'servePicture' | 'receiveInput'>;
  pages: Pages;
  tokens: Tokens;
  /** Null: {@link USUAL_PORT}, or any free one where that is taken. 0: any free one. */
  port: number | null;
  /** How often the feed of events beats, in milliseconds. */
  beatMs?: number;
}

export interface LoopbackServer {
  port: number;
  /** What the person opens; the part behind # never reaches a server. */
  url: string;
  close(): Promise<void>;
}

/** Serves the studio to browsers of this machine, on 127.0.0.1 only. Throws `internal` with a sentence where the port is taken. */
export async function startLoopbackServer(options: LoopbackServerOptions): Promise<LoopbackServer> {
  const server = createServer({ maxHeaderSize: 16 * 1024 });
  const port = await listen(server, options.port);
  const feed = new EventFeed(options.studio.subscribe, options.beatMs);
  const hosts = allowedHosts(port);
  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    route(request, response, { ...options, hosts, feed }).catch((thrown: unknown) => {
      endAfterFault(request, response, thrown);
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

interface Door extends LoopbackServerOptions {
  hosts: ReadonlySet<string>;
  feed: EventFeed;
}

async function route(request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> {
  const refusal = refuseStranger(request, door.hosts);
  if (refusal) {
    answerText(response, 403, 'Emulsion answers only under the address that the terminal printed.');
    return;
  }
  const url = request.url ?? '';
  if (url.startsWith('/api/')) await routeCall(request, response, door);
  else if (/^\/inputs(?:\?|$)/u.test(url)) await routeUpload(request, response, door);
  else if (url.startsWith('/pictures/')) {
    await answerPicture(request, response, door.tokens.pictures, door.studio.servePicture);
  } else answerPage(request, response, door.pages);
}

async function routeCall(request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> {
  if (isRefused(request, response, door)) return;
  if (request.url === '/api/events') {
    if (takes(request, response, 'GET')) door.feed.add(response);
    return;
  }
  if (takes(request, response, 'POST')) await answerCall(request, response, door.studio.dispatch);
}

async function routeUpload(request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> {
  if (!isRefused(request, response, door)) await answerUpload(request, response, door.studio.receiveInput);
}

/** Whether it is no page of ours that asks; then the answer has been given. */
function isRefused(request: IncomingMessage, response: ServerResponse, door: Door): boolean {
  if (!refuseCaller(request, door.tokens.session)) return false;
  answerFault(response, 403, 'bad-sender', 'Open Emulsion with the address that the terminal printed.');
  return true;
}

/** A browser that went away in the middle is no fault; anything else is a bug of ours and belongs in the log. */
function endAfterFault(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
  if (response.destroyed || request.socket.destroyed) return;
  console.error(`${request.method ?? ''} ${(request.url ?? '').split('/', 3).slice(0, 2).join('/')} failed:`, thrown);
  if (response.headersSent) response.destroy();
  else answerFault(response, 500, 'internal', 'Something went wrong inside Emulsion. The terminal has the details.');
}

async function listen(server: Server, wanted: number | null): Promise<number> {
  try {
    return await listenOn(server, wanted ?? USUAL_PORT);
  } catch (cause) {
    if (wanted === null) return listenOn(server, 0);
    const busy = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const message = busy
      ? `Port ${wanted} is taken by another program. Choose another with --port, or leave it out.`
      : `Port ${wanted} cannot be used here. Choose another with --port, or leave it out.`;
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
