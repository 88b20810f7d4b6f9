import {
  MAX_QUERY_LENGTH,
  type Filter,
  type Grouping,
  type Query,
  type Sort,
  type Stacking,
} from '../../../electron/contract/entities/query.ts';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { withFilter, withoutFilters, withValue } from '../../../electron/contract/query/edit-query.ts';
import { parseQuery } from '../../../electron/contract/query/parse-query.ts';
import { printFilter, printQuery } from '../../../electron/contract/query/print-query.ts';
import { RenamedText } from './renamed-text.ts';
import { FRESH, readQuestion, storeQuestion, type StoredQuestion } from './stored-question.ts';

/** Milliseconds after the last key before a text is asked. */
const TYPING_PAUSE = 120;

/** What the library is asked: typed text, order and grouping. Survives visits to other views and, by library folder, a restart. */
export class Question {
  #text = $state('');
  #settledText = $state('');
  #sort = $state.raw<Sort>(FRESH.sort);
  /** An order that only some queries have: a collection's own, or likeness. It waits while the query is another one. */
  #special = $state.raw<Sort | null>(null);
  #grouping = $state<Grouping>(FRESH.grouping);
  #stacking = $state<Stacking>(FRESH.stacking);
  #place = $state<ViewQuestion['place']>('library');
  /** Folder of the library that it belongs to; null until that is known. */
  #folder: string | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  readonly #names = new RenamedText();

  /** The settled query. */
  readonly query: Query = $derived(parseQuery(this.#settledText).query);

  /** What is asked: follows the text after a short pause in typing. Spaces and filters that aren't complete yet don't change it. */
  readonly settled: ViewQuestion = $derived.by(() => ({
    query: this.#settledQuery,
    sort: this.sort,
    grouping: this.#grouping,
    stacking: this.#stacking,
    place: this.#place,
  }));

  readonly #settledQuery: string = $derived(printQuery(this.query).slice(0, MAX_QUERY_LENGTH));

  /** Whether the settled query leaves anything out. */
  readonly isFiltered: boolean = $derived(this.#settledQuery !== '');

  /** The order in use. */
  readonly sort: Sort = $derived(this.#special && fits(this.#special, this.query) ? this.#special : this.#sort);

  /** As typed. */
  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    if (text === this.#text) return;
    this.#text = text;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.settle(), TYPING_PAUSE);
  }

  /** Whether the text is newer than what is asked. */
  get isTyping(): boolean {
    return this.#text !== this.#settledText;
  }

  /** Orders by something. An order that only this query has is kept beside the usual one. */
  orderBy(sort: Sort): void {
    const isSpecial = sort.by === 'collection' || sort.by === 'likeness';
    this.#special = isSpecial ? sort : null;
    if (!isSpecial) this.#sort = sort;
    this.#store();
  }

  get grouping(): Grouping {
    return this.#grouping;
  }

  set grouping(grouping: Grouping) {
    this.#grouping = grouping;
    this.#store();
  }

  get stacking(): Stacking {
    return this.#stacking;
  }

  set stacking(stacking: Stacking) {
    this.#stacking = stacking;
    this.#store();
  }

  get place(): ViewQuestion['place'] {
    return this.#place;
  }

  set place(place: ViewQuestion['place']) {
    this.#place = place;
    this.#store();
  }

  /** Takes the last question of a library; nothing where that is the one it belongs to already. */
  open(folder: string): void {
    if (folder === this.#folder) return;
    this.#folder = folder;
    const { text, sort, special, grouping, stacking, place } = readQuestion(folder);
    this.#sort = sort;
    this.#special = special;
    this.#grouping = grouping;
    this.#stacking = stacking;
    this.#place = place;
    this.#text = text;
    this.settle();
  }

  /** Asks the text as it is now, without a pause. */
  settle(): void {
    clearTimeout(this.#pause);
    this.#settledText = this.#text;
    this.#store();
  }

  clear(): void {
    this.#ask('');
  }

  /** Adds a filter: values beside those of its field, a range or likeness in place of it. */
  add(filter: Filter): void {
    this.#ask('values' in filter ? withValue(this.#text, filter) : withFilter(this.#text, filter));
    if ('image' in filter && !filter.not) this.orderBy({ by: 'likeness', descending: true });
  }

  /** Removes a filter, wherever it stands in the text. */
  remove(filter: Filter): void {
    const written = printFilter(filter);
    this.#ask(withoutFilters(this.#text, (each) => printFilter(each) === written));
  }

  /** Replaces the text and asks it at once: a filter panel's, or an example's. */
  replace(text: string): void {
    this.#ask(text);
  }

  /** A change was made or undone: a tag or collection that the text names may be called otherwise now. */
  follow(change: Change): void {
    const text = this.#names.follow(this.#text, change);
    if (text !== this.#text) this.#ask(text);
  }

  /** Shows what a query finds, in the library. */
  show(query: string): void {
    this.#place = 'library';
    this.#ask(query);
  }

  stop(): void {
    clearTimeout(this.#pause);
  }

  #ask(text: string): void {
    this.#text = text;
    this.settle();
  }

  #store(): void {
    if (this.#folder !== null) storeQuestion(this.#folder, this.#snapshot());
  }

  #snapshot(): StoredQuestion {
    return {
      text: this.#settledText,
      sort: this.#sort,
      special: this.#special,
      grouping: this.#grouping,
      stacking: this.#stacking,
      place: this.#place,
    };
  }
}

/** Whether a query has that order: it shows one collection, or what looks like an image. */
function fits(sort: Sort, { filters }: Query): boolean {
  if (sort.by === 'likeness') return filters.some((filter) => 'image' in filter && !filter.not);
  return shownCollection(filters) !== null;
}

/** The name of the one collection that a query shows; null where it shows none or several. */
export function shownCollection(filters: readonly Filter[]): string | null {
  const names = filters.flatMap((filter) => (filter.field === 'in' && !filter.not ? filter.values : []));
  const [name] = names;
  return names.length === 1 && name !== undefined && name !== 'none' ? name : null;
}
