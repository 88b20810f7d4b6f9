import type { Filter } from '../../../electron/contract/entities/query.ts';
import { withoutPart } from '../../../electron/contract/query/edit-query.ts';
import { parseParts, type QueryPart } from '../../../electron/contract/query/parse-query.ts';
import type { Question } from '../../state/library/question.svelte.ts';

/** A filter that is shown as a chip; `text` as it was typed. */
export interface Chip {
  text: string;
  filter: Filter;
}

interface Split {
  /** Chips and typed text together. */
  whole: string;
  chips: readonly Chip[];
  typed: string;
}

/**
 * The question's text as chips and a field. A filter is typed in the field and becomes a chip once it is finished; a chip that is edited goes
 * back into the field. The question's text always is both together, chips first.
 */
export class SearchText {
  readonly #question: Question;
  #own = $state.raw<Split>({ whole: '', chips: [], typed: '' });
  /** Split anew where the text was changed elsewhere: by the filter panel, an example, or the stored question. */
  readonly #split: Split = $derived.by(() =>
    this.#own.whole === this.#question.text ? this.#own : split(this.#question.text),
  );

  constructor(question: Question) {
    this.#question = question;
  }

  get chips(): readonly Chip[] {
    return this.#split.chips;
  }

  get typed(): string {
    return this.#split.typed;
  }

  /** Where the typed text begins in the question's. */
  get typedAt(): number {
    return this.#split.whole.length - this.#split.typed.length;
  }

  /** Takes what is in the field. Filters that end before the caret, with a space after them, become chips. @returns what stays */
  type(typed: string, caret: number = typed.length): string {
    const finished = parseParts(typed).parts.filter(
      ({ filter, at, length }) => filter !== null && at + length < caret && /\s/u.test(typed[at + length] ?? ''),
    );
    this.#set([...this.chips, ...chipsOf(typed, finished)], withoutParts(typed, finished));
    return this.typed;
  }

  /** Makes chips of all filters that were typed, and asks at once. */
  finish(): void {
    const { parts } = parseParts(this.typed);
    const filters = parts.filter(({ filter }) => filter !== null);
    if (filters.length > 0)
      this.#set([...this.chips, ...chipsOf(this.typed, filters)], withoutParts(this.typed, filters));
    this.#question.settle();
  }

  remove(index: number): void {
    this.#set(
      this.chips.filter((_, other) => other !== index),
      this.typed,
    );
    this.#question.settle();
  }

  /** Puts a chip's text back into the field, in front. @returns the place after it */
  edit(index: number): number {
    const chip = this.chips[index];
    if (!chip) return 0;
    const rest = this.chips.filter((_, other) => other !== index);
    this.#set(rest, this.typed.trim() === '' ? chip.text : `${chip.text} ${this.typed.trimStart()}`);
    return chip.text.length;
  }

  #set(chips: readonly Chip[], typed: string): void {
    const whole = [...chips.map(({ text }) => text), ...(typed === '' ? [] : [typed])].join(' ');
    this.#own = { whole, chips, typed };
    this.#question.text = whole;
  }
}

function split(whole: string): Split {
  const filters = parseParts(whole).parts.filter(({ filter }) => filter !== null);
  const chips = chipsOf(whole, filters);
  const typed = withoutParts(whole, filters).trim();
  return { whole, chips, typed };
}

function chipsOf(text: string, parts: readonly QueryPart[]): Chip[] {
  return parts.flatMap(({ at, length, filter }) => (filter ? [{ text: text.slice(at, at + length), filter }] : []));
}

function withoutParts(text: string, parts: readonly QueryPart[]): string {
  return parts.reduceRight((left, part) => withoutPart(left, part), text);
}
