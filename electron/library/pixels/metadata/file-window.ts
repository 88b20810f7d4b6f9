import type { FileHandle } from 'node:fs/promises';
import { readAt } from './metadata-block.ts';

const WINDOW = 64 * 1024;

/** Reads a file's bytes one after the other without a call for each of them. */
export class FileWindow {
  readonly #file: FileHandle;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Up to `length` bytes, at most 64 KB; fewer at the end of the file. */
  async read(at: number, length: number): Promise<Buffer> {
    if (at < this.#start || at + length > this.#start + this.#bytes.length) {
      this.#bytes = await readAt(this.#file, at, WINDOW);
      this.#start = at;
    }
    return this.#bytes.subarray(at - this.#start, at - this.#start + length);
  }
}
