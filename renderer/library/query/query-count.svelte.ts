import type { StudioApi } from '../../../electron/contract/api.ts';

const PAUSE = 250;

/** How many images a query finds, while it is being typed. Null while unknown. */
export class QueryCount {
  images = $state<number | null>(null);
  readonly #studio: Pick<StudioApi, 'views'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(studio: Pick<StudioApi, 'views'>) {
    this.#studio = studio;
  }

  /** Counts after a pause; an earlier query's answer is dropped. */
  ask(query: string): void {
    this.stop();
    const turn = this.#turn;
    this.#timer = setTimeout(() => void this.#count(query, turn), PAUSE);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  async #count(query: string, turn: number): Promise<void> {
    const question = {
      query,
      sort: { by: 'date', descending: true },
      grouping: 'none',
      stacking: 'none',
      place: 'library',
    } as const;
    // A count that can't be had is left out: saving doesn't need it.
    const view = await this.#studio.views.ask({ question }).catch(() => null);
    if (turn === this.#turn) this.images = view?.total ?? null;
  }
}
