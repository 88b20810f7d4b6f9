import { tick } from 'svelte';
import { isComposing } from '../../shared/keyboard/composing.ts';
import { focusOn } from '../../shared/keyboard/focus-targets.svelte.ts';
import { isKey, lookUpKey } from '../../shared/keyboard/shortcut-keys.ts';
import type { FacetCounts } from '../../state/library/facet-counts.svelte.ts';
import type { Question } from '../../state/library/question.svelte.ts';
import { complete, type Completion } from './completion.ts';
import type { RecentSearches } from './recent-searches.svelte.ts';
import { suggestionsFrom, type NamedLists } from './search-suggestions.ts';
import { SearchText } from './search-text.svelte.ts';

interface SearchSource {
  question: Question;
  lists: NamedLists;
  counts: FacetCounts;
  recent: RecentSearches;
  input: () => HTMLInputElement | undefined;
  /** Gives the focus to a chip. @returns false where there is none with that index */
  focusChip: (index: number) => boolean;
  /** Scrolls to the last chips. */
  showLastChips: () => void;
  /** The caret is in what was typed last, or not any more. */
  onediting: (editing: boolean) => void;
}

/** The search field: what is typed, its chips, and the list of suggestions below it. */
export class SearchController {
  readonly text: SearchText;
  /** The key of the suggestion that is highlighted: it stays the same one while counts that arrive put others before it. */
  #highlighted = $state<string | null>(null);
  #focused = $state(false);
  #caret = $state(0);
  /** The list was closed with Escape, or by a choice. */
  #closed = $state(true);
  readonly #source: SearchSource;
  readonly #isListed = $derived(this.#focused && !this.#closed);

  constructor(source: SearchSource) {
    this.#source = source;
    this.text = new SearchText(source.question);
  }

  readonly items: readonly Completion[] = $derived.by(() => {
    const { lists, counts } = this.#source;
    return this.#isListed ? complete(this.text.typed, this.#caret, suggestionsFrom(lists, counts.facets)) : [];
  });
  /** Shown while nothing is asked. */
  readonly recents: readonly string[] = $derived.by(() =>
    this.#isListed && this.#source.question.text === '' ? this.#source.recent.list : [],
  );
  readonly #keys: readonly string[] = $derived([
    ...this.items.map(({ text }) => `item ${text}`),
    ...this.recents.map((search) => `recent ${search}`),
  ]);
  /** The suggestion that Enter takes; −1: none. Recent searches follow the completions. */
  readonly active: number = $derived(this.#highlighted === null ? -1 : this.#keys.indexOf(this.#highlighted));
  readonly isOpen = $derived(this.#keys.length > 0);

  focus(): void {
    this.#focused = true;
    this.#closed = this.text.typed !== '';
  }

  blur(): void {
    this.#focused = false;
    this.finish();
  }

  click(field: HTMLInputElement): void {
    this.#closed = false;
    this.#follow(field);
  }

  type(event: Event & { currentTarget: HTMLInputElement }): void {
    const field = event.currentTarget;
    const isWriting = event instanceof InputEvent && isComposing(event);
    const kept = this.text.type(field.value, isWriting ? 0 : (field.selectionStart ?? 0));
    if (kept !== field.value) field.value = kept;
    this.#closed = false;
    this.#source.onediting(true);
    this.#follow(field);
    void tick().then(() => this.#source.showLastChips());
  }

  /** The search is finished: the keys go on with what was found. */
  #enter(): void {
    this.finish();
    focusOn('images');
  }

  /** Asks what is typed, and remembers it. */
  finish(): void {
    this.#closed = true;
    this.#highlighted = null;
    this.#source.onediting(false);
    this.text.finish();
    this.#source.recent.add(this.#source.question.text);
  }

  /** Takes a suggestion by its index. */
  pick(index: number): void {
    const item = this.items[index];
    if (item) return void this.#take(item);
    const search = this.recents[index - this.items.length];
    if (search === undefined) return;
    this.#source.question.replace(search);
    this.finish();
    this.#source.input()?.focus();
  }

  /** Puts a chip back into the field. */
  async edit(index: number): Promise<void> {
    // The chip goes: the focus must not leave with it.
    this.#source.input()?.focus();
    const end = this.text.edit(index);
    this.#source.onediting(true);
    await this.#putCaret(end);
    this.#closed = false;
  }

  async remove(index: number): Promise<void> {
    this.#source.input()?.focus();
    this.text.remove(index);
    await tick();
    this.goToChip(Math.min(index, this.text.chips.length - 1));
  }

  /** Gives the focus to a chip, or to the field after the last one. */
  goToChip(index: number): void {
    if (!this.#source.focusChip(index)) this.#source.input()?.focus();
  }

  clear(): void {
    this.#source.question.clear();
    this.#source.onediting(false);
    focusOn('search');
  }

  keydown(event: KeyboardEvent & { currentTarget: HTMLInputElement }): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = lookUpKey(
      {
        ArrowDown: () => this.#move(1),
        ArrowUp: () => this.#move(-1),
        Enter: () => (this.active >= 0 ? this.pick(this.active) : this.#enter()),
        Escape: () => this.#escape(),
      },
      event,
    );
    if (act) act();
    else if (!this.#leaveField(event, event.currentTarget) && !(isKey(event, 'Delete') && this.#forgetActive())) return;
    event.preventDefault();
  }

  async #take({ text: inserted, complete: isWhole, from, to }: Completion): Promise<void> {
    const head = this.text.typed.slice(0, from) + inserted + (isWhole ? ' ' : '');
    this.text.type(head + this.text.typed.slice(to).replace(/^\s+/u, ''), head.length);
    if (isWhole) this.#source.question.settle();
    await tick();
    this.#source.input()?.focus();
    await this.#putCaret(isWhole ? this.text.typed.length : head.length);
    this.#closed = isWhole;
    this.#source.onediting(!isWhole);
    if (isWhole) this.#source.recent.add(this.#source.question.text);
  }

  async #putCaret(at: number): Promise<void> {
    await tick();
    const field = this.#source.input();
    field?.setSelectionRange(at, at);
    if (field) this.#follow(field);
  }

  #follow(field: HTMLInputElement): void {
    this.#caret = field.selectionStart ?? field.value.length;
    this.#highlighted = null;
  }

  #escape(): void {
    if (this.isOpen && this.active >= 0) this.#closed = true;
    else if (this.#source.question.text === '') this.#source.input()?.blur();
    else {
      this.#closed = true;
      this.#source.onediting(false);
      this.#source.question.clear();
    }
  }

  #move(step: -1 | 1): void {
    this.#closed = false;
    const size = this.#keys.length;
    const to = this.active + step + (this.active < 0 && step < 0 ? 1 : 0);
    if (size > 0) this.#highlighted = this.#keys[(to + size) % size] ?? null;
  }

  /** At the start of the field, keys reach the chips. @returns whether it took the key */
  #leaveField(event: KeyboardEvent, field: HTMLInputElement): boolean {
    const last = this.text.chips.length - 1;
    if (last < 0 || field.selectionStart !== 0 || field.selectionEnd !== 0) return false;
    if (isKey(event, 'ArrowLeft')) this.goToChip(last);
    else if (isKey(event, 'Backspace')) this.text.remove(last);
    else return false;
    return true;
  }

  /** Removes the recent search that is highlighted. */
  #forgetActive(): boolean {
    const search = this.recents[this.active - this.items.length];
    if (search === undefined) return false;
    this.#source.recent.remove(search);
    this.#highlighted = null;
    return true;
  }
}
