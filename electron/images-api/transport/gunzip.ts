import { crc32, createInflateRaw } from 'node:zlib';

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAG_CRC = 2;
const FLAG_EXTRA = 4;
/** File name and comment, each ended by a zero. */
const TEXT_FLAGS = [8, 16];
/** Input is decompressed in slices: each can become a thousand times as large. */
const SLICE_BYTES = 16 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Decompresses gzip (RFC 1952) with any number of members. What follows the last one is ignored: Node's own decompressor fails then, and
 * drops what it has decompressed.
 * @throws Error with the code of zlib: `Z_BUF_ERROR` when the end is missing, `Z_DATA_ERROR` when the bytes are wrong
 */
export async function* gunzip(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  const input = new Input(bytes);
  do {
    await skipHeader(input);
    let crc = 0;
    for await (const chunk of inflate(input)) {
      crc = crc32(chunk, crc);
      yield chunk;
    }
    const trailer = await input.take(TRAILER_BYTES);
    if (trailer.readUInt32LE(0) !== crc) throw failure('Z_DATA_ERROR', 'incorrect data check');
  } while (await input.hasMember());
}

async function skipHeader(input: Input): Promise<void> {
  const head = await input.take(HEADER_BYTES);
  if (!isMember(head)) throw failure('Z_DATA_ERROR', 'incorrect header check');
  const flags = head[3] ?? 0;
  if (flags & FLAG_EXTRA) await input.take((await input.take(2)).readUInt16LE(0));
  for (const flag of TEXT_FLAGS) if (flags & flag) await input.takeText();
  if (flags & FLAG_CRC) await input.take(2);
}

/** Inflates up to the end of the deflate stream and gives back what follows it. */
async function* inflate(input: Input): AsyncGenerator<Buffer, void, void> {
  const decoder = createInflateRaw();
  const output: Buffer[] = [];
  let fed = 0;
  const { promise: ended, resolve, reject } = Promise.withResolvers<true>();
  decoder.on('data', (chunk: Buffer) => output.push(chunk));
  decoder.on('end', () => resolve(true));
  decoder.on('error', reject);
  // Awaited below; this prevents an unhandled rejection until then.
  ended.catch(() => undefined);
  try {
    for (let isOver = false; !isOver;) {
      const slice = await input.slice();
      fed += slice.length;
      // The callback is not called for a slice that goes beyond the end, only `end` is.
      const taken = new Promise<false>((done) =>
        slice.length === 0 ? decoder.end() : decoder.write(slice, () => done(false)),
      );
      isOver = await Promise.race([ended, taken]);
      yield* output.splice(0);
      if (isOver) input.giveBack(slice.subarray(slice.length - (fed - decoder.bytesWritten)));
    }
  } finally {
    decoder.destroy();
  }
}

/** Bytes to take from the front. */
class Input {
  readonly #bytes: AsyncIterator<Buffer>;
  #held: Buffer = NOTHING;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#bytes = bytes[Symbol.asyncIterator]();
  }

  /** @throws Error when fewer are left */
  async take(count: number): Promise<Buffer> {
    if (!(await this.#fill(count))) throw failure('Z_BUF_ERROR', 'unexpected end of file');
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** Takes text up to its zero. */
  async takeText(): Promise<void> {
    while ((await this.take(1))[0] !== 0);
  }

  /** Up to {@link SLICE_BYTES}; empty at the end. */
  async slice(): Promise<Buffer> {
    await this.#fill(1);
    return this.take(Math.min(this.#held.length, SLICE_BYTES));
  }

  giveBack(bytes: Buffer): void {
    this.#held = Buffer.concat([bytes, this.#held]);
  }

  async hasMember(): Promise<boolean> {
    return (await this.#fill(3)) && isMember(this.#held);
  }

  async #fill(count: number): Promise<boolean> {
    while (this.#held.length < count) {
      const next = await this.#bytes.next();
      if (next.done) return false;
      // A copy too: the chunk's memory is reused.
      this.#held = Buffer.concat([this.#held, next.value]);
    }
    return true;
  }
}

function isMember(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
