import type { StudioApi } from '../../electron/contract/api.ts';
import type { UsedPrompt } from '../../electron/contract/entities/saved-prompts.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';

const PAGE = 20;

/** A walk through the prompts that were used, from an empty field: back with ArrowUp, forward with ArrowDown to what was typed. */
export class PromptWalk {
  /** The prompt shown; null while nobody walks. */
  shown = $state.raw<UsedPrompt | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;
  #prompts: UsedPrompt[] = [];
  #next: number | null = null;
  #at = -1;
  /** What was in the field before. */
  #typed = '';
  #loading = false;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Whether the text in the field is the prompt that the walk has shown. */
  isAt(text: string): boolean {
    return this.shown !== null && this.shown.prompt === text;
  }

  /** @returns the text to show: an older prompt; null where there is none, or it isn't loaded yet */
  async older(text: string): Promise<string | null> {
    if (this.#loading) return null;
    if (!this.isAt(text)) await this.#begin(text);
    else if (this.#at === this.#prompts.length - 1 && this.#next !== null) await this.#load(this.#next);
    return this.#step(1);
  }

  /** @returns the text to show: a newer prompt, after the newest what was typed; null where nobody walks */
  newer(text: string): string | null {
    if (!this.isAt(text)) return null;
    return this.#step(-1) ?? this.#typed;
  }

  /** Ends the walk; the text stays. */
  end(): void {
    this.shown = null;
    this.#at = -1;
  }

  async #begin(text: string): Promise<void> {
    this.end();
    this.#typed = text;
    this.#prompts = [];
    await this.#load(null);
  }

  async #load(after: number | null): Promise<void> {
    this.#loading = true;
    try {
      const { prompts, next } = await this.#studio.prompts.history({ search: '', after, limit: PAGE });
      this.#prompts = [...this.#prompts, ...prompts];
      this.#next = next;
      this.error = null;
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    } finally {
      this.#loading = false;
    }
  }

  #step(by: 1 | -1): string | null {
    const found = this.#prompts[this.#at + by];
    if (!found) {
      if (by === -1) this.end();
      return null;
    }
    this.#at += by;
    this.shown = found;
    return found.prompt;
  }
}
