import { untrack } from 'svelte';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { SelectionSummary } from '../../../electron/contract/entities/annotations.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';

/** The counts follow edits at most this often, ms. */
const PAUSE = 400;
/** Every image outside the trash. */
const EVERYTHING: Selection = {
  kind: 'view',
  question: {
    query: '',
    sort: { by: 'date', descending: true },
    grouping: 'none',
    stacking: 'none',
    place: 'library',
  },
  ranges: 'all',
  except: [],
  also: [],
  until: Number.MAX_SAFE_INTEGER,
};

/** How many images are in the library, favourite, rejected and unrated. */
export class PlaceCounts {
  /** Null until they are known. */
  value = $state.raw<SelectionSummary | null>(null);
  readonly #studio: Pick<StudioApi, 'views'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #revision: number | undefined;

  constructor(studio: Pick<StudioApi, 'views'>) {
    this.#studio = studio;
  }

  /** To be called in an effect that depends on the revision of the index; undefined: it isn't ready. */
  follow(revision: number | undefined): void {
    if (revision === undefined || revision === this.#revision) return;
    this.#revision = revision;
    this.#timer ??= setTimeout(() => void this.#load(), untrack(() => (this.value === null ? 0 : PAUSE)));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #load(): Promise<void> {
    this.#timer = undefined;
    // Without an answer the counts stay as they were; the next revision asks again.
    const value = await this.#studio.views.summarize({ selection: EVERYTHING }).catch(() => null);
    if (value) this.value = value;
  }
}
