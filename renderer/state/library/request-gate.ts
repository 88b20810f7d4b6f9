/**
 * Loads what is needed most at the moment: at most `limit` requests at a time, the newest wish first. Wishes beyond `depth` are forgotten, because
 * they are no longer looked at.
 */
export class RequestGate {
  #wishes: number[] = [];
  readonly #running = new Set<number>();
  readonly #load: (key: number) => Promise<void>;
  readonly #limit: number;
  readonly #depth: number;

  constructor(load: (key: number) => Promise<void>, { limit = 2, depth = 12 } = {}) {
    this.#load = load;
    this.#limit = limit;
    this.#depth = depth;
  }

  /** Wishes for keys, the first one first, before everything wished for earlier. */
  want(keys: readonly number[]): void {
    const older = this.#wishes.filter((key) => !keys.includes(key));
    this.#wishes = [...keys.filter((key) => !this.#running.has(key)), ...older].slice(0, this.#depth);
    this.#start();
  }

  /** Forgets what hasn't started. */
  clear(): void {
    this.#wishes = [];
  }

  #start(): void {
    while (this.#running.size < this.#limit) {
      const key = this.#wishes.shift();
      if (key === undefined) return;
      this.#running.add(key);
      void this.#load(key).finally(() => {
        this.#running.delete(key);
        this.#start();
      });
    }
  }
}
