import type { CollectionId } from '../../contract/entities/ids.ts';
import { countBits } from './bits.ts';
import { smartBits, todayOf, type Sources } from './evaluate.ts';

/** Numbers of images of smart collections, outside the trash. */
export interface SmartCounts {
  counts: { id: CollectionId; images: number }[];
  /** Whether all are of the newest revision; if not, ask again. */
  isComplete: boolean;
}

/** The longest that a question counts, ms, unless a single collection takes longer: others are waiting. */
const SLICE_MS = 10;

interface Counted {
  images: number;
  /** What it was counted for. */
  revision: number;
  key: string;
}

/** Counts the images of smart collections, some at each question, so that what is on the screen never waits for many of them. */
export class SmartCounter {
  readonly #counted = new Map<CollectionId, Counted>();

  /** Counts those first that have waited longest. */
  count(sources: Sources): SmartCounts {
    const { names, revision } = sources.data;
    const today = todayOf(sources);
    const all = [...names.collections.values()].flatMap(({ id, query }) =>
      query === null ? [] : [{ id, query, key: `${today} ${query}` }],
    );
    const due = all
      .map((one) => ({ ...one, known: this.#counted.get(one.id) }))
      .filter(({ key, known }) => known?.revision !== revision || known.key !== key)
      .sort((a, b) => (a.known?.revision ?? -1) - (b.known?.revision ?? -1));
    const until = performance.now() + SLICE_MS;
    let done = 0;
    for (const { id, query, key } of due) {
      if (done > 0 && performance.now() >= until) break;
      this.#counted.set(id, { images: countBits(smartBits(sources, query, 'library')), revision, key });
      done += 1;
    }
    const counts = all.flatMap(({ id }) => {
      const known = this.#counted.get(id);
      return known ? [{ id, images: known.images }] : [];
    });
    return { counts, isComplete: done === due.length };
  }
}
