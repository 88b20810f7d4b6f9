import { crc32 } from 'node:zlib';
import { Entry, getFileNameLowLevel, openPromise, validateFileName, type ZipFile } from 'yauzl';
import type { ImportProblem } from '../../../contract/entities/imports.ts';
import { MAX_ZIP_ENTRIES } from '../../../contract/rules/import-limits.ts';

/** Where a file's bytes are in a ZIP, and what they have to be. */
export interface ZipPlace {
  relativeOffsetOfLocalHeader: number;
  compressedSize: number;
  uncompressedSize: number;
  compressionMethod: number;
  crc32: number;
}

/** A file in a ZIP, or why it can't be read. */
export type ZipItem =
  { name: string; at: number; place: ZipPlace; problem: null } | { name: string; problem: ImportProblem };

/**
 * A file is suspicious if it grows by more than this while it is decompressed, and becomes larger than that: images are compressed already.
 * Deflate can reach 1,032.
 */
const MAX_RATIO = 100;
const ALWAYS_ALLOWED = 10_000_000;

/** A ZIP that is open for reading. Names in it never become paths. */
export class ZipReader {
  readonly #zip: ZipFile;

  private constructor(zip: ZipFile) {
    this.#zip = zip;
  }

  /** Null: the file is no ZIP, or its end is damaged. @throws the system's error */
  static async open(path: string): Promise<ZipReader | null> {
    try {
      return new ZipReader(await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false }));
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown) throw thrown;
      return null;
    }
  }

  close(): void {
    this.#zip.close();
  }

  /** How many entries the ZIP says it has. */
  get count(): number {
    return this.#zip.entryCount;
  }

  /** The files of the ZIP, without its folders. A damaged directory ends the list with a problem of the ZIP itself, whose name is ''. */
  async *list(): AsyncGenerator<ZipItem> {
    if (this.count > MAX_ZIP_ENTRIES) {
      yield { name: '', problem: 'zip-too-many' };
      return;
    }
    const read = { left: this.#zip.fileSize, entries: 0 };
    try {
      for await (const entry of this.#zip.eachEntry()) {
        read.entries += 1;
        if (read.entries > MAX_ZIP_ENTRIES) break;
        const item = toItem(entry, read);
        if (item) yield item;
      }
    } catch (thrown) {
      const isEncrypted = thrown instanceof Error && thrown.message.includes('encryption');
      yield { name: '', problem: isEncrypted ? 'zip-encrypted' : 'zip-damaged' };
    }
  }

  /**
   * A file's bytes, at most as many as the ZIP says. @throws an error without a code if they are damaged; then what was read so far isn't to be
   * trusted
   */
  async *read(place: ZipPlace): AsyncGenerator<Buffer> {
    const entry = Object.assign(new Entry(), place, { generalPurposeBitFlag: 0 });
    const stream = await this.#zip.openReadStreamPromise(entry);
    let sum = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
    } finally {
      stream.destroy();
    }
    if (sum !== place.crc32) throw new Error('The checksum is wrong.');
  }
}

/** @param read bytes of the file that no entry has claimed yet: where entries overlap, a small file becomes endless */
function toItem(entry: Entry, read: { left: number }): ZipItem | null {
  const name = nameOf(entry);
  if (name === null) return { name: '?', problem: 'zip-unsafe-name' };
  if (name.endsWith('/')) return null;
  read.left -= entry.compressedSize;
  const problem = problemOf(entry, name, read.left);
  if (problem) return { name, problem };
  const { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod, crc32: sum } = entry;
  const place = { relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod, crc32: sum };
  const at = entry.getLastModDate().getTime();
  return { name, at: Number.isNaN(at) ? 0 : at, place, problem: null };
}

/** A damaged extra field has no name in it that could be read. */
function nameOf(entry: Entry): string | null {
  try {
    return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  } catch {
    return null;
  }
}

/** The method that stands for AES (APPNOTE 7.2). */
const AES = 99;

function problemOf(entry: Entry, name: string, left: number): ImportProblem | null {
  if (name.includes('\0') || validateFileName(name) !== null) return 'zip-unsafe-name';
  const { compressedSize, uncompressedSize, compressionMethod } = entry;
  if (entry.isEncrypted() || compressionMethod === AES) return 'zip-encrypted';
  if (!entry.canDecodeFileData()) return 'zip-method';
  const isBomb = uncompressedSize > ALWAYS_ALLOWED && uncompressedSize > MAX_RATIO * compressedSize;
  return left < 0 || isBomb ? 'zip-bomb' : null;
}
