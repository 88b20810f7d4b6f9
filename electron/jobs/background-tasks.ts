import type { Log } from '../contract/errors/errors.ts';

/** Work that runs without being awaited. Its errors go to the log. */
export class BackgroundTasks {
  readonly #log: Log;
  readonly #running = new Set<Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** @param failure the log's sentence when the work rejects */
  add(work: Promise<unknown>, failure: string): void {
    const task = work
      .then(() => undefined)
      .catch((thrown: unknown) => this.#log(failure, thrown))
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  /** Resolves when all work is done, including work added meanwhile. Never rejects. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
