/** So many times as long as the work took passes before it is done again. */
const SHARE = 4;

/** How long to rest between rounds of the same work, so that many changes in a row don't keep the host busy with telling of them. */
export class Pace {
  readonly #least: number;
  readonly #most: number;
  #took = 0;
  #ended = -Infinity;

  /** @param bounds of the rest, ms */
  constructor({ least, most }: { least: number; most: number }) {
    this.#least = least;
    this.#most = most;
  }

  /** What is left of the rest before the next round, ms. */
  get rest(): number {
    return Math.min(this.#most, Math.max(this.#least, SHARE * this.#took - (performance.now() - this.#ended)));
  }

  /** Does the work. */
  async measure<Result>(work: () => Promise<Result>): Promise<Result> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.#ended = performance.now();
      this.#took = this.#ended - began;
    }
  }
}
