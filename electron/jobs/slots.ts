import type { ProfileId } from '../contract/entities/ids.ts';

/** How many requests each profile may run at once. */
export class Slots {
  readonly #limits = new Map<ProfileId, number>();

  /** Running requests above a lowered limit keep running. */
  setLimit(profileId: ProfileId, limit: number): void {
    this.#limits.set(profileId, limit);
  }

  /** Whether a profile with this many running requests may start another. The limit is 1 until it is known. */
  hasFree(profileId: ProfileId, running: number): boolean {
    return running < (this.#limits.get(profileId) ?? 1);
  }
}
