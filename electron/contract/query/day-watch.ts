/** Time of day and a timer; tests control them. */
export interface DayClock {
  /** ms since 1970. */
  now(): number;
  /** Calls back once after this many ms; the returned function cancels it. */
  after(milliseconds: number, act: () => void): () => void;
}

/** Timers stop while a computer sleeps, and don't follow a clock or time zone that is set: the day is looked at this often at least, ms. */
const LONGEST_MS = 15 * 60_000;

/** Says when another local day begins: words for days in queries mean other days then. */
export class DayWatch {
  readonly #clock: DayClock;
  readonly #changed: () => void;
  #day: string;
  #cancel: () => void = () => undefined;

  constructor(clock: DayClock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
    this.#day = localDay(clock.now());
    this.#wait();
  }

  /** Looks at the day now: after a sleep, or when the page is looked at again. */
  check(): void {
    this.#wait();
    const day = localDay(this.#clock.now());
    if (day === this.#day) return;
    this.#day = day;
    this.#changed();
  }

  stop(): void {
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    const now = this.#clock.now();
    this.#cancel = this.#clock.after(Math.min(LONGEST_MS, nextMidnight(now) - now), () => this.check());
  }
}

function localDay(time: number): string {
  return new Date(time).toDateString();
}

function nextMidnight(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}
