import { untrack } from 'svelte';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { SelectionSummary } from '../../electron/contract/entities/annotations.ts';
import type { Target } from './target.ts';

/** A target that stays this long is summarized, ms. */
const PAUSE = 80;

/** What the images of a target have in common; it follows the target and every edit. */
export class SummaryLoader {
  /** Null until it is known. That of the target before is kept while the next one loads. */
  value = $state.raw<SelectionSummary | null>(null);
  readonly #studio: Pick<StudioApi, 'views'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(studio: Pick<StudioApi, 'views'>) {
    this.#studio = studio;
  }

  /** To be called in an effect. `_changes`: what the summary also depends on, such as the index' revision. */
  follow(target: Target | null, _changes: readonly unknown[]): void {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    untrack(() => {
      if (target === null) this.value = null;
      else this.#timer = setTimeout(() => void this.#load(target, turn), PAUSE);
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  async #load(target: Target, turn: number): Promise<void> {
    try {
      const value = await this.#studio.views.summarize({ selection: await target.settle() });
      if (turn === this.#turn) this.value = value;
    } catch {
      // The index is loading, or its view expired: an event brings the next try. Until then the bar knows no more than the count.
      if (turn === this.#turn) this.value = null;
    }
  }
}
