/** Milliseconds since a moment, counted on while something reads it. Use inside a component or an effect. */
export class Elapsed {
  #now = $state(Date.now());

  /** `from` tells the moment (ms since 1970) or null while there is nothing to count. */
  constructor(from: () => number | null) {
    this.#from = from;
    $effect(() => {
      if (this.#from() === null) return;
      this.#now = Date.now();
      const timer = setInterval(() => (this.#now = Date.now()), 250);
      return () => clearInterval(timer);
    });
  }

  readonly #from: () => number | null;

  get milliseconds(): number {
    const from = this.#from();
    return from === null ? 0 : Math.max(0, this.#now - from);
  }
}
