import type { ReceiveBuffers } from './receive-buffers.ts';

/** So many bytes may wait to be read before the socket is told to pause. */
const HIGH_WATER_MARK = 512 * 1024;

/**
 * The body of an answer, chunk by chunk, for one reader. A chunk is valid until the next one is asked for: its memory is then read into
 * again. Whoever needs it longer copies it.
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

  /** The connection broke. What has arrived is handed out first. */
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
