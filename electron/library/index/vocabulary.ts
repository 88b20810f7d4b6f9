import type { Readable } from '../db/database.ts';

/** The longest that a question waits for words to be read, ms; what is left is read by the next ones. */
const MAX_READ_MS = 250;
/** Words read between looks at the clock. */
const SLICE = 500;
/** Words that are kept in memory. A library with more has long since repeated itself. */
const MAX_WORDS = 500_000;

/** The words that occur in the library, to find those that contain a part. */
export class Vocabulary {
  readonly #db: Readable;
  #words: string[] = [];
  /** All words up to this one are read. */
  #last = '';
  #complete = false;
  #version: unknown = null;

  constructor(db: Readable) {
    this.#db = db;
  }

  /** Words that contain a folded text, at most `limit`. */
  containing(part: string, limit: number): string[] {
    if (part === '') return [];
    this.#read();
    const found: string[] = [];
    for (const word of this.#words) {
      if (word.includes(part)) found.push(word);
      if (found.length === limit) break;
    }
    return found;
  }

  #read(): void {
    const version = this.#db.pragma('data_version', { simple: true });
    if (this.#complete && version === this.#version) return;
    if (this.#complete || this.#words.length === 0) {
      [this.#words, this.#last, this.#complete] = [[], '', false];
      this.#db.exec('CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab (main, picture_words, row)');
    }
    this.#version = version;
    const until = performance.now() + MAX_READ_MS;
    const read = this.#db
      .prepare<[string, number], string>('SELECT term FROM temp.words WHERE term > ? LIMIT ?')
      .pluck();
    while (!this.#complete && performance.now() < until) {
      const words = read.all(this.#last, SLICE);
      this.#words.push(...words);
      this.#last = words.at(-1) ?? this.#last;
      this.#complete = words.length < SLICE || this.#words.length > MAX_WORDS;
    }
  }
}
