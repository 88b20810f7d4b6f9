import type { BroughtMark } from '../../../contract/entities/imports.ts';
import type { Sha256 } from '../../../contract/entities/ids.ts';
import { markKinds } from '../prompts/emulsion.ts';
import { readRecord, type RecordedImage } from './read-record.ts';
import type { RecordPlace } from './record-place.ts';

/** What is remembered of an image's record until it is imported. */
export interface IndexedImage {
  place: RecordPlace;
  made: RecordedImage['made'];
  hasPrompt: boolean;
  marks: BroughtMark[];
}

/** Records of an export, by the hashes of their images. A record says which bytes it is of; names say nothing. */
export class RecordIndex {
  readonly #images = new Map<string, IndexedImage & { record: number }>();
  readonly #used = new Set<number>();
  readonly #newer = new Set<number>();
  #records = 0;
  #unread = 0;

  /** Adds a record that can't be read. */
  addUnread(): void {
    this.#unread += 1;
  }

  /** Adds a record's text. Where two are of the same image, the first counts. */
  add(text: string, place: RecordPlace): void {
    const record = readRecord(text);
    if (!record) {
      this.addUnread();
      return;
    }
    const number = this.#records;
    this.#records += 1;
    if (record.isNewer) this.#newer.add(number);
    for (const [hash, { made, found, marks }] of record.images) {
      if (this.#images.has(hash)) continue;
      const indexed = { place, made, hasPrompt: found !== null, marks: markKinds(marks) };
      this.#images.set(hash, { ...indexed, record: number });
    }
  }

  /** The record of a file with these bytes, or of a copy of them; null if there is none. @param original what a copy says that it was made of */
  find(sha256: Sha256, original: Sha256 | null): IndexedImage | null {
    const found = this.#images.get(sha256) ?? (original === null ? undefined : this.#images.get(original));
    if (!found) return null;
    this.#used.add(found.record);
    return found;
  }

  /** `ignored`: records that can't be read, or none of whose images was looked for. `newer`: found, and of a later version. */
  get counts(): { ignored: number; newer: number } {
    const newer = [...this.#newer].filter((record) => this.#used.has(record)).length;
    return { ignored: this.#unread + this.#records - this.#used.size, newer };
  }
}
