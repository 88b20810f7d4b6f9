import type { Input, JobRequest } from '../../electron/contract/entities/requests.ts';
import { shortHash } from './short-hash.ts';
import { formFromRequest, readForm, type RequestDraft, type RequestForm } from './request-form.ts';

const KEY = 'emulsion.draft';

/**
 * The request being written. Every change is stored at once. Each tab stores its own; a new tab starts with the draft that was
 * changed last in any of them.
 */
export class Draft implements RequestDraft {
  form = $state<RequestForm>(readForm(null));
  /** The draft before the last `replace`, for `restore`. */
  previous = $state.raw<RequestForm | null>(null);
  syncedInputs: string | null = null;
  /** Hash of the library that inputs, collection and saved prompt are of; null until known. */
  #library: string | null = null;
  /** The tab's own, then the shared one. */
  readonly #storages: readonly Storage[];
  readonly #stop: () => void;

  constructor(own: Storage = sessionStorage, shared: Storage = localStorage) {
    this.#storages = [own, shared];
    this.#read();
    this.#stop = $effect.root(() => {
      $effect(() => this.#write());
    });
  }

  /** The library in this folder is open: what the form took from another one isn't in it. */
  open(folder: string): void {
    const library = shortHash(folder);
    if (library === this.#library) return;
    if (this.#library !== null) {
      this.form = { ...this.form, inputs: [], notes: {}, collectionId: null, savedPrompt: null };
      this.previous = null;
    }
    this.#library = library;
    this.#write();
  }

  stop(): void {
    this.#stop();
  }

  /** Loads a sent request with its inputs. The present draft can be restored. */
  load(request: JobRequest): void {
    this.replace(formFromRequest(request));
  }

  /** Starts an edit or variation of images with the rest of the form unchanged. The present draft can be restored. */
  begin(inputs: readonly Input[], act: 'edit' | 'variation'): void {
    this.replace({ ...$state.snapshot(this.form), inputs: [...inputs], varying: act === 'variation' });
  }

  /** Replaces the form. The present one can be restored unless it is empty. */
  replace(form: RequestForm): void {
    const present: RequestForm = $state.snapshot(this.form);
    const worthless = present.prompt.trim() === '' && present.inputs.length === 0;
    this.previous = worthless ? this.previous : present;
    this.form = readForm(form);
  }

  /** Undoes the last `replace`. */
  restore(): void {
    if (this.previous === null) return;
    this.form = this.previous;
    this.previous = null;
  }

  #read(): void {
    const stored = this.#storages.map(readStored).find((draft) => draft !== null);
    if (!stored) return;
    if ('form' in stored) this.form = readForm(stored.form);
    if ('library' in stored && typeof stored.library === 'string') this.#library = stored.library;
    if ('previous' in stored && stored.previous !== null) this.previous = readForm(stored.previous);
  }

  #write(): void {
    const stored = JSON.stringify({ form: this.form, previous: this.previous, library: this.#library });
    for (const storage of this.#storages) {
      try {
        storage.setItem(KEY, stored);
      } catch {
        // Storage is full or disabled: the draft lasts as long as the page.
      }
    }
  }
}

/** A stored draft; null if there is none or it can't be read: then the other one counts, or the form starts empty. */
function readStored(storage: Storage): object | null {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    return typeof stored === 'object' ? stored : null;
  } catch {
    return null;
  }
}
