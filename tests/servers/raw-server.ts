import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface RawRequest {
  method: string;
  path: string;
  body: string;
}

export interface RawServer {
  /** `http://127.0.0.1:PORT/v1` */
  baseUrl: string;
  /** `http://127.0.0.1:PORT` */
  origin: string;
  requests: RawRequest[];
  close(): Promise<void>;
}

/** Starts a server on loopback that answers each request with bytes of its own, HTTP or not, and closes the connection. */
export async function startRawServer(
  respond: (request: RawRequest, origin: string) => string | Buffer,
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let origin = '';
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    let isAnswered = false;
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const request = isAnswered ? null : readRequest(received);
      if (!request) return;
      isAnswered = true;
      requests.push(request);
      const answer = respond(request, origin);
      socket.end(typeof answer === 'string' ? Buffer.from(answer, 'latin1') : answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { baseUrl: `${origin}/v1`, origin, requests, close };
}

/** Null until the request is complete. */
function readRequest(bytes: Buffer): RawRequest | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = bytes.toString('latin1', 0, end);
  const [, method = '', path = ''] = /^(\S+) (\S+)/u.exec(head) ?? [];
  const length = Number(/\r\ncontent-length: *(\d+)/iu.exec(head)?.[1] ?? 0);
  const body = bytes.subarray(end + 4);
  return body.length < length ? null : { method, path, body: body.toString('utf8', 0, length) };
}
