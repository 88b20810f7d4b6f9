import type { StorageHold as StorageHoldState } from '../contract/entities/queue.ts';
import { storageHoldSentence } from '../contract/errors/storage-texts.ts';
import type { ProofOptions } from '../library/storage-check.ts';
import type { Clock } from './clock.ts';

/** First wait in ms before the storage is checked again; doubled with each failure. */
const FIRST_WAIT_MS = 2000;
const MAX_WAIT_MS = 30_000;

type Cause = StorageHoldState['cause'];

export interface StorageHoldOptions {
  clock: Clock;
  /** @throws the reason why the library can't keep an answer */
  prove(options: ProofOptions): Promise<void>;
  /** The cause in what `prove` throws, or null: an error that says nothing about the storage doesn't keep anything on hold. */
  causeOf(thrown: unknown): Cause | null;
  /** The hold began, has another cause, or has ended. */
  changed(): void;
}

/**
 * Keeps everything from being sent while the library can't keep an answer: it was found before a request was sent, or met while a response
 * was saved. Checks again by itself, at growing intervals, and ends when the library has proved that it can.
 */
export class StorageHold {
  readonly #options: StorageHoldOptions;
  #state: StorageHoldState | null = null;
  /** What has to fit; Infinity: nobody said. */
  #bytes = Infinity;
  /** Failures that were reported. */
  #reports = 0;
  /** Checks since a request was last sent: a disk that passes them and fails again is asked less and less often. */
  #failures = 0;
  #cancelTimer: (() => void) | null = null;
  #checking: Promise<void> | null = null;
  #closed = false;

  constructor(options: StorageHoldOptions) {
    this.#options = options;
  }

  get state(): StorageHoldState | null {
    return this.#state;
  }

  /**
   * @param bytes what has to fit before sending resumes, 0 for unknown: of several, the least
   * @returns `first` if it began, and nothing has failed since a request was last sent: it is worth checking at once
   */
  hold(cause: Cause, bytes: number): 'first' | 'again' {
    if (this.#closed) return 'again';
    this.#reports += 1;
    if (bytes > 0) this.#bytes = Math.min(this.#bytes, bytes);
    const isNew = this.#state === null;
    this.#setCause(cause);
    const isFirst = isNew && this.#failures === 0;
    if (isNew) this.#schedule();
    return isFirst ? 'first' : 'again';
  }

  /** A request was sent: its storage was proved. */
  sent(): void {
    this.#failures = 0;
  }

  /** Checks now. Resolves when the outcome is known; never rejects. @param repair the person asked; see {@link ProofOptions} */
  async check(repair = false): Promise<void> {
    // A check that runs may have looked before the cause was removed.
    await this.#checking;
    if (this.#state === null || this.#closed) return;
    this.#stopTimer();
    if (repair) this.#failures = 0;
    this.#checking ??= this.#check(repair).finally(() => (this.#checking = null));
    await this.#checking;
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  async #check(repair: boolean): Promise<void> {
    const { prove, causeOf, changed } = this.#options;
    const reports = this.#reports;
    try {
      await prove({ bytes: Number.isFinite(this.#bytes) ? this.#bytes : 0, repair });
    } catch (thrown) {
      const cause = causeOf(thrown);
      if (cause) {
        this.#setCause(cause);
        this.#schedule();
        return;
      }
    }
    // What failed meanwhile may have failed after the check had looked at it.
    if (this.#reports > reports) {
      this.#schedule();
      return;
    }
    this.#state = null;
    this.#bytes = Infinity;
    if (!this.#closed) changed();
  }

  #setCause(cause: Cause): void {
    const since = this.#state?.since ?? this.#options.clock.now();
    this.#state = { cause, message: storageHoldSentence(cause), since };
    this.#options.changed();
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#stopTimer();
    const wait = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancelTimer = this.#options.clock.after(wait, () => void this.check());
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
