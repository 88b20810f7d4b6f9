import type { LookupFunction, Socket } from 'node:net';
import { Client, buildConnector, type Dispatcher } from 'undici';

/** One exchange with a server over a connection of its own. */
export interface Line {
  /** Sends the request and settles when the head of the answer is there. */
  request(options: LineRequest): Promise<Dispatcher.ResponseData>;
  /** Whether a connection stood, after which the request may have reached the server. */
  connected(): boolean;
  /** The server's address, once connected. */
  remoteAddress(): string | null;
  /** Bytes that have left so far. */
  bytesSent(): number;
  /** Ends the connection, whatever its state. */
  close(): Promise<void>;
}

export interface LineRequest {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body: Dispatcher.DispatchOptions['body'];
  signal: AbortSignal;
}

export interface LineOptions {
  connectMs: number;
  /** Looks names up instead of the system. */
  lookup?: LookupFunction;
}

/**
 * A connection for one request and no more. A kept connection saves a handshake, but may be dead without our knowing, and then it is
 * unknown whether the server saw the request; a picture takes far longer than a handshake. undici's own time-outs are off: they cut a
 * silent server off after 300 seconds. HTTP/1.1 only: undici may repeat a request that HTTP/2 turned away. It follows no redirects.
 */
export function openLine(url: URL, options: LineOptions): Line {
  let socket: Socket | null = null;
  const connector = buildConnector({ timeout: options.connectMs, allowH2: false, ...(options.lookup && { lookup: options.lookup }) });
  const client = new Client(url.origin, {
    connect: (target, callback) => {
      connector(target, (...result) => {
        socket = result[1];
        callback(...result);
      });
    },
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  return {
    request: ({ method, headers, body, signal }) =>
      client.request({ path: `${url.pathname}${url.search}`, method, headers, body, signal }),
    connected: () => socket !== null,
    remoteAddress: () => socket?.remoteAddress ?? null,
    bytesSent: () => socket?.bytesWritten ?? 0,
    close: () => client.destroy(),
  };
}
