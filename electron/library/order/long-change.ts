import type { Change } from '../../contract/entities/changes.ts';
import type { Concerned } from './concerned.ts';

/** How far a long change is, and whether it should go on. */
export interface Control {
  /** It was cancelled, or the application closes. */
  isStopped(): boolean;
  /** The application closes: nothing is reverted, the next start does that. */
  isAbandoned(): boolean;
  /** Between two slices: lets everything else go on. */
  rest(): Promise<unknown>;
  /** @param applied images that have it now */
  progress(change: Change, applied: number): void;
}

/** What a long change is in the end. `concerned`: null if it changed nothing. */
export interface Ended {
  change: Change;
  concerned: Concerned | null;
}

/** Time between two reports of progress, ms. */
const REPORT_EVERY = 50;

/** A change of many images: what is known of it while it waits and runs. */
export class LongChange {
  readonly #work: (control: Control) => Promise<Ended>;
  readonly #report: (change: Change) => void;
  readonly #rest: () => Promise<unknown>;
  /** Resolves when it isn't being made any more. */
  readonly ended: Promise<void>;
  #end: () => void = () => undefined;
  readonly #isUndo: boolean;
  #change: Change;
  #stop: 'cancelled' | 'abandoned' | null = null;
  #reportedAt = 0;

  /** @param change what is said of it until it runs */
  constructor(
    change: Change,
    work: (control: Control) => Promise<Ended>,
    { report, rest }: { report(change: Change): void; rest(): Promise<unknown> },
  ) {
    this.#change = change;
    this.#isUndo = change.state === 'reverting';
    this.#work = work;
    this.#report = report;
    this.#rest = rest;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  get change(): Change {
    return this.#change;
  }

  /** @throws what stopped it; then it is reverted, or will be at the next start */
  async run(): Promise<Concerned | null> {
    try {
      if (this.#stop !== null) {
        this.#change = { ...this.#change, state: 'undone', applied: 0 };
        return null;
      }
      const { change, concerned } = await this.#work({
        isStopped: () => this.#stop !== null,
        isAbandoned: () => this.#stop === 'abandoned',
        rest: this.#rest,
        progress: (change, applied) => this.#progress(change, applied),
      });
      this.#change = change;
      return concerned;
    } catch (thrown) {
      const state = this.#isUndo ? 'done' : 'undone';
      this.#change = { ...this.#change, state, applied: state === 'done' ? this.#change.images : 0 };
      throw thrown;
    } finally {
      this.#end();
    }
  }

  /** Resolves when it is reverted. */
  cancel(): Promise<void> {
    this.#stop ??= 'cancelled';
    return this.ended;
  }

  /** Stops it where it is. */
  abandon(): void {
    this.#stop = 'abandoned';
  }

  #progress(change: Change, applied: number): void {
    this.#change = { ...change, applied: Math.min(applied, change.images) };
    const now = performance.now();
    if (now - this.#reportedAt < REPORT_EVERY) return;
    this.#reportedAt = now;
    this.#report(this.#change);
  }
}
