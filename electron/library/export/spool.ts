import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';

/** Text that is kept together until this many characters are there. */
const BATCH = 2 ** 16;

/** Text that is written while something else is, and read once that is done: a file that is removed again. */
export class Spool {
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting = '';
  #bytes = 0;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** @throws the system's error */
  static async create(path: string): Promise<Spool> {
    return new Spool(path, await open(path, 'wx'));
  }

  async append(text: string): Promise<void> {
    this.#waiting += text;
    if (this.#waiting.length >= BATCH) await this.#flush();
  }

  /** Its size in bytes, or more. */
  get size(): number {
    // A character has at most three bytes for each of its code units.
    return this.#bytes + 3 * this.#waiting.length;
  }

  /** All of its text. */
  async *read(): AsyncGenerator<Buffer> {
    await this.#flush();
    yield* createReadStream(this.#path) as AsyncIterable<Buffer>;
  }

  async remove(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    await rm(this.#path, { force: true }).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const data = Buffer.from(this.#waiting, 'utf8');
    this.#waiting = '';
    this.#bytes += data.length;
    await this.#file.appendFile(data);
  }
}
