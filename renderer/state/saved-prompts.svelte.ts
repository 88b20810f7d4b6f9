import type { StudioApi } from '../../electron/contract/api.ts';
import type { SavedPromptId } from '../../electron/contract/entities/ids.ts';
import type { PromptVersion, SavedPrompt, SavedPromptVersion } from '../../electron/contract/entities/saved-prompts.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';
import { newId } from './new-id.ts';

/** The prompt field on screen. */
export interface PromptField {
  /** Puts text in place of what is selected, or of everything. The field's own undo takes it back. */
  insert(text: string, where: 'selection' | 'all', source: SavedPromptVersion | null): void;
}

/** What is shown above the page: the saved prompts, or the form that saves a text. */
export type PromptDialog = { kind: 'library'; tab: 'saved' | 'history' } | { kind: 'save'; text: string };

/** What a person edits of a saved prompt. */
export type PromptEdit = Pick<SavedPrompt, 'name' | 'tags' | 'text'>;

/** The library's saved prompts. */
export class SavedPrompts {
  /** Changed last first. */
  all = $state.raw<readonly SavedPrompt[]>([]);
  loaded = $state(false);
  /** Why the last action failed; null after one that succeeded. */
  error = $state.raw<ErrorReport | null>(null);
  dialog = $state.raw<PromptDialog | null>(null);
  /** The saved prompt that was inserted or saved last: a changed text may be its next version. */
  current = $state.raw<SavedPromptId | null>(null);
  /** Null where the view has none. */
  field = $state.raw<PromptField | null>(null);
  readonly #studio: StudioApi;

  readonly #whyNot: () => string | null;

  constructor(studio: StudioApi, whyNot: () => string | null = () => null) {
    this.#studio = studio;
    this.#whyNot = whyNot;
  }

  /** Shows the saved prompts, or the history. */
  open(tab: 'saved' | 'history' = 'saved'): void {
    this.dialog = { kind: 'library', tab };
    void this.load();
  }

  /** Why no prompt can be saved or removed, as a sentence for controls; null if it can. */
  get whyNot(): string | null {
    return this.#whyNot();
  }

  /** Asks for the name under which a prompt is saved. */
  askToSave(text: string): void {
    if (this.whyNot !== null) return;
    this.dialog = { kind: 'save', text };
    void this.load();
  }

  close(): void {
    this.dialog = null;
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.all = await this.#studio.prompts.list({});
      this.loaded = true;
    });
  }

  /** Loads again what is known already; another page may have changed it. */
  refresh(): void {
    if (this.loaded) void this.load();
  }

  /**
   * Creates a saved prompt, or changes the one with this id.
   * @returns null where it failed, see `error`
   */
  async save(edit: PromptEdit, promptId: SavedPromptId = newId() as SavedPromptId): Promise<SavedPrompt | null> {
    let saved: SavedPrompt | null = null;
    await this.#attempt(async () => {
      saved = await this.#studio.prompts.save({ ...edit, tags: [...edit.tags], promptId });
      this.#put(saved);
      this.current = promptId;
    });
    return saved;
  }

  /** @returns whether it succeeded */
  remove(promptId: SavedPromptId): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#studio.prompts.remove({ promptId });
      this.all = this.all.filter(({ id }) => id !== promptId);
    });
  }

  /** @returns whether it succeeded */
  restore(promptId: SavedPromptId): Promise<boolean> {
    return this.#attempt(async () => this.#put(await this.#studio.prompts.restore({ promptId })));
  }

  /** Newest first; [] where they can't be read, see `error`. */
  async versions(promptId: SavedPromptId): Promise<readonly PromptVersion[]> {
    let versions: readonly PromptVersion[] = [];
    await this.#attempt(async () => {
      versions = await this.#studio.prompts.versions({ promptId });
    });
    return versions;
  }

  #put(saved: SavedPrompt): void {
    const others = this.all.filter(({ id }) => id !== saved.id);
    this.all = [saved, ...others].sort((a, b) => b.changedAt - a.changedAt);
  }

  async #attempt(action: () => Promise<unknown>): Promise<boolean> {
    this.error = await attempt(action);
    return this.error === null;
  }
}
