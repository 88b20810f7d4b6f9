import type { ReceiveBuffers } from './receive-buffers.ts';

/** Unread bytes at which the socket should pause. */
const HIGH_WATER_MARK = 512 * 1024;

/**
 * The body of a response, chunk by chunk, for one reader. A chunk is valid until the next one is requested: its memory is then reused. Copy
 * it to keep it longer.
 */
export class ResponseBody implements AsyncIterable<Buffer> {
  readonly #buffers: ReceiveBuffers;
  readonly #queue: Buffer[] = [];
  #waiting = 0;
  #ended = false;
  #failure: Error | null = null;
  #wake: () => void = () => undefined;
  /** Called when {@link full} has become false. */
  onDrain: () => void = () => undefined;

  constructor(buffers: ReceiveBuffers) {
    this.#buffers = buffers;
  }

  /** Whether the socket should pause. */
  get full(): boolean {
    return this.#waiting >= HIGH_WATER_MARK;
  }

  take(chunk: Buffer): void {
    this.#buffers.hold(chunk);
    this.#queue.push(chunk);
    this.#waiting += chunk.length;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The connection broke. Received chunks are returned first, then the error is thrown. */
  fail(error: Error): void {
    if (!this.#ended) this.#failure ??= error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      const chunk = this.#queue.shift();
      if (chunk) {
        yield chunk;
        this.#waiting -= chunk.length;
        this.#buffers.release(chunk);
        if (!this.full) this.onDrain();
      } else if (this.#failure) throw this.#failure;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
