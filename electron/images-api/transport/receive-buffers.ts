/** What the system hands over at once, at most. */
const BUFFER_BYTES = 256 * 1024;

interface Held {
  bytes: Buffer;
  /** Pieces of it that somebody still reads. */
  holders: number;
}

/**
 * The few buffers that a socket reads into, over and over. Left to itself Node makes a new one for each read, and making and forgetting
 * them costs more than all else that happens to a large answer. A buffer is given out again only when nobody holds a piece of it.
 */
export class ReceiveBuffers {
  readonly #all: Held[] = [];

  /** A buffer that nobody holds. */
  next(): Buffer {
    let free = this.#all.find(({ holders }) => holders === 0);
    if (!free) {
      free = { bytes: Buffer.allocUnsafeSlow(BUFFER_BYTES), holders: 0 };
      this.#all.push(free);
    }
    return free.bytes;
  }

  /** Somebody will read this piece later. */
  hold(piece: Buffer): void {
    const held = this.#find(piece);
    if (held) held.holders += 1;
  }

  /** The piece is done with. */
  release(piece: Buffer): void {
    const held = this.#find(piece);
    if (held) held.holders -= 1;
  }

  #find(piece: Buffer): Held | undefined {
    return this.#all.find(({ bytes }) => bytes.buffer === piece.buffer);
  }
}
