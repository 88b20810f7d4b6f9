/** Largest single read from the socket. */
const BUFFER_BYTES = 256 * 1024;

interface Held {
  bytes: Buffer;
  /** Number of chunks in it that are still in use. */
  holders: number;
}

/**
 * Reusable buffers that a socket reads into. Node would allocate a new one for each read, and for a large response allocation and garbage
 * collection cost more than all other processing. A buffer is reused only when none of its chunks is in use.
 */
export class ReceiveBuffers {
  readonly #all: Held[] = [];

  /** Returns an unused buffer, allocated if necessary. */
  next(): Buffer {
    let free = this.#all.find(({ holders }) => holders === 0);
    if (!free) {
      free = { bytes: Buffer.allocUnsafeSlow(BUFFER_BYTES), holders: 0 };
      this.#all.push(free);
    }
    return free.bytes;
  }

  /** Marks a chunk as in use. */
  hold(piece: Buffer): void {
    const held = this.#find(piece);
    if (held) held.holders += 1;
  }

  /** Ends one use of a chunk. */
  release(piece: Buffer): void {
    const held = this.#find(piece);
    if (held) held.holders -= 1;
  }

  #find(piece: Buffer): Held | undefined {
    return this.#all.find(({ bytes }) => bytes.buffer === piece.buffer);
  }
}
