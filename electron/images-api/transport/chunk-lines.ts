const LF = 0x0a;
/** Characters of a line of a chunked body: a size with extensions, or a trailer. */
const MAX_LINE = 16 * 1024;

/** Gives the lines of a chunked body (RFC 9112, 7.1) that end in LF alone the CRLF that the HTTP parser requires. */
export class ChunkLines {
  #state: 'size' | 'data' | 'after-data' | 'trailer' | 'passed' = 'size';
  #line = '';
  /** Bytes of the current chunk that have not arrived. */
  #left = 0;

  /** The pieces to pass on; those of chunks are subarrays of `bytes`. */
  take(bytes: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#state === 'passed') return [...pieces, bytes.subarray(at)];
      if (this.#state === 'data') {
        const piece = bytes.subarray(at, at + this.#left);
        pieces.push(piece);
        at += piece.length;
        this.#left -= piece.length;
        if (this.#left === 0) this.#state = 'after-data';
      } else {
        const end = bytes.indexOf(LF, at);
        this.#line += bytes.toString('latin1', at, end === -1 ? bytes.length : end);
        at = end === -1 ? bytes.length : end + 1;
        if (end !== -1 || this.#line.length > MAX_LINE) pieces.push(this.#endLine());
      }
    }
    return pieces;
  }

  #endLine(): Buffer {
    const line = this.#line.replace(/\r$/u, '');
    this.#line = '';
    if (this.#state === 'size') {
      this.#left = Number.parseInt(line, 16);
      // The parser reports what is no size.
      this.#state = this.#left > 0 ? 'data' : this.#left === 0 ? 'trailer' : 'passed';
    } else if (this.#state === 'after-data') this.#state = 'size';
    else if (line === '') this.#state = 'passed';
    return Buffer.from(`${line}\r\n`, 'latin1');
  }
}
