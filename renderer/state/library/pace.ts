/** So many times as long as the work took, at least, passes before it is done again. */
const SHARE = 4;

/** How long to rest between rounds of the same work, so that many changes in a row don't keep the host busy with telling of them. */
export class Pace {
  readonly #least: number;
  readonly #most: number;
  #took = 0;

  /** @param bounds of the rest, ms */
  constructor({ least, most }: { least: number; most: number }) {
    this.#least = least;
    this.#most = most;
  }

  /** The rest before the next round, ms. */
  get rest(): number {
    return Math.min(this.#most, Math.max(this.#least, SHARE * this.#took));
  }

  /** Does the work. */
  async measure<Result>(work: () => Promise<Result>): Promise<Result> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.#took = performance.now() - began;
    }
  }
}
