import type { SharedFolder } from '../../electron/contract/entities/settings.ts';
import type { StudioApi } from '../../electron/contract/api.ts';
import { attempt } from './attempt.ts';

/** Choosing another library folder, used from the next start on. */
export class LibraryFolderChoice {
  /** The chosen folder; null for none. */
  next = $state<string | null>(null);
  /** Whether it is one that a database isn't safe in. */
  shared = $state<SharedFolder | null>(null);
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
      const chosen = await this.#studio.host.chooseLibrary({});
      if (chosen === null) return;
      this.next = chosen.folder;
      this.shared = chosen.shared;
    });
    this.error = error?.message ?? null;
  }
}
