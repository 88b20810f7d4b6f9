import type { Input, JobRequest } from '../../electron/contract/entities/requests.ts';
import { formFromRequest, readForm, type RequestDraft, type RequestForm } from './request-form.ts';

const KEY = 'emulsion.draft';

/**
 * The request being written. Every change is kept at once, so that neither a view change nor a reload loses a word. Each tab writes its
 * own; a new one begins with what was written last in any of them.
 */
export class Draft implements RequestDraft {
  form = $state<RequestForm>(readForm(null));
  /** What `replace` put aside, for one step back. */
  previous = $state.raw<RequestForm | null>(null);
  syncedInputs: string | null = null;
  /** This tab's, then the one that all share. */
  readonly #storages: readonly Storage[];
  readonly #stop: () => void;

  constructor(own: Storage = sessionStorage, shared: Storage = localStorage) {
    this.#storages = [own, shared];
    this.#read();
    this.#stop = $effect.root(() => {
      $effect(() => this.#write());
    });
  }

  stop(): void {
    this.#stop();
  }

  /** Loads a request that was sent, its inputs too, to be changed or sent again; what was written here can be had back. */
  load(request: JobRequest): void {
    this.replace(formFromRequest(request));
  }

  /** Begins an edit or a variation of images with the rest of the form as it is; the draft before it can be had back. */
  begin(inputs: readonly Input[], act: 'edit' | 'variation'): void {
    this.replace({ ...$state.snapshot(this.form), inputs: [...inputs], varying: act === 'variation' });
  }

  /** Puts another form in place of the present one, which is kept unless there is nothing in it to keep. */
  replace(form: RequestForm): void {
    const present: RequestForm = $state.snapshot(this.form);
    const worthless = present.prompt.trim() === '' && present.inputs.length === 0;
    this.previous = worthless ? this.previous : present;
    this.form = readForm(form);
  }

  /** Takes the last `replace` back. */
  restore(): void {
    if (this.previous === null) return;
    this.form = this.previous;
    this.previous = null;
  }

  #read(): void {
    try {
      const kept = this.#storages.map((storage) => storage.getItem(KEY)).find((text) => text !== null);
      const stored: unknown = JSON.parse(kept ?? 'null');
      if (typeof stored !== 'object' || stored === null) return;
      if ('form' in stored) this.form = readForm(stored.form);
      if ('previous' in stored && stored.previous !== null) this.previous = readForm(stored.previous);
    } catch {
      // A draft that cannot be read is none: the form begins empty.
    }
  }

  #write(): void {
    const stored = JSON.stringify({ form: this.form, previous: this.previous });
    for (const storage of this.#storages) {
      try {
        storage.setItem(KEY, stored);
      } catch {
        // Storage is full or switched off: the draft then lives as long as the page.
      }
    }
  }
}
