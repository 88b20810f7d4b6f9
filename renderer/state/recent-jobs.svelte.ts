import type { StudioApi } from '../../electron/contract/api.ts';
import type { RecentJob } from '../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';

const MAX_RECENT_JOBS = 40;

/** The most recent jobs that created images, newest first. */
export class RecentJobs {
  all = $state.raw<RecentJob[]>([]);
  loaded = $state(false);
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;
  #current: Promise<void> | null = null;
  #again = false;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Reloads. A call during another one runs once more afterwards, so the last result is never stale. */
  load(): Promise<void> {
    this.#again = true;
    this.#current ??= this.#rounds().finally(() => (this.#current = null));
    return this.#current;
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      this.error = await attempt(async () => {
        this.all = await this.#studio.library.recentJobs({ limit: MAX_RECENT_JOBS });
      });
      this.loaded = true;
    }
  }
}
