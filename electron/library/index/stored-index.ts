import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { errorCode } from '../../disk/error-code.ts';
import type { Readable } from '../db/database.ts';
import { syncCommitsOfOthers } from '../db/unsynced.ts';
import {
  bytesOfColumn,
  COLUMN_NAMES,
  Columns,
  elementsOf,
  namesOf,
  NAMED_COLUMNS,
  type ColumnName,
} from './columns.ts';
import { compacted } from './compact.ts';
import { Dictionary } from './dictionary.ts';
import { writeDays, type IndexData } from './index-data.ts';
import { Lineage } from './lineage.ts';
import { Lists } from './lists.ts';
import { readOrderNames } from './order-names.ts';
import { Sizes } from './sizes.ts';

/*
 * The index on the disk, so that a start needn't read the whole library: `index/images-1.bin` beside the database. It holds nothing that the
 * database doesn't: a missing, damaged or foreign file only costs the time of reading everything.
 *
 * Eight bytes of magic, the header's length, the header (JSON), the arrays in the order of the header, and the CRC-32 of all before it.
 */
const FOLDER = 'index';
const FILE = 'images-1.bin';
const MAGIC = Buffer.from('EMULIDX\n');
const SUM_BYTES = 4;
/** Counts changes of the columns' meaning: an older file is left alone and written anew. */
const LAYOUT = 2;

const length = v.pipe(v.number(), v.integer(), v.minValue(0));
const lists = v.array(v.tuple([v.number(), length]));
const HeaderSchema = v.object({
  layout: v.literal(LAYOUT),
  identity: v.string(),
  revision: length,
  images: length,
  links: length,
  tags: lists,
  collections: lists,
  names: v.record(v.picklist(NAMED_COLUMNS), v.array(v.string())),
  sizes: v.array(v.tuple([v.number(), v.number()])),
});
type Header = v.InferOutput<typeof HeaderSchema>;

/** Local days follow from the time zone. */
const STORED = COLUMN_NAMES.filter((name) => name !== 'day');

export function storedIndexPath(folder: string): string {
  return join(folder, FOLDER, FILE);
}

function readIdentity(db: Readable): string {
  return db.prepare<[], string>('SELECT identity FROM index_identity').pluck().get() ?? '';
}

/**
 * Writes the index beside the database, atomically. The library's folder has to be there.
 * @throws the system's error; then the old file is unchanged
 */
export function storeIndex(folder: string, db: Readable, current: IndexData): void {
  const data = compacted(current);
  const { columns, lineage, tags, collections, revision } = data;
  const header: Header = {
    layout: LAYOUT,
    identity: readIdentity(db),
    revision,
    images: columns.count,
    links: lineage.children.length,
    tags: Array.from(tags.entries(), ([key, ordinals]) => [key, ordinals.length]),
    collections: Array.from(collections.entries(), ([key, ordinals]) => [key, ordinals.length]),
    names: namesOf((name) => columns.names[name].values),
    sizes: columns.sizes.pairs,
  };
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(json.length);
  // What the index knows must not be ahead of the database after a power cut: revisions would be given again.
  syncCommitsOfOthers(db);
  const arrays = [
    ...STORED.map((name) => columns.arrays[name].subarray(0, columns.count * elementsOf(name))),
    lineage.children,
    lineage.parents,
    ...Array.from(tags.entries(), ([, ordinals]) => ordinals),
    ...Array.from(collections.entries(), ([, ordinals]) => ordinals),
  ];
  writeWithSum(folder, [MAGIC, size, json, ...arrays]);
}

function writeWithSum(folder: string, parts: readonly ArrayBufferView[]): void {
  try {
    mkdirSync(join(folder, FOLDER));
  } catch (thrown) {
    if (errorCode(thrown) !== 'EEXIST') throw thrown;
  }
  const path = storedIndexPath(folder);
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    let sum = 0;
    for (const part of parts) {
      const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
      sum = crc32(bytes, sum);
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    }
    const end = Buffer.alloc(4);
    end.writeUInt32LE(sum);
    writeSync(file, end);
    fsyncSync(file);
  } catch (thrown) {
    closeSync(file);
    rmSync(temporary, { force: true });
    throw thrown;
  }
  closeSync(file);
  renameSync(temporary, path);
}

/** Why a stored index isn't used. */
export class UnusableIndexError extends Error {
  override readonly name = 'UnusableIndexError';
}

/**
 * Reads the stored index; null if there is none.
 * @throws UnusableIndexError if it is damaged, of another layout or of another database; the system's error
 */
export function readStoredIndex(folder: string, db: Readable): IndexData | null {
  const file = openIfThere(storedIndexPath(folder));
  if (file === null) return null;
  try {
    return readFrom(file, db);
  } finally {
    closeSync(file);
  }
}

