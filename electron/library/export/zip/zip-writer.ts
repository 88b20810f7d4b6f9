import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { deflated } from './deflate.ts';

/** A file in a ZIP that was written. */
export interface WrittenEntry {
  name: string;
  /** Of its content, Base64. */
  sha256: string;
  bytes: number;
}

interface Entry extends WrittenEntry {
  at: number;
  method: 0 | 8;
  crc: number;
  compressed: number;
  offset: number;
}

export interface EntryOptions {
  /** ms since 1970 */
  at: number;
  /** Its size, or more. */
  size: number;
  /** Whether it is compressed: images are already. */
  deflate: boolean;
}

/** Writes bytes to a position of the ZIP. */
type Write = (data: Buffer, position: number) => Promise<void>;

/** APPNOTE 4.3.7, 4.3.12, 4.3.14 to 4.3.16. */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
/** Names are UTF-8 (APPNOTE 4.4.4, bit 11). */
const FLAGS = 0x0800;
const VERSION = 20;
const VERSION_64 = 45;
/** Made on a system whose files have Unix modes (APPNOTE 4.4.2), and a plain file's mode. */
const MADE_BY = (3 << 8) | VERSION_64;
const MODE = 0o100644 * 0x10000;
/** Stands for a value that is in the ZIP64 field. */
const IN_ZIP64 = 0xffffffff;
const LOCAL_BYTES = 30;
/** More than deflating can add to content that can't be compressed. */
const SLACK = 2 ** 24;
/** Bytes of the directory that are written together. */
const BATCH = 2 ** 16;

/**
 * Writes a ZIP file by file, with ZIP64 where it is needed (APPNOTE 6.3.10). Each file's header has its sizes and checksum, so that it can be read
 * without the directory too. What is kept in memory is the directory.
 */
export class ZipWriter {
  readonly #write: Write;
  readonly #limit: number;
  readonly #entries: Entry[] = [];
  #position = 0;

  /** @param limit values from here on are in ZIP64 fields; lower only in tests */
  constructor(write: Write, limit = IN_ZIP64) {
    this.#write = write;
    this.#limit = limit;
  }

  get entries(): readonly WrittenEntry[] {
    return this.#entries;
  }

  /** Adds a file. @throws what its parts throw; then the ZIP can't be finished */
  async add(name: string, parts: AsyncIterable<Buffer>, options: EntryOptions): Promise<WrittenEntry> {
    const offset = this.#position;
    const isLarge = options.size + SLACK >= this.#limit;
    const hash = createHash('sha256');
    let crc = 0;
    let bytes = 0;
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const part of parts) {
        hash.update(part);
        crc = crc32(part, crc);
        bytes += part.length;
        yield part;
      }
    };
    const encoded = Buffer.from(name, 'utf8');
    const start = offset + LOCAL_BYTES + encoded.length + (isLarge ? 20 : 0);
    this.#position = start;
    for await (const part of options.deflate ? deflated(counted()) : counted()) await this.#append(part);
    const compressed = this.#position - start;
    if (!isLarge && Math.max(bytes, compressed) >= this.#limit)
      throw new Error(`${name} is larger than it was said to be.`);
    const method = options.deflate ? 8 : 0;
    const entry: Entry = {
      name,
      bytes,
      compressed,
      crc,
      method,
      at: options.at,
      offset,
      sha256: hash.digest('base64'),
    };
    await this.#write(localHeader(entry, encoded, isLarge), offset);
    this.#entries.push(entry);
    return entry;
  }

  /** Writes the directory. @returns the ZIP's size */
  async finish(): Promise<number> {
    const start = this.#position;
    let batch: Buffer[] = [];
    let pending = 0;
    for (const entry of this.#entries) {
      const header = centralHeader(entry, this.#limit);
      batch.push(header);
      pending += header.length;
      if (pending < BATCH) continue;
      await this.#append(Buffer.concat(batch));
      batch = [];
      pending = 0;
    }
    await this.#append(Buffer.concat(batch));
    await this.#append(endOf(this.#entries.length, start, this.#position - start, this.#limit));
    return this.#position;
  }

  async #append(data: Buffer): Promise<void> {
    await this.#write(data, this.#position);
    this.#position += data.length;
  }
}

