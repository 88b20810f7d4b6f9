import { currentTime } from '../../page/clock.ts';

/** Milliseconds since a timestamp, updated four times a second. Create it inside a component or an effect. */
export class Elapsed {
  #now = $state(currentTime());

  /** `from` returns the start (ms since 1970), or null to stop counting. */
  constructor(from: () => number | null) {
    this.#from = from;
    $effect(() => {
      if (this.#from() === null) return;
      this.#now = currentTime();
      const timer = setInterval(() => (this.#now = currentTime()), 250);
      return () => clearInterval(timer);
    });
  }

  readonly #from: () => number | null;

  get milliseconds(): number {
    const from = this.#from();
    return from === null ? 0 : Math.max(0, this.#now - from);
  }
}
