import type { StudioApi } from '../../electron/contract/api.ts';
import { attempt } from './attempt.ts';

/** Choosing another library folder, used from the next start on. */
export class LibraryFolderChoice {
  /** The chosen folder; null for none. */
  next = $state<string | null>(null);
  /** Why choosing failed. */
  error = $state<string | null>(null);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Opens the system's folder dialog. Cancelling keeps the previous choice. */
  async choose(): Promise<void> {
    this.error = null;
    const error = await attempt(async () => {
      this.next = (await this.#studio.host.chooseLibrary({}))?.folder ?? this.next;
    });
    this.error = error?.message ?? null;
  }
}
