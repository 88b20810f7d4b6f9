/** Shorter runs are written literally. */
const MIN_RUN = 3;

/** Writes numbers and bytes into a growing buffer. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(room = 1024) {
    this.#bytes = new Uint8Array(room);
  }

  byte(value: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** A non-negative integer, 7 bits per byte, least significant first (LEB128). */
  number(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128);
    this.byte(rest);
  }

  /** Bytes as runs. Each starts with twice its length, plus 1 if one byte follows that is repeated. */
  runs(bytes: Uint8Array): void {
    let plain = 0;
    let at = 0;
    while (at < bytes.length) {
      const value = bytes[at];
      let end = at + 1;
      while (end < bytes.length && bytes[end] === value) end += 1;
      if (end - at >= MIN_RUN) {
        this.#plain(bytes, plain, at);
        this.number((end - at) * 2 + 1);
        this.byte(value ?? 0);
        plain = end;
      }
      at = end;
    }
    this.#plain(bytes, plain, at);
  }

  /** A copy of what was written. */
  taken(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #plain(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return;
    this.number((to - from) * 2);
    this.#makeRoom(to - from);
    this.#bytes.set(bytes.subarray(from, to), this.#length);
    this.#length += to - from;
  }

  #makeRoom(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + count, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** Reads what a {@link ByteWriter} wrote. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** @throws RangeError at the end */
  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new RangeError('There are no more bytes.');
    this.#at += 1;
    return value;
  }

  number(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  }

  /**
   * Fills all of `into` from runs.
   * @throws RangeError where they are more or fewer
   */
  runs(into: Uint8Array): void {
    let at = 0;
    while (at < into.length) {
      const length = this.number();
      const count = Math.floor(length / 2);
      if (count === 0 || at + count > into.length) throw new RangeError('A run does not fit.');
      if (length % 2 === 1) into.fill(this.byte(), at, at + count);
      else {
        if (this.#at + count > this.#bytes.length) throw new RangeError('There are no more bytes.');
        into.set(this.#bytes.subarray(this.#at, this.#at + count), at);
        this.#at += count;
      }
      at += count;
    }
  }
}
