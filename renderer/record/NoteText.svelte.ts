import { cleanNote } from '../../electron/contract/rules/clean-note.ts';

/** Milliseconds without a key before the note is stored. */
const PAUSE = 1000;

/** The text of one image's note while it may be edited here and elsewhere: what is typed is never overwritten. */
export class NoteText {
  /** What the field shows. */
  typed = $state('');
  readonly #store: (note: string) => Promise<boolean>;
  /** As stored, seen last. */
  #stored: string;
  /** Notes that were sent and not seen stored yet, oldest first: what is read meanwhile may be older than they. */
  #sent: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param store stores a note; resolves with whether that succeeded */
  constructor(stored: string, store: (note: string) => Promise<boolean>) {
    this.#stored = this.typed = stored;
    this.#store = store;
  }

  /** The note as read from the library: another window may have changed it, or it was undone. */
  follow(stored: string): void {
    if (stored === this.#stored) return;
    const unchanged = cleanNote(this.typed) === this.#known;
    this.#stored = stored;
    const own = this.#sent.lastIndexOf(stored);
    this.#sent = own < 0 ? [] : this.#sent.slice(own + 1);
    if (own < 0 && unchanged) this.typed = stored;
  }

  /** To be called when `typed` has changed. */
  changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE);
  }

  /** Stores what was typed; one that can't be stored is tried again at the next call. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    const note = cleanNote(this.typed);
    if (note === this.#known) return;
    this.#sent.push(note);
    if (await this.#store(note)) return;
    const failed = this.#sent.lastIndexOf(note);
    if (failed >= 0) this.#sent.splice(failed, 1);
  }

  /** What is stored once everything that was sent has arrived. */
  get #known(): string {
    return this.#sent.at(-1) ?? this.#stored;
  }
}
