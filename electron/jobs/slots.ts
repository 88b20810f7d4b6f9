import type { ProfileId } from '../contract/entities/ids.ts';

/** How many requests each profile may run at once, and which profiles may start none. */
export class Slots {
  readonly #limits = new Map<ProfileId, number>();
  readonly #blocked = new Set<ProfileId>();

  /** Running requests above a lowered limit keep running. */
  setLimit(profileId: ProfileId, limit: number): void {
    this.#limits.set(profileId, limit);
  }

  /** Whether a profile with this many running requests may start another. The limit is 1 until it is known. */
  hasFree(profileId: ProfileId, running: number): boolean {
    return !this.#blocked.has(profileId) && running < (this.#limits.get(profileId) ?? 1);
  }

  block(profileId: ProfileId): void {
    this.#blocked.add(profileId);
  }

  unblock(profileId: ProfileId): void {
    this.#blocked.delete(profileId);
  }

  isBlocked(profileId: ProfileId): boolean {
    return this.#blocked.has(profileId);
  }
}