/** What local and central headers have in common, from the version needed to the uncompressed size. */
function facts(entry: Entry, isLarge: boolean, sizes: { bytes: number; compressed: number }): Buffer {
  const data = Buffer.alloc(22);
  data.writeUInt16LE(isLarge ? VERSION_64 : VERSION, 0);
  data.writeUInt16LE(FLAGS, 2);
  data.writeUInt16LE(entry.method, 4);
  data.writeUInt32LE(dosTime(entry.at), 6);
  data.writeUInt32LE(entry.crc, 10);
  data.writeUInt32LE(sizes.compressed, 14);
  data.writeUInt32LE(sizes.bytes, 18);
  return data;
}

function localHeader(entry: Entry, name: Buffer, isLarge: boolean): Buffer {
  const sizes = isLarge ? { bytes: IN_ZIP64, compressed: IN_ZIP64 } : entry;
  const extra = isLarge ? zip64Field([entry.bytes, entry.compressed]) : Buffer.alloc(0);
  return Buffer.concat([uint32(LOCAL), facts(entry, isLarge, sizes), uint16(name.length, extra.length), name, extra]);
}

function centralHeader(entry: Entry, limit: number): Buffer {
  const large: number[] = [];
  const short = (value: number): number => {
    if (value < limit) return value;
    large.push(value);
    return IN_ZIP64;
  };
  const name = Buffer.from(entry.name, 'utf8');
  const sizes = { bytes: short(entry.bytes), compressed: short(entry.compressed) };
  const offset = short(entry.offset);
  const extra = large.length > 0 ? zip64Field(large) : Buffer.alloc(0);
  return Buffer.concat([
    uint32(CENTRAL),
    uint16(MADE_BY),
    facts(entry, large.length > 0, sizes),
    // Lengths of name, field and comment; the disk; text or binary.
    uint16(name.length, extra.length, 0, 0, 0),
    uint32(MODE, offset),
    name,
    extra,
  ]);
}

function endOf(count: number, start: number, bytes: number, limit: number): Buffer {
  const maxCount = Math.min(limit, 0xffff);
  const isLarge = count >= maxCount || start >= limit || bytes >= limit;
  const counts = isLarge ? 0xffff : count;
  const end = Buffer.concat([
    uint32(END),
    uint16(0, 0, counts, counts),
    uint32(isLarge ? IN_ZIP64 : bytes, isLarge ? IN_ZIP64 : start),
    uint16(0),
  ]);
  if (!isLarge) return end;
  const end64 = Buffer.concat([
    uint32(END_64),
    uint64(44),
    uint16(MADE_BY, VERSION_64),
    uint32(0, 0),
    uint64(count, count, bytes, start),
  ]);
  const locator = Buffer.concat([uint32(LOCATOR_64, 0), uint64(start + bytes), uint32(1)]);
  return Buffer.concat([end64, locator, end]);
}

/** The extended information field (APPNOTE 4.5.3). */
function zip64Field(values: number[]): Buffer {
  return Buffer.concat([uint16(1, 8 * values.length), uint64(...values)]);
}

/** Local time in steps of two seconds from 1980 on, as MS-DOS counts it: time, then date. */
function dosTime(at: number): number {
  const date = new Date(at);
  if (!(date.getFullYear() >= 1980 && date.getFullYear() <= 2107)) return 0x00210000;
  const day = ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  return day * 0x10000 + ((date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1));
}

function uint16(...values: number[]): Buffer {
  const data = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) data.writeUInt16LE(value, 2 * index);
  return data;
}

function uint32(...values: number[]): Buffer {
  const data = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) data.writeUInt32LE(value, 4 * index);
  return data;
}

function uint64(...values: number[]): Buffer {
  const data = Buffer.alloc(8 * values.length);
  for (const [index, value] of values.entries()) data.writeBigUInt64LE(BigInt(value), 8 * index);
  return data;
}
