import type { StudioApi } from '../../electron/contract/api.ts';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { RateLimitHold, QueueState } from '../../electron/contract/entities/queue.ts';

/** How the queue stands, as the studio tells it. */
export class Queue {
  state = $state.raw<QueueState>({ paused: false, suspended: false, order: [], holds: [] });
  readonly #studio: StudioApi;
  /** Counts what events told: an answer that was on its way meanwhile is older. */
  #told = 0;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  async load(): Promise<void> {
    await this.#ask(() => this.#studio.queue.get({}));
  }

  applyUpdate(state: QueueState): void {
    this.#told += 1;
    this.state = state;
  }

  /** The hold of a profile whose server has asked for patience, or null. */
  holdOf(profileId: ProfileId): RateLimitHold | null {
    return this.state.holds.find((hold) => hold.profileId === profileId) ?? null;
  }

  /** Stops or goes on with sending anything new. */
  async pause(paused: boolean): Promise<void> {
    await this.#ask(() => this.#studio.queue.setPaused({ paused }));
  }

  /** Puts a waiting job before another one; null: at the end. */
  async move(jobId: JobId, before: JobId | null): Promise<void> {
    await this.#ask(() => this.#studio.jobs.move({ jobId, before }));
  }

  async #ask(call: () => Promise<QueueState>): Promise<void> {
    const told = this.#told;
    const state = await call();
    if (told === this.#told) this.state = state;
  }
}
