const LF = 0x0a;
/** Characters of a line of a chunked body: a size with extensions, or a trailer. */
const MAX_LINE = 16 * 1024;

/** A size, as servers pad it, and extensions, which nobody uses. */
const SIZE = /^[ \t]*0*([\da-f]{1,13})[ \t]*(?:;.*)?$/iu;

/**
 * Gives the lines of a chunked body (RFC 9112, 7.1) the form that the HTTP parser requires: a size alone, without spaces around it, as
 * Tomcat once sent it, and CRLF where a line ends in LF alone.
 */
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
      const size = SIZE.exec(line)?.[1];
      this.#left = size === undefined ? 0 : Number.parseInt(size, 16);
      // The parser reports what is no size.
      this.#state = this.#left > 0 ? 'data' : size === undefined ? 'passed' : 'trailer';
      return Buffer.from(`${size ?? line}\r\n`, 'latin1');
    }
    if (this.#state === 'after-data') this.#state = 'size';
    else if (line === '') this.#state = 'passed';
    return Buffer.from(`${line}\r\n`, 'latin1');
  }
}
