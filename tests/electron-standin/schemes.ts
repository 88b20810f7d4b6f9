import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { state } from './state.ts';

interface CustomScheme {
  scheme: string;
  privileges?: { standard?: boolean };
}
type Handler = (request: Request) => Response | Promise<Response>;

const privileged = new Map<string, CustomScheme>();
const handlers = new Map<string, Handler>();
let port = 0;

/** `protocol`: the part of it that an application with standard schemes uses. */
export const protocol = {
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    if (state.ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const scheme of schemes) privileged.set(scheme.scheme, scheme);
  },
  handle(scheme: string, handler: Handler): void {
    if (!state.ready) throw new Error('stand-in: protocol.handle before app is ready');
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    if (!privileged.get(scheme)?.privileges?.standard)
      throw new Error(`stand-in: only standard schemes can be translated, not ${scheme}`);
    handlers.set(scheme, handler);
  },
};

/**
 * Chromium knows no schemes of ours, so `app://name/path` becomes `http://name.app.localhost:PORT/path`: an origin of its own that counts
 * as secure. The application only ever sees the address on the left.
 */
export function toReal(address: string): string {
  const match = /^([a-z][a-z0-9-]*):\/\/([a-z0-9-]+)(\/.*)?$/isu.exec(address);
  if (!match?.[1] || !match[2] || !handlers.has(match[1])) return address;
  return `http://${match[2].toLowerCase()}.${match[1]}.localhost:${port}${match[3] ?? '/'}`;
}

export function toVirtual(address: string): string {
  const match = /^http:\/\/([a-z0-9-]+)\.([a-z][a-z0-9-]*)\.localhost:(\d+)(.*)$/su.exec(address);
  return match && Number(match[3]) === port ? `${match[2]}://${match[1]}${match[4]}` : address;
}

export async function startSchemes(): Promise<void> {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error('stand-in: a protocol handler failed:', error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  port = (server.address() as AddressInfo).port;
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const match = /^([a-z0-9-]+)\.([a-z][a-z0-9-]*)\.localhost:\d+$/u.exec(incoming.headers.host ?? '');
  const handler = match?.[2] === undefined ? undefined : handlers.get(match[2]);
  if (!match || !handler) return void outgoing.writeHead(404).end();
  const response = await handler(
    await translateRequest(`${match[2]}://${match[1]}${incoming.url}`, incoming, outgoing),
  );
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.setHeader(name, name === 'location' ? toReal(value) : value);
  if (!response.body) return void outgoing.end();
  // A web stream is iterable in Node; the DOM's types do not say so.
  await pipeline(response.body as unknown as AsyncIterable<Uint8Array>, outgoing);
}

/** What HTTP adds and a custom scheme would not. */
const HTTP_ONLY = /^(?:host|connection|accept-encoding|upgrade-insecure-requests|sec-fetch-.*)$/u;

async function translateRequest(url: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || HTTP_ONLY.test(name)) continue;
    const text = String(value);
    headers.set(name, name === 'origin' || name === 'referer' ? toVirtual(text) : text);
  }
  const aborter = new AbortController();
  outgoing.on('close', () => aborter.abort());
  const method = incoming.method ?? 'GET';
  const init = { method, headers, signal: aborter.signal };
  if (method === 'GET' || method === 'HEAD') return new Request(url, init);
  return new Request(url, { ...init, body: await buffer(incoming) });
}
