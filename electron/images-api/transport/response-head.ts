import { ChunkLines } from './chunk-lines.ts';

/** Largest head in bytes. */
export const MAX_HEAD_BYTES = 256 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);
const LF = 0x0a;
const CR = 0x0d;

/**
 * Turns the head of a response into one that the HTTP parser accepts, as browsers and curl read it: interim responses (100, 102, 103) are
 * dropped, lines may end in LF alone, folded lines are joined, lines that are no header are left out, equal lengths are sent once, and a
 * length beside a chunked body is dropped (RFC 9112, 2.2, 5.2 and 6.3). The body passes unchanged, but for the lines around its chunks. So
 * does a head that is no HTTP: the parser reports it.
 */
export class ResponseHead {
  #held: Buffer = NOTHING;
  /** Where the search for the head's end continues. */
  #searched = 0;
  #passed = false;
  #chunkLines: ChunkLines | null = null;

  /**
   * The pieces to pass on; empty while the head is incomplete. A piece of the body is a subarray of `chunk`.
   * @throws Error with undici's code for a head that is too large
   */
  take(chunk: Buffer): Buffer[] {
    if (this.#passed) return this.#passBody(chunk);
    // Copied because the chunk's memory is reused.
    this.#held = Buffer.concat([this.#held, chunk]);
    for (;;) {
      const end = this.#findEnd();
      if ((end === -1 ? this.#held.length : end) > MAX_HEAD_BYTES)
        throw Object.assign(new Error('The head is too large.'), { code: 'UND_ERR_HEADERS_OVERFLOW' });
      if (end === -1) return mayBeHttp(this.#held) ? [] : this.#passAll();
      const head = this.#held.toString('latin1', 0, end);
      const status = Number(STATUS_LINE.exec(head)?.[2] ?? 0);
      if (status === 101 || status < 100) return this.#passAll();
      if (status < 200) {
        this.#held = this.#held.subarray(end);
        this.#searched = 0;
        continue;
      }
      // The end was found as soon as it arrived, so what follows it is all of this chunk.
      const body = this.#held.length - end;
      this.#passed = true;
      this.#held = NOTHING;
      const normalized = normalizeHead(head);
      if (/^transfer-encoding:.*chunked\s*$/imu.test(normalized)) this.#chunkLines = new ChunkLines();
      const pieces = [Buffer.from(normalized, 'latin1')];
      return body > 0 ? [...pieces, ...this.#passBody(chunk.subarray(chunk.length - body))] : pieces;
    }
  }

  /** What is held when the connection ends. */
  end(): Buffer[] {
    return this.#held.length > 0 && !this.#passed ? this.#passAll() : [];
  }

  #passBody(bytes: Buffer): Buffer[] {
    return this.#chunkLines?.take(bytes) ?? [bytes];
  }

  #passAll(): Buffer[] {
    this.#passed = true;
    const held = this.#held;
    this.#held = NOTHING;
    return [held];
  }

  /** Index after the blank line that ends the head; -1 when it has not arrived. */
  #findEnd(): number {
    const bytes = this.#held;
    let from = this.#searched;
    // Blank lines before a response are ignored.
    if (from === 0) while (bytes[from] === LF || bytes[from] === CR) from += 1;
    for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
      const next = bytes[at + 1] === CR ? at + 2 : at + 1;
      if (bytes[next] === LF) return next + 1;
    }
    this.#searched = Math.max(from, bytes.length - 3);
    return -1;
  }
}

const STATUS_LINE = /^[\r\n]*HTTP\/\d(?:\.(\d))?[ \t]+(\d{3})(?!\d)[ \t]*([^\r\n]*)/u;

function mayBeHttp(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 16).replace(/^[\r\n]+/u, '');
  return 'HTTP/'.startsWith(start.slice(0, 5));
}

/** The head with CRLF, without headers that contradict each other or are no headers. */
function normalizeHead(head: string): string {
  const [, minor, status = '', reason = ''] = STATUS_LINE.exec(head) ?? [];
  const version = minor === '0' ? 'HTTP/1.0' : 'HTTP/1.1';
  const [, ...lines] = head
    .trim()
    .replace(/\r?\n[ \t]+/gu, ' ')
    .split(/\r?\n/u);
  const headers = lines.flatMap((line): [name: string, value: string][] => {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)$/su.exec(line) ?? [];
    // Control characters would end the parsing.

    return name === undefined ? [] : [[name, value.replace(/[\0-\x08\x0a-\x1f\x7f]/gu, ' ').trim()]];
  });
  const chunked = headers.some(([name, value]) => isNamed(name, 'transfer-encoding') && /chunked\s*$/iu.test(value));
  const seen = new Set<string>();
  const kept = headers.filter(([name, value]) => {
    if (isNamed(name, 'transfer-encoding')) return !/^identity$/iu.test(value);
    if (!isNamed(name, 'content-length')) return true;
    if (chunked || seen.has(value)) return false;
    seen.add(value);
    return true;
  });
  return [
    `${version} ${status} ${printable(reason)}`,
    ...kept.map(([name, value]) => `${name}: ${one(name, value)}`),
    '',
    '',
  ].join('\r\n');
}

const isNamed = (name: string, wanted: string): boolean => name.toLowerCase() === wanted;

const printable = (text: string): string => text.replace(/[\0-\x1f\x7f]/gu, ' ');

/** One length of a list of equal ones: `5, 5`. */
function one(name: string, value: string): string {
  if (!isNamed(name, 'content-length')) return value;
  const lengths = new Set(value.split(',').map((length) => length.trim()));
  return lengths.size === 1 ? ([...lengths][0] ?? value) : value;
}
