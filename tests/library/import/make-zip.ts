import { crc32, deflateRawSync } from 'node:zlib';

/** A file of a ZIP. What is stated about it may be untrue. */
export interface ZipFileSpec {
  name: string | Buffer;
  data: Uint8Array;
  deflate?: boolean;
  flags?: number;
  method?: number;
  /** The size that is stated. */
  size?: number;
  crc?: number;
  /** The file whose bytes it shares, by its number. */
  shares?: number;
}

/** 2024-03-05 06:07:08 in DOS' format. */
const DOS_TIME = (6 << 11) | (7 << 5) | 4;
const DOS_DATE = (44 << 9) | (3 << 5) | 5;

/** A ZIP with these files, and `count` in place of their number. */
export function makeZip(files: readonly ZipFileSpec[], { count = files.length }: { count?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const starts: number[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const sums = new Map<ZipFileSpec, number>();
  const packed = new Map<ZipFileSpec, Buffer>();
  for (const file of files) {
    const name = Buffer.from(file.name);
    const shared = file.shares === undefined ? null : files[file.shares];
    const source = shared ?? file;
    const data = packed.get(source) ?? (source.deflate ? deflateRawSync(source.data) : Buffer.from(source.data));
    packed.set(source, data);
    const sum = sums.get(source) ?? crc32(source.data);
    sums.set(source, sum);
    const fields = { file, source, name, sum, length: data.length };
    const start = file.shares === undefined ? at : (starts[file.shares] ?? 0);
    starts.push(start);
    if (!shared) {
      const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), entryFields(fields), name]);
      parts.push(head, data);
      at += head.length + data.length;
    }
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(start, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), entryFields(fields), tail, name);
  }
  const entries = Buffer.concat(directory);
  return Buffer.concat([...parts, entries, endOf(at, entries.length, count)]);
}

function entryFields(entry: {
  file: ZipFileSpec;
  source: ZipFileSpec;
  name: Buffer;
  sum: number;
  length: number;
}): Buffer {
  const { file, source, name, sum, length } = entry;
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  // Names are UTF-8.
  fields.writeUInt16LE(file.flags ?? 0x800, 2);
  fields.writeUInt16LE(file.method ?? (source.deflate ? 8 : 0), 4);
  fields.writeUInt16LE(DOS_TIME, 6);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(file.crc ?? sum, 10);
  fields.writeUInt32LE(length, 14);
  fields.writeUInt32LE(file.size ?? source.data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

/** With the locator and the record of zip64 where the number doesn't fit. */
function endOf(directoryAt: number, directoryLength: number, count: number): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(directoryLength, 12);
  end.writeUInt32LE(directoryAt, 16);
  if (count < 0xffff) return end;
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 0, 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(directoryLength), 40);
  record.writeBigUInt64LE(BigInt(directoryAt), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 0, 'latin1');
  locator.writeBigUInt64LE(BigInt(directoryAt + directoryLength), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end]);
}
