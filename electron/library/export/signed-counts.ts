import type { RunControl } from '../runs/run-control.ts';
import { runExportThread } from './export-thread.ts';

/** Counting reads files only. */
const NO_DECODING = { run: () => Promise.reject(new Error('Nothing is decoded to count signed images.')) };

/** Counts signed images for a person who is about to export: one count at a time, the last one asked for. */
export class SignedCounts {
  readonly #ending: AbortSignal;
  #current: AbortController | null = null;

  /** @param ending aborted when the library closes */
  constructor(ending: AbortSignal) {
    this.#ending = ending;
  }

  /**
   * Stops the count that goes on, and starts another one unless `choose` is null.
   * @param folder the library's
   * @param choose finds the images, by their timeline keys
   * @returns null if it was stopped
   */
  async count(folder: string, choose: (() => Promise<Float64Array>) | null): Promise<number | null> {
    this.#current?.abort(new Error('Another count was asked for.'));
    this.#current = null;
    if (!choose) return null;
    const current = new AbortController();
    this.#current = current;
    const signal = AbortSignal.any([current.signal, this.#ending]);
    const control: RunControl = { signal, progress: () => undefined, pausePoint: () => Promise.resolve() };
    try {
      const timelines = await choose();
      return await runExportThread({ kind: 'count-signed', folder, timelines }, control, NO_DECODING);
    } catch (thrown) {
      if (signal.aborted) return null;
      throw thrown;
    } finally {
      if (this.#current === current) this.#current = null;
    }
  }
}
