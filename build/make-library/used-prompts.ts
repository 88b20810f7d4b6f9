import type { Writable } from '../../electron/library/db/database.ts';
import { insertRow } from './insert-job.ts';

interface UsedPrompt {
  key: number;
  /** The number of its last use. */
  used: number;
  usedAt: number;
}

/** Each prompt that was sent, once, as the trigger `prompt_used` keeps them, without looking for the text in the database each time. */
export class UsedPrompts {
  readonly #prompts = new Map<string, UsedPrompt>();
  #uses = 0;

  /** Called for each request, in order. @returns the prompt's key; null for no prompt */
  use(text: string, at: number): number | null {
    if (text === '') return null;
    this.#uses += 1;
    const known = this.#prompts.get(text);
    const key = known?.key ?? this.#prompts.size + 1;
    this.#prompts.set(text, { key, used: this.#uses, usedAt: at });
    return key;
  }

  /** Inserts all of them, by key. */
  insert(db: Writable): void {
    for (const [text, { key, used, usedAt }] of this.#prompts) insertRow(db, 'prompts', key, text, used, usedAt);
  }
}
