/**
 * Loads what is needed most at the moment: at most `limit` requests at a time, what was wanted last first. Beyond `depth`, what was wanted is forgotten, because
 * they are no longer looked at.
 */
export class RequestGate {
  #wanted: number[] = [];
  readonly #running = new Set<number>();
  readonly #load: (key: number) => Promise<void>;
  readonly #limit: number;
  readonly #depth: number;

  constructor(load: (key: number) => Promise<void>, { limit = 2, depth = 12 } = {}) {
    this.#load = load;
    this.#limit = limit;
    this.#depth = depth;
  }

  /** Loads keys, the first one first, before everything that was wanted earlier. */
  want(keys: readonly number[]): void {
    const older = this.#wanted.filter((key) => !keys.includes(key));
    this.#wanted = [...keys.filter((key) => !this.#running.has(key)), ...older].slice(0, this.#depth);
    this.#start();
  }

  /** Forgets what hasn't started. */
  clear(): void {
    this.#wanted = [];
  }

  #start(): void {
    while (this.#running.size < this.#limit) {
      const key = this.#wanted.shift();
      if (key === undefined) return;
      this.#running.add(key);
      void this.#load(key).finally(() => {
        this.#running.delete(key);
        this.#start();
      });
    }
  }
}
