import { once } from 'node:events';
import { createServer, request as ask, type IncomingHttpHeaders } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TEST_CERTIFICATE, TEST_KEY } from './certificate.ts';

export interface ProxyOptions {
  /** Required credentials, as `name:password`. */
  credentials?: string;
  /** Refuses everything with this status. */
  refuse?: number;
  /** Answers this instead of HTTP. */
  garbage?: string;
  /** Accepts connections and never answers. */
  mute?: boolean;
  /** Speaks TLS itself. */
  secure?: boolean;
  /** Ports on loopback by host names that only the proxy resolves. */
  names?: Readonly<Record<string, number>>;
}

export interface ProxyServer {
  /** `http://127.0.0.1:PORT`, or https. */
  address: string;
  port: number;
  /** Received request lines: `CONNECT host:port` or `POST http://…`. */
  asked: string[];
  headers: IncomingHttpHeaders[];
  /** All bytes sent to servers through the proxy. */
  passed(): Buffer;
  close(): Promise<void>;
}

/** An HTTP proxy on loopback: opens tunnels, forwards absolute URLs and records readable bytes. */
export async function startProxyServer(options: ProxyOptions = {}): Promise<ProxyServer> {
  const asked: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const passed: Buffer[] = [];
  const sockets = new Set<Duplex>();
  const server = options.secure ? createSecureServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }) : createServer();

  /** The status of a refusal, or null. */
  const refusal = (given: IncomingHttpHeaders): number | null => {
    if (options.refuse !== undefined) return options.refuse;
    const wanted = options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
    return wanted !== undefined && given['proxy-authorization'] !== wanted ? 407 : null;
  };
  const placeOf = (host: string, port: number): { host: string; port: number } => {
    const known = options.names?.[host];
    return known === undefined ? { host, port } : { host: '127.0.0.1', port: known };
  };

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (options.garbage !== undefined) socket.end(options.garbage);
  });
  server.on('connect', (request, socket, head) => {
    asked.push(`CONNECT ${request.url ?? ''}`);
    headers.push(request.headers);
    if (options.mute) return;
    const status = refusal(request.headers);
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const target = new URL(`http://${request.url ?? ''}`);
    const way = connect(placeOf(target.hostname, Number(target.port || 80)), () => {
      socket.write('HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n');
      way.write(head);
      socket.on('data', (bytes: Buffer) => {
        passed.push(bytes);
        way.write(bytes);
      });
      way.pipe(socket);
    });
    sockets.add(way);
    socket.on('error', () => way.destroy());
    // Node leaves its half of such a socket open.
    socket.on('end', () => way.end());
    socket.on('close', () => way.destroy());
    way.on('error', () => socket.end('HTTP/1.1 502 Bad gateway\r\nContent-Length: 0\r\n\r\n'));
  });
  server.on('request', (request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    headers.push(request.headers);
    const status = refusal(request.headers);
    if (status !== null) {
      request.resume();
      request.on('end', () => response.writeHead(status).end('<title>The proxy says no</title>'));
      return;
    }
    const target = new URL(request.url ?? '');
    const own = Object.entries(request.headers).filter(([name]) => !name.startsWith('proxy-'));
    const place = placeOf(target.hostname, Number(target.port || 80));
    const path = `${target.pathname}${target.search}`;
    const onward = ask({ ...place, path, method: request.method, headers: Object.fromEntries(own) }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.on('data', (bytes: Buffer) => passed.push(bytes));
    request.pipe(onward);
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    await closed;
  };
  const scheme = options.secure ? 'https' : 'http';
  return { address: `${scheme}://127.0.0.1:${port}`, port, asked, headers, passed: () => Buffer.concat(passed), close };
}
