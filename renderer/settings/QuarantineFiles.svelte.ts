import type { StudioApi } from '../../electron/contract/api.ts';
import type { QuarantinedFile, QuarantineId } from '../../electron/contract/entities/quarantine.ts';
import { attempt } from '../state/attempt.ts';

/** Files that are loaded at once. */
const PAGE = 20;

/** The files of the quarantine, as far as they are shown. */
export class QuarantineFiles {
  /** Null until they are loaded. */
  files = $state.raw<readonly QuarantinedFile[] | null>(null);
  /** All files that are there. */
  total = $state(0);
  /** What the last action did or why it failed, as a sentence. */
  message = $state<string | null>(null);
  error = $state<string | null>(null);
  /** The file that is being restored or deleted. */
  busy = $state.raw<QuarantineId | null>(null);
  /** The file whose deletion is being asked about. */
  asked = $state.raw<QuarantinedFile | null>(null);
  #next = $state.raw<QuarantineId | null>(null);
  readonly #studio: Pick<StudioApi, 'quarantine'>;

  constructor(studio: Pick<StudioApi, 'quarantine'>) {
    this.#studio = studio;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Loads the newest files. */
  async load(): Promise<void> {
    await this.#act(async () => {
      const page = await this.#studio.quarantine.list({ after: null, limit: PAGE });
      this.files = page.files;
      this.total = page.total;
      this.#next = page.next;
    });
  }

  async loadMore(): Promise<void> {
    await this.#act(async () => {
      const page = await this.#studio.quarantine.list({ after: this.#next, limit: PAGE });
      const shown = new Set((this.files ?? []).map(({ id }) => id));
      this.files = [...(this.files ?? []), ...page.files.filter(({ id }) => !shown.has(id))];
      this.total = page.total;
      this.#next = page.next;
    });
  }

  async restore(file: QuarantinedFile): Promise<void> {
    await this.#change(file, async () => {
      const { as } = await this.#studio.quarantine.restore({ id: file.id });
      this.message =
        as === 'original' ? 'Restored: the original is back in its place.' : 'Restored: added as an imported image.';
    });
  }

  /** Deletes the file that was asked about. */
  async remove(): Promise<void> {
    const file = this.asked;
    this.asked = null;
    if (!file) return;
    await this.#change(file, async () => {
      await this.#studio.quarantine.remove({ id: file.id });
      this.message = '1 file deleted.';
    });
  }

  async #change(file: QuarantinedFile, act: () => Promise<void>): Promise<void> {
    this.busy = file.id;
    this.message = null;
    const isDone = await this.#act(act);
    this.busy = null;
    if (!isDone) return;
    this.files = (this.files ?? []).filter(({ id }) => id !== file.id);
    this.total -= 1;
  }

  async #act(act: () => Promise<void>): Promise<boolean> {
    this.error = (await attempt(act))?.message ?? null;
    return this.error === null;
  }
}
