import { untrack } from 'svelte';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { SelectionSummary } from '../../electron/contract/entities/annotations.ts';
import type { Target } from './target.ts';

/** A target that stays this long is summarized, ms. */
const PAUSE = 80;

/** What the images of a target have in common; it follows the target and every edit. */
export class SummaryLoader {
  /** Null until it is known: what others have in common is never shown for these. */
  value = $state.raw<SelectionSummary | null>(null);
  readonly #studio: Pick<StudioApi, 'views'>;
  /** Which images are summarized. */
  #key: string | null = null;
  /** Number of summaries asked so far, and the newest whose answer is shown: answers may overtake each other. */
  #asked = 0;
  #shown = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(studio: Pick<StudioApi, 'views'>) {
    this.#studio = studio;
  }

  /**
   * To be called in an effect.
   * @param key differs where the images do
   * @param _changes what the summary also depends on, such as the index' revision
   */
  follow(target: Target | null, key: string, _changes: readonly unknown[]): void {
    untrack(() => {
      const wanted = target === null ? null : key;
      if (wanted !== this.#key) this.stop();
      this.#key = wanted;
      // Changes may follow each other without a pause: they don't put off what waits.
      if (target !== null) this.#timer ??= setTimeout(() => void this.#load(target, key), PAUSE);
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#key = null;
    this.value = null;
  }

  async #load(target: Target, key: string): Promise<void> {
    this.#timer = undefined;
    const turn = ++this.#asked;
    // The index may be loading, or its view have expired: an event brings the next try. Until then no more is known than the count.
    const value = await this.#summarize(target).catch(() => null);
    if (key !== this.#key || turn < this.#shown) return;
    this.#shown = turn;
    this.value = value;
  }

  async #summarize(target: Target): Promise<SelectionSummary> {
    return this.#studio.views.summarize({ selection: await target.settle() });
  }
}
