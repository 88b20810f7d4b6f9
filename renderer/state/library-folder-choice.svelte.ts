import type { StudioApi } from '../../electron/contract/api.ts';
import { attempt } from './attempt.ts';

/** Another library folder, as the person picks it: it is used from the next start on. */
export class LibraryFolderChoice {
  /** The folder that was picked; null until then. */
  next = $state<string | null>(null);
  /** Why the last attempt failed, as a sentence. */
  error = $state<string | null>(null);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Opens the system's folder dialog. Who closes it without a choice keeps the one before. */
  async choose(): Promise<void> {
    this.error = null;
    const error = await attempt(async () => {
      this.next = (await this.#studio.host.chooseLibrary({}))?.folder ?? this.next;
    });
    this.error = error?.message ?? null;
  }
}
