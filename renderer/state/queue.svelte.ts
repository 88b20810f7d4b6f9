import type { StudioApi } from '../../electron/contract/api.ts';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { RateLimitHold, QueueState } from '../../electron/contract/entities/queue.ts';

/** The queue's state, kept current by events. */
export class Queue {
  state = $state.raw<QueueState>({ paused: false, suspended: false, order: [], holds: [], storage: null });
  readonly #studio: StudioApi;
  /** Number of events so far: a response requested before an event is older than it. */
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

  /** The rate-limit hold of a profile; null for none. */
  holdOf(profileId: ProfileId): RateLimitHold | null {
    return this.state.holds.find((hold) => hold.profileId === profileId) ?? null;
  }

  /** Pauses or resumes the queue. Running jobs aren't affected. */
  async pause(paused: boolean): Promise<void> {
    await this.#ask(() => this.#studio.queue.setPaused({ paused }));
  }

  /** Has the library's storage checked now. */
  async checkStorage(): Promise<void> {
    await this.#ask(() => this.#studio.queue.checkStorage({}));
  }

  /** Ends a profile's rate-limit hold: its requests are sent again now. */
  async tryNow(profileId: ProfileId): Promise<void> {
    await this.#ask(() => this.#studio.queue.tryNow({ profileId }));
  }

  /** Stops all queued requests of a rate-limited profile. */
  async stopHeld(profileId: ProfileId): Promise<void> {
    await this.#ask(() => this.#studio.queue.stopHeld({ profileId }));
  }

  /** Moves a queued job before another one; null: to the end. */
  async move(jobId: JobId, before: JobId | null): Promise<void> {
    await this.#ask(() => this.#studio.jobs.move({ jobId, before }));
  }

  async #ask(call: () => Promise<QueueState>): Promise<void> {
    const told = this.#told;
    const state = await call();
    if (told === this.#told) this.state = state;
  }
}
