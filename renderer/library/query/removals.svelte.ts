import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Filter, Query } from '../../../electron/contract/entities/query.ts';
import type { ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { printQuery } from '../../../electron/contract/query/print-query.ts';
import { filterLabel } from './filter-labels.ts';

/** What a query would find without one of its parts. */
export interface Removal {
  /** The part, as a person reads it. */
  label: string;
  /** The query without it. */
  query: string;
  images: number;
}

/** More parts than these aren't tried. */
const MAX_TRIED = 8;
/** Characters of the text that are shown. */
const MAX_LABEL = 40;

/** For a question that finds nothing: which one of its parts to take away, tried one after the other. */
export class Removals {
  found = $state.raw<readonly Removal[]>([]);
  busy = $state(false);
  readonly #studio: Pick<StudioApi, 'views'>;
  #turn = 0;

  constructor(studio: Pick<StudioApi, 'views'>) {
    this.#studio = studio;
  }

  /** Looks for the parts to remove. Another call ends the one before. */
  async look(question: ViewQuestion, query: Query): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.found = [];
    this.busy = true;
    for (const part of partsOf(query).slice(0, MAX_TRIED)) {
      const images = await this.#count({ ...question, query: part.query });
      if (turn !== this.#turn) return;
      if (images > 0) this.found = [...this.found, { ...part, images }];
    }
    this.busy = false;
  }

  stop(): void {
    this.#turn += 1;
    this.busy = false;
  }

  /** 0 where it can't be asked: nothing is suggested then, and the grid says what is wrong. */
  async #count(question: ViewQuestion): Promise<number> {
    try {
      return (await this.#studio.views.ask({ question: { ...question, stacking: 'none' } })).total;
    } catch {
      return 0;
    }
  }
}

/** The query without each of its filters, and without its text. Nothing for a query that has one part only. */
function partsOf({ text, filters }: Query): Omit<Removal, 'images'>[] {
  if (filters.length + (text.length > 0 ? 1 : 0) < 2) return [];
  const without = (filter: Filter) => printQuery({ text, filters: filters.filter((other) => other !== filter) });
  const parts = filters.map((filter) => ({ label: filterLabel(filter), query: without(filter) }));
  if (text.length === 0) return parts;
  const words = text.map(({ text: word, not }) => (not ? `-${word}` : word)).join(' ');
  const label = `“${words.length > MAX_LABEL ? `${words.slice(0, MAX_LABEL)}…` : words}”`;
  return [...parts, { label, query: printQuery({ text: [], filters }) }];
}
