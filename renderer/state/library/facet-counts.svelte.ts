import { untrack } from 'svelte';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Facets, View } from '../../../electron/contract/entities/views.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { Pace } from './pace.ts';

/** Rest between counts of views that follow each other while one is counted, ms. */
const PAUSE = { least: 0, most: 250 };

/**
 * How many images each filter's values would show. Asked only while someone looks, after the view, and never twice at the same time: while an
 * answer is on its way, only the newest view waits.
 */
export class FacetCounts {
  /** Of the view that was counted last; kept while newer ones are counted. */
  facets = $state.raw<Facets | null>(null);
  /** Newer counts are on their way. */
  busy = $state(false);
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: Pick<StudioApi, 'views'>;
  /** Number of those who look. */
  #lookers = $state(0);
  readonly #pace = new Pace(PAUSE);
  #counted: View | null = null;
  #wanted: View | null = null;

  constructor(studio: Pick<StudioApi, 'views'>) {
    this.#studio = studio;
  }

  get isWanted(): boolean {
    return this.#lookers > 0;
  }

  /** Counts from now on. @returns what ends it */
  look(): () => void {
    // Called in effects, which must not depend on the number that they change.
    untrack(() => (this.#lookers += 1));
    return () => untrack(() => (this.#lookers -= 1));
  }

  /** Tells which view is shown. */
  show(view: View | null): void {
    if (!this.isWanted || view === null || view.id === this.#counted?.id) return;
    this.#wanted = view;
    if (!this.busy) void this.#rounds();
  }

  retry(): void {
    const view = this.#counted;
    this.#counted = null;
    this.show(view);
  }

  get #waits(): boolean {
    return this.#wanted !== null;
  }

  async #rounds(): Promise<void> {
    this.busy = true;
    while (this.#wanted) {
      const view = this.#wanted;
      this.#wanted = null;
      this.#counted = view;
      await this.#pace.measure(() => this.#count(view));
      if (this.#waits) await new Promise((resolve) => setTimeout(resolve, this.#pace.rest));
    }
    this.busy = false;
  }

  async #count(view: View): Promise<void> {
    try {
      const facets = await this.#studio.views.facets({ viewId: view.id });
      // A newer view is shown already: its counts follow.
      if (this.#wanted !== null) return;
      this.facets = facets;
      this.error = null;
    } catch (thrown) {
      const error = toErrorReport(thrown);
      // The view is asked again then, and counted under its new id.
      if (error.code !== 'view-expired' && this.#wanted === null) this.error = error;
    }
  }
}
