import { connect as connectTcp, isIP, type LookupFunction, type OnReadOpts, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ReceiveBuffers } from './receive-buffers.ts';

interface SocketOptions {
  url: URL;
  /** Looks names up instead of the system. */
  lookup?: LookupFunction | undefined;
  buffers: ReceiveBuffers;
  /** Whether whoever reads has enough for now; then nothing is read until {@link ReadingSocket.resumeReading}. */
  full(): boolean;
}

/** Room for several buffers: with less, the stream would ask to pause after each. */
const HIGH_WATER_MARK = 2048 * 1024;

/** A TCP or TLS connection that reads into {@link ReceiveBuffers}, as a stream for the HTTP client. */
export class ReadingSocket extends Duplex {
  readonly #options: SocketOptions;
  /** What was pushed into this stream and may still be in it. */
  #pushed: Buffer[] = [];
  readonly inner: Socket;

  constructor(options: SocketOptions) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#options = options;
    this.inner = this.#connect();
    this.inner.setNoDelay(true);
    this.inner.setKeepAlive(true, 60_000);
    this.inner.on('error', (error) => this.destroy(error));
    this.inner.on('end', () => this.push(null));
    this.inner.on('close', () => this.destroy());
  }

  #connect(): Socket {
    const { url, lookup } = this.#options;
    const secure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/gu, '');
    const port = Number(url.port) || (secure ? 443 : 80);
    const options = { host, port, onread: this.#onRead(), ...(lookup && { lookup }) };
    if (!secure) return connectTcp(options);
    return connectTls({ ...options, ALPNProtocols: ['http/1.1'], ...(isIP(host) === 0 && { servername: host }) });
  }

  #onRead(): OnReadOpts {
    const { buffers, full } = this.#options;
    return {
      buffer: () => {
        this.#settle();
        return buffers.next();
      },
      callback: (length, bytes) => {
        const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, length);
        buffers.hold(chunk);
        this.#pushed.push(chunk);
        return this.push(chunk) && !full();
      },
    };
  }

  /** Releases what has been read out of this stream. */
  #settle(): void {
    const last = this.#pushed.at(-1);
    const kept = this.readableLength === 0 ? 0 : this.readableLength === last?.length ? 1 : this.#pushed.length;
    for (const chunk of this.#pushed.splice(0, this.#pushed.length - kept)) this.#options.buffers.release(chunk);
  }

  /** Goes on reading after a pause. */
  resumeReading(): void {
    if (!this.inner.destroyed) this.inner.resume();
  }

  override _read(): void {
    if (!this.#options.full()) this.resumeReading();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.inner.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.inner.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.inner.destroy();
    done(error);
  }

  /** The HTTP client calls these as it would on a plain socket. */
  ref(): this {
    this.inner.ref();
    return this;
  }

  unref(): this {
    this.inner.unref();
    return this;
  }
}
