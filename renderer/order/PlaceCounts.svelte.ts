import { untrack } from 'svelte';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { SelectionSummary } from '../../electron/contract/entities/annotations.ts';
import type { Selection, ViewQuestion } from '../../electron/contract/entities/views.ts';
import { currentTime } from '../page/clock.ts';

/** The counts follow edits at most this often, ms. */
const PAUSE = 400;
/** Every image of a place, whatever is asked now. */
export function everythingIn(place: ViewQuestion['place'], until: number): Selection {
  const sort = { by: 'date', descending: true } as const;
  const question = { query: '', sort, grouping: 'none', stacking: 'none', place } as const;
  return { kind: 'view', question, ranges: 'all', except: [], also: [], until };
}

/** How many images are in the library or in the trash, favourite, rejected and unrated, and their bytes. */
export class PlaceCounts {
  /** Null until they are known. */
  value = $state.raw<SelectionSummary | null>(null);
  /** When they were counted: what comes later isn't in them. */
  countedAt = 0;
  readonly #studio: Pick<StudioApi, 'views'>;
  readonly #place: ViewQuestion['place'];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #revision: number | undefined;

  constructor(studio: Pick<StudioApi, 'views'>, place: ViewQuestion['place']) {
    this.#studio = studio;
    this.#place = place;
  }

  /** To be called in an effect that depends on the revision of the index; undefined: it isn't ready. */
  follow(revision: number | undefined): void {
    if (revision === undefined || revision === this.#revision) return;
    this.#revision = revision;
    this.#timer ??= setTimeout(
      () => void this.count(),
      untrack(() => (this.value === null ? 0 : PAUSE)),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Counts now. */
  async count(): Promise<void> {
    this.stop();
    // Without an answer the counts stay as they were; the next revision asks again.
    const selection = everythingIn(this.#place, Number.MAX_SAFE_INTEGER);
    const at = currentTime();
    const value = await this.#studio.views.summarize({ selection }).catch(() => null);
    if (!value) return;
    this.value = value;
    this.countedAt = at;
  }
}
