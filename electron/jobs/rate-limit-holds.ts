import type { ProfileId, Timestamp } from '../contract/entities/ids.ts';
import type { RateLimitHold } from '../contract/entities/queue.ts';
import type { Clock } from './clock.ts';

/** Profiles that are rate limited, and until when. A hold is never shortened. */
export class RateLimitHolds {
  readonly #clock: Clock;
  readonly #released: () => void;
  readonly #holds = new Map<ProfileId, { until: Timestamp; cancelTimer: () => void }>();

  /** @param released called after each hold that ends */
  constructor(clock: Clock, released: () => void) {
    this.#clock = clock;
    this.#released = released;
  }

  hold(profileId: ProfileId, milliseconds: number): void {
    const until = this.#clock.now() + milliseconds;
    const known = this.#holds.get(profileId);
    if (known && known.until >= until) return;
    known?.cancelTimer();
    // The timer decides when it ends, not the time of day: the system clock may be set back.
    const cancelTimer = this.#clock.after(milliseconds, () => this.#release(profileId));
    this.#holds.set(profileId, { until, cancelTimer });
  }

  has(profileId: ProfileId): boolean {
    return this.#holds.has(profileId);
  }

  list(): RateLimitHold[] {
    return [...this.#holds].map(([profileId, { until }]) => ({ profileId, until, reason: 'rate-limit' }));
  }

  /** Timers may stop during sleep: ends holds that are over by the time of day. */
  wake(): void {
    for (const [profileId, { until }] of [...this.#holds]) if (until <= this.#clock.now()) this.#release(profileId);
  }

  close(): void {
    for (const { cancelTimer } of this.#holds.values()) cancelTimer();
    this.#holds.clear();
  }

  #release(profileId: ProfileId): void {
    this.#holds.get(profileId)?.cancelTimer();
    this.#holds.delete(profileId);
    this.#released();
  }
}
