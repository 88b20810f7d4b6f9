import { connect as connectTcp, isIP, type LookupFunction, type OnReadOpts, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { ProxyError } from '../errors/proxy-error.ts';
import { withPeerCertificate } from './peer-certificate.ts';
import { openTunnel, type Proxy } from './proxy.ts';
import type { ReceiveBuffers } from './receive-buffers.ts';
import { ResponseHead } from './response-head.ts';

interface SocketOptions {
  url: URL;
  /** Replaces the system's name lookup. Not used with a proxy, which resolves names itself. */
  lookup?: LookupFunction | undefined;
  proxy: Proxy | null;
  buffers: ReceiveBuffers;
  /** Whether the reader's buffer is full. Reading then stops until {@link ClientSocket.resumeReading}. */
  full(): boolean;
  /** Called when bytes of the request have left. */
  onSent?: () => void;
}

/** Bytes. Space for several receive buffers: with less, the stream would pause after each one. */
const HIGH_WATER_MARK = 2048 * 1024;

/**
 * A connection to a server that reads into {@link ReceiveBuffers}, as a stream for the HTTP client. Emits `open` when it is established: TCP
 * for http, TLS for https. With a proxy, https uses a tunnel. http is sent to the proxy itself: most proxies refuse to tunnel it, and they
 * could read it anyway.
 */
export class ClientSocket extends Duplex {
  readonly #options: SocketOptions;
  readonly #head = new ResponseHead();
  /** Chunks pushed into this stream that may not have been read yet. */
  #pushed: Buffer[] = [];
  #inner: Socket;
  /** With a proxy: it is not connected, or has not confirmed the tunnel, yet. */
  #waitingForProxy = false;

  constructor(options: SocketOptions) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#options = options;
    const { url, proxy } = options;
    if (!proxy) {
      this.#inner = this.#adopt(dial(url, { onread: this.#onRead(), lookup: options.lookup }));
      this.#whenOpen(this.#inner, url, () => this.emit('open'));
      return;
    }
    const tunnelled = url.protocol === 'https:';
    this.#waitingForProxy = true;
    this.#inner = dial(proxy.url, tunnelled ? {} : { onread: this.#onRead() });
    this.#inner.on('error', (error) => this.failWith(error));
    this.#whenOpen(this.#inner, proxy.url, () => {
      if (tunnelled) void this.#tunnel(proxy);
      else {
        this.#waitingForProxy = false;
        this.#adopt(this.#inner);
        this.emit('open');
      }
    });
  }

  /** Destroys the stream with an error. While waiting for the proxy, it becomes a {@link ProxyError}. */
  failWith(error: Error): void {
    const { proxy } = this.#options;
    this.destroy(
      this.#waitingForProxy && proxy ? new ProxyError({ proxy: proxy.url.host, status: null, cause: error }) : error,
    );
  }

  /** IP address of the peer: the server or the proxy. */
  get remoteAddress(): string | null {
    return this.#inner.remoteAddress ?? null;
  }

  #whenOpen(socket: Socket, url: URL, open: () => void): void {
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', open);
  }

  async #tunnel(proxy: Proxy): Promise<void> {
    const way = this.#inner;
    // A failed TLS handshake leaves the underlying socket open.
    this.once('close', () => way.destroy());
    try {
      await openTunnel(way, proxy, this.#options.url);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.destroyed) return;
    this.#waitingForProxy = false;
    const inner = withPeerCertificate(connectTls({ socket: way, ...tlsOptions(this.#options.url) }));
    // Node supports `onread` only for its own sockets, so tunnelled bytes arrive in new buffers.
    inner.on('data', (chunk: Buffer) => {
      if (!this.#pass(chunk)) inner.pause();
    });
    this.#inner = this.#adopt(inner);
    this.#whenOpen(inner, this.#options.url, () => this.emit('open'));
  }

  #adopt(inner: Socket): Socket {
    inner.setNoDelay(true);
    inner.setKeepAlive(true, 60_000);
    inner.on('error', (error) => this.destroy(error));
    inner.on('end', () => {
      this.#pushAll(this.#head.end());
      this.push(null);
    });
    inner.on('close', () => this.destroy());
    return inner;
  }

  #onRead(): OnReadOpts {
    const { buffers } = this.#options;
    return {
      buffer: () => {
        this.#settle();
        return buffers.next();
      },
      callback: (length, bytes) => {
        const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, length);
        return this.#pass(chunk);
      },
    };
  }

  /** Passes received bytes on. Returns whether to go on reading. */
  #pass(chunk: Buffer): boolean {
    try {
      return this.#pushAll(this.#head.take(chunk)) && !this.#options.full();
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /** Returns whether the stream takes more. */
  #pushAll(pieces: readonly Buffer[]): boolean {
    let wantsMore = true;
    for (const piece of pieces) {
      this.#options.buffers.hold(piece);
      this.#pushed.push(piece);
      wantsMore = this.push(piece);
    }
    return wantsMore;
  }

  /** Releases the chunks that have been read from this stream. */
  #settle(): void {
    const last = this.#pushed.at(-1);
    const kept = this.readableLength === 0 ? 0 : this.readableLength === last?.length ? 1 : this.#pushed.length;
    for (const chunk of this.#pushed.splice(0, this.#pushed.length - kept)) this.#options.buffers.release(chunk);
  }

  /** Resumes reading after a pause. */
  resumeReading(): void {
    if (!this.#inner.destroyed) this.#inner.resume();
  }

  override _read(): void {
    if (!this.#options.full()) this.resumeReading();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#inner.write(chunk, (error) => {
      if (!error) this.#options.onSent?.();
      done(error);
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inner.destroy();
    done(error);
  }

  /** The HTTP client calls ref and unref as on a plain socket. */
  ref(): this {
    this.#inner.ref();
    return this;
  }

  unref(): this {
    this.#inner.unref();
    return this;
  }
}

/** Opens a connection to a URL's host, with TLS for https. */
function dial(url: URL, options: { onread?: OnReadOpts; lookup?: LookupFunction | undefined }): Socket {
  const { onread, lookup } = options;
  const host = bareHost(url);
  const secure = url.protocol === 'https:';
  const port = Number(url.port) || (secure ? 443 : 80);
  const all = { host, port, ...(onread && { onread }), ...(lookup && { lookup }) };
  return secure ? withPeerCertificate(connectTls({ ...all, ...tlsOptions(url) })) : connectTcp(all);
}

function tlsOptions(url: URL): { host: string; ALPNProtocols: string[]; servername?: string } {
  const host = bareHost(url);
  // SNI allows no IP addresses (RFC 6066); the certificate is then checked against `host`.
  return { host, ALPNProtocols: ['http/1.1'], ...(isIP(host) === 0 && { servername: host }) };
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/gu, '');
}