function readFrom(file: number, db: Readable): IndexData {
  const reader = new Reader(file);
  const header = reader.header();
  if (header.identity !== readIdentity(db)) throw new UnusableIndexError('It belongs to another database.');
  reader.expect(bytesOf(header));
  const columns = new Columns(header.images + 1024);
  columns.count = header.images;
  columns.names = namesOf((name) => new Dictionary(header.names[name]));
  columns.sizes = new Sizes(header.sizes);
  for (const name of STORED) reader.into(columns, name);
  const lineage = new Lineage(reader.ordinals(header.links), reader.ordinals(header.links));
  const tags = reader.lists(header.tags);
  const collections = reader.lists(header.collections);
  reader.end();
  writeDays(columns);
  return {
    columns,
    lineage,
    tags,
    collections,
    names: readOrderNames(db),
    revision: header.revision,
    derived: new Map(),
  };
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/** Bytes of all arrays that a header describes. */
function bytesOf({ images, links, tags, collections }: Header): number {
  const each = STORED.reduce((sum, name) => sum + bytesOfColumn(name), 0);
  const ordinals = [...tags, ...collections].reduce((sum, [, count]) => sum + count, 2 * links);
  return images * each + ordinals * Uint32Array.BYTES_PER_ELEMENT;
}

/** Reads a stored index from the front, every array into its place. @throws UnusableIndexError where it isn't whole */
class Reader {
  readonly #file: number;
  readonly #size: number;
  #at = 0;
  #sum = 0;

  constructor(file: number) {
    this.#file = file;
    this.#size = fstatSync(file).size;
  }

  header(): Header {
    const start = this.#bytes(MAGIC.length + 4);
    if (!start.subarray(0, MAGIC.length).equals(MAGIC)) throw new UnusableIndexError('It isn’t a stored index.');
    const json = this.#bytes(start.readUInt32LE(MAGIC.length)).toString('utf8');
    const header = v.safeParse(v.pipe(v.string(), v.parseJson(), HeaderSchema), json);
    if (!header.success) throw new UnusableIndexError('It has another layout.');
    return header.output;
  }

  /** Nothing is allocated for what isn't there. */
  expect(bytes: number): void {
    if (this.#at + bytes + SUM_BYTES !== this.#size) throw new UnusableIndexError('It has another length.');
  }

  into({ arrays, count }: Columns, name: ColumnName): void {
    const array = arrays[name].subarray(0, count * elementsOf(name));
    this.#fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }

  ordinals(count: number): Uint32Array<ArrayBuffer> {
    const ordinals = new Uint32Array(count);
    this.#fill(new Uint8Array(ordinals.buffer));
    return ordinals;
  }

  lists(lengths: readonly (readonly [key: number, length: number])[]): Lists {
    const read = new Lists();
    for (const [key, count] of lengths) read.set(key, this.ordinals(count));
    return read;
  }

  end(): void {
    const sum = this.#sum;
    if (this.#bytes(SUM_BYTES).readUInt32LE() !== sum) throw new UnusableIndexError('It is damaged.');
  }

  #bytes(count: number): Buffer {
    if (this.#at + count > this.#size) throw new UnusableIndexError('It is too short.');
    const bytes = Buffer.alloc(count);
    this.#fill(bytes);
    return bytes;
  }

  #fill(target: Uint8Array): void {
    for (let filled = 0; filled < target.length;) {
      const read = readSync(this.#file, target, filled, target.length - filled, null);
      if (read === 0) throw new UnusableIndexError('It is too short.');
      filled += read;
    }
    this.#at += target.length;
    this.#sum = crc32(target, this.#sum);
  }
}

/**
 * Compares an index with what the database says of itself in few lookups: a database that was restored from a copy may have a revision that
 * says nothing. @throws UnusableIndexError
 */
export function verifyIndex(db: Readable, { columns }: IndexData): void {
  const { state, timeline } = columns.arrays;
  const counts = [0, 0];
  let newest = -1;
  for (let ordinal = 0; ordinal < columns.count; ordinal += 1) {
    const trashed = (state[ordinal] ?? 0) & 3;
    if (trashed > 1) continue;
    counts[trashed] = (counts[trashed] ?? 0) + 1;
    newest = timeline[ordinal] ?? -1;
  }
  const number = (sql: string): number => db.prepare<[], number | null>(sql).pluck().get() ?? -1;
  // A wrong counter isn't the index' fault, and making the index anew wouldn't cure it. Counting takes far less.
  const has = (counter: string, where: string, count: number | undefined): boolean =>
    number(`SELECT value FROM counters WHERE name = '${counter}'`) === count ||
    number(`SELECT count(*) FROM images WHERE deleted_at ${where}`) === count;
  const isCounted = has('pictures', 'IS NULL', counts[0]) && has('trash', 'IS NOT NULL', counts[1]);
  if (isCounted && number('SELECT max(timeline) FROM images') === newest) return;
  throw new UnusableIndexError('It isn’t what the database holds.');
}
