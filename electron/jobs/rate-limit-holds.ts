import type { ProfileId, Timestamp } from '../contract/entities/ids.ts';
import type { RateLimitHold } from '../contract/entities/queue.ts';
import type { Clock } from './clock.ts';

interface Hold {
  until: Timestamp;
  /** Null: it ends when the person says so. */
  cancelTimer: (() => void) | null;
}

interface Streak {
  length: number;
  /** When its last refusal arrived. */
  at: Timestamp;
}

/** Profiles that are rate limited, and until when. A hold is never shortened by a server. */
export class RateLimitHolds {
  readonly #clock: Clock;
  readonly #released: () => void;
  readonly #holds = new Map<ProfileId, Hold>();
  readonly #streaks = new Map<ProfileId, Streak>();

  /** @param released called after each hold that ends */
  constructor(clock: Clock, released: () => void) {
    this.#clock = clock;
    this.#released = released;
  }

  hold(profileId: ProfileId, milliseconds: number): void {
    const until = this.#clock.now() + milliseconds;
    const known = this.#holds.get(profileId);
    if (known && (known.cancelTimer === null || known.until >= until)) return;
    known?.cancelTimer?.();
    // The timer decides when it ends, not the time of day: the system clock may be set back.
    const cancelTimer = this.#clock.after(milliseconds, () => this.release(profileId));
    this.#holds.set(profileId, { until, cancelTimer });
  }

  /** Holds a profile until the person decides. @param milliseconds from now to the moment that the server named; negative for the past */
  holdForPerson(profileId: ProfileId, milliseconds: number): void {
    this.#holds.get(profileId)?.cancelTimer?.();
    this.#holds.set(profileId, { until: this.#clock.now() + milliseconds, cancelTimer: null });
  }

  /**
   * Counts a refusal. Returns how many the profile has had in a row; those of requests that were sent before the last one count as one.
   * @param sentAt when the refused request was sent
   */
  countRefusal(profileId: ProfileId, sentAt: Timestamp): number {
    const { length, at } = this.#streaks.get(profileId) ?? { length: 0, at: -Infinity };
    if (sentAt <= at) return length;
    this.#streaks.set(profileId, { length: length + 1, at: this.#clock.now() });
    return length + 1;
  }

  /** The server has answered a request, which ends a streak of refusals before it. */
  countAnswer(profileId: ProfileId, sentAt: Timestamp): void {
    if (sentAt > (this.#streaks.get(profileId)?.at ?? Infinity)) this.#streaks.delete(profileId);
  }

  has(profileId: ProfileId): boolean {
    return this.#holds.has(profileId);
  }

  list(): RateLimitHold[] {
    return [...this.#holds].map(([profileId, { until, cancelTimer }]) => {
      return { profileId, until, reason: 'rate-limit', needsPerson: cancelTimer === null };
    });
  }

  /** Timers may stop during sleep: ends holds that are over by the time of day. */
  wake(): void {
    for (const [profileId, { until, cancelTimer }] of [...this.#holds])
      if (cancelTimer !== null && until <= this.#clock.now()) this.release(profileId);
  }

  close(): void {
    for (const { cancelTimer } of this.#holds.values()) cancelTimer?.();
    this.#holds.clear();
  }

  /** Ends a hold at once. */
  release(profileId: ProfileId): void {
    this.#holds.get(profileId)?.cancelTimer?.();
    if (this.#holds.delete(profileId)) this.#released();
  }
}
