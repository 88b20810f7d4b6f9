import type { Input } from '../../../electron/contract/entities/requests.ts';
import type { RequestDraft } from '../../state/request-form.ts';
import type { InputTray } from '../tray/InputTray.svelte.ts';

/**
 * Keeps the draft's inputs and the tray in sync. The draft stores hashes, also while another view is shown; the tray loads the images.
 * The one that changed wins.
 */
export class DraftInputs {
  /** The tray doesn't hold the draft's inputs yet. */
  pending = $state(false);
  readonly #draft: RequestDraft;
  readonly #tray: InputTray;
  #loading = false;

  constructor(draft: RequestDraft, tray: InputTray) {
    this.#draft = draft;
    this.#tray = tray;
  }

  /** Syncs both. Call in an effect. Failed loads are retried when `online` changes. */
  sync(online: boolean): void {
    const wanted = keyOf(this.#draft.form.inputs);
    const held = keyOf(this.#tray.inputs());
    if (this.#loading) return;
    if (wanted === held) this.#markSynced(held);
    else if (wanted === this.#draft.syncedInputs) this.#write();
    else if (online) void this.#load();
  }

  async #load(): Promise<void> {
    this.#loading = true;
    this.pending = true;
    await this.#tray.load($state.snapshot(this.#draft.form.inputs));
    this.#loading = false;
    // After a failure the draft keeps its inputs; inputs missing from the library are dropped.
    if (this.#tray.error === null) this.#write();
  }

  #write(): void {
    this.#draft.form.inputs = this.#tray.inputs();
    this.#markSynced(keyOf(this.#draft.form.inputs));
  }

  #markSynced(key: string): void {
    this.#draft.syncedInputs = key;
    this.pending = false;
  }
}

function keyOf(inputs: readonly Input[]): string {
  return inputs.map(({ role, sha256 }) => `${role} ${sha256}`).join();
}
