import { setTimeout as delay } from 'node:timers/promises';
import type { CollectionId } from '../../contract/entities/ids.ts';
import { DayWatch, type DayClock } from '../../contract/query/day-watch.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { ImageIndex } from './image-index.ts';

/** Counting begins when nothing has changed for so long, ms, or after the longer time while changes go on. */
const QUIET_MS = 400;
const LONGEST_MS = 2000;
/** Pause between two questions, ms: what is on the screen comes first. */
const PAUSE_MS = 20;

interface TotalsOptions {
  index: Pick<ImageIndex, 'ask'>;
  /** Queries such as `date:today` find other images tomorrow. */
  clock: DayClock;
  /** Some numbers are other ones now. */
  changed(): void;
  failed(thrown: unknown): void;
}

/** How many images smart collections have, kept current in the background. */
export class SmartTotals {
  readonly #options: TotalsOptions;
  readonly #days: DayWatch;
  #totals: ReadonlyMap<CollectionId, number> = new Map();
  #timer: NodeJS.Timeout | null = null;
  #since: number | null = null;
  #running = false;
  #again = false;
  #closed = false;

  constructor(options: TotalsOptions) {
    this.#options = options;
    this.#days = new DayWatch(options.clock, () => this.update());
  }

  /** As counted last; null before. */
  images(id: CollectionId): number | null {
    return this.#totals.get(id) ?? null;
  }

  /** Looks whether another day has begun: timers stop while the computer sleeps. */
  checkDay(): void {
    if (!this.#closed) this.#days.check();
  }

  /** The index has a new revision. Cheap: call it for each. */
  update(): void {
    if (this.#closed) return;
    this.#since ??= performance.now();
    if (this.#timer) clearTimeout(this.#timer);
    const left = Math.max(0, this.#since + LONGEST_MS - performance.now());
    this.#timer = setTimeout(() => void this.#count(), Math.min(QUIET_MS, left));
    this.#timer.unref();
  }

  close(): void {
    this.#closed = true;
    this.#days.stop();
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #count(): Promise<void> {
    this.#timer = null;
    this.#since = null;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    this.#again = false;
    try {
      await this.#ask();
    } catch (thrown) {
      // The index is being loaded again, and will say when it is ready.
      if (!(thrown instanceof StudioError && thrown.code === 'index-loading')) this.#options.failed(thrown);
    } finally {
      this.#running = false;
    }
    if (this.#isOutdated()) this.update();
  }

  /** Something has changed since it began to count. */
  #isOutdated(): boolean {
    return this.#again;
  }

  async #ask(): Promise<void> {
    for (;;) {
      const { counts, isComplete } = await this.#options.index.ask('smartCounts', {});
      if (this.#closed) return;
      this.#take(new Map(counts.map(({ id, images }) => [id, images])));
      // What changes meanwhile is counted after the next announcement.
      if (isComplete || this.#again) return;
      await delay(PAUSE_MS, undefined, { ref: false });
    }
  }

  #take(totals: ReadonlyMap<CollectionId, number>): void {
    const isSame =
      totals.size === this.#totals.size && [...totals].every(([id, images]) => this.#totals.get(id) === images);
    this.#totals = totals;
    if (!isSame) this.#options.changed();
  }
}
