import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type Dispatcher } from 'undici';
import { ResponseBody } from './response-body.ts';
import type { ResponseHeaders } from '../headers/response-headers.ts';
import { parseProxyUrl, type Proxy } from './proxy.ts';
import { ClientSocket } from './client-socket.ts';
import { ReceiveBuffers } from './receive-buffers.ts';
import { MAX_HEAD_BYTES } from './response-head.ts';

/** Status and headers of a response, and its body as it arrives. */
export interface HttpResponse {
  status: number;
  headers: ResponseHeaders;
  body: ResponseBody;
}

interface ConnectionOptions {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  /** For name lookup, TCP and TLS together, in milliseconds. */
  connectMs: number;
  /** Replaces the system's name lookup. */
  lookup?: LookupFunction | undefined;
  /** Called when bytes of the request have left. */
  onSent?: () => void;
  /** URL of an HTTP proxy, which may contain a password, or null. */
  proxy?: string | null;
}

/**
 * One request over one new connection. A kept-alive connection saves a handshake, but when it has died unnoticed it is unknown whether the
 * server received the request; an image takes far longer than a handshake. undici's timeouts are off: they end an idle response after 300
 * seconds. HTTP/1.1 only: undici may repeat a request that an HTTP/2 server refused. Redirects are not followed and a second connection is
 * refused, so a request cannot be sent twice.
 */
export class SingleUseConnection {
  readonly #options: ConnectionOptions;
  readonly #buffers = new ReceiveBuffers();
  readonly #body = new ResponseBody(this.#buffers);
  readonly #client: Client;
  readonly #proxy: Proxy | null;
  #socket: ClientSocket | null = null;
  /** Whether a connection was established: the request may then have reached the server. */
  connected = false;
  /** The server's IP address, once connected; null with a proxy, unless the URL contains an IP address. */
  remoteAddress: string | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#proxy = options.proxy == null ? null : parseProxyUrl(options.proxy);
    this.#client = new Client(options.url.origin, {
      // undici's types require a Socket, but it uses only a Duplex with ref and unref.
      connect: (_target, callback) => this.#connect(callback as (error: Error | null, socket: Duplex | null) => void),
      pipelining: 0,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEAD_BYTES,
      allowH2: false,
    });
  }

  #connect(callback: (error: Error | null, socket: Duplex | null) => void): void {
    const { url, lookup, connectMs, onSent } = this.#options;
    if (this.#socket) {
      callback(new Error('A request is never sent twice.'), null);
      return;
    }
    const proxy = this.#proxy;
    const full = (): boolean => this.#body.full;
    const socket = new ClientSocket({ url, lookup, proxy, buffers: this.#buffers, full, ...(onSent && { onSent }) });
    this.#socket = socket;
    this.#body.onDrain = () => socket.resumeReading();
    const fail = (error: Error): void => callback(error, null);
    socket.once('error', fail);
    const timer = setTimeout(() => {
      socket.failWith(Object.assign(new Error(`No connection within ${connectMs} ms.`), { code: 'ETIMEDOUT' }));
    }, connectMs);
    socket.once('close', () => clearTimeout(timer));
    socket.once('open', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      this.connected = true;
      this.remoteAddress = proxy ? literalAddress(url) : socket.remoteAddress;
      callback(null, socket);
    });
  }

  /** Sends the request; a blob's type is its `content-type`. Resolves when status and headers were received; rejects with errors of Node or undici. */
  request(body: string | Blob | null): Promise<HttpResponse> {
    const { method, headers } = this.#options;
    return new Promise((resolve, reject) => {
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, answerHeaders) => {
          if (status >= 200) resolve({ status, headers: answerHeaders, body: this.#body });
        },
        onResponseData: (_controller, chunk) => this.#body.take(chunk),
        onResponseEnd: () => this.#body.end(),
        onResponseError: (_controller, error) => {
          this.#body.fail(error);
          reject(error);
        },
      };
      const allHeaders = { ...headers, ...this.#proxyHeaders() };
      // undici sends a blob as a stream of known length; its types leave that out.
      const sent = body as string | null;
      this.#client.dispatch({ path: this.#path(), method, headers: allHeaders, body: sent }, handler);
    });
  }

  /** A forwarding proxy needs the absolute URL (RFC 9112, 3.2.2). */
  #path(): string {
    const { url } = this.#options;
    const path = `${url.pathname}${url.search}`;
    return this.#isPlainProxy ? `${url.origin}${path}` : path;
  }

  #proxyHeaders(): Record<string, string> {
    const authorization = this.#isPlainProxy ? this.#proxy?.authorization : null;
    return authorization == null ? {} : { 'proxy-authorization': authorization };
  }

  get #isPlainProxy(): boolean {
    return this.#proxy !== null && this.#options.url.protocol === 'http:';
  }

  /** Closes the connection. May be called at any time. */
  close(): void {
    // The promise resolves when the socket has closed; callers need not wait for that.
    this.#client.destroy(new Error('The connection was closed.')).catch(() => undefined);
    this.#socket?.destroy();
  }
}

/** The IP address in a URL, or null when it contains a host name. */
function literalAddress(url: URL): string | null {
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  return isIP(host) === 0 ? null : host;
}
