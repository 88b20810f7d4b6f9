import type { JobId, ProfileId, Timestamp } from './ids.ts';

/** A profile whose server has asked for patience: nothing is sent to it before `until`. */
export interface RateLimitHold {
  profileId: ProfileId;
  until: Timestamp;
  /** `rate-limit`: a 429, or headers that say that nothing is left. */
  reason: 'rate-limit';
}

/** The queue's own state; the jobs in it are told one by one. */
export interface QueueState {
  /** Nothing new is sent until the person goes on. What runs, runs. */
  paused: boolean;
  /** The computer sleeps or has just woken: nothing new is sent for a moment. */
  suspended: boolean;
  /** Waiting jobs in the order in which they will be sent. */
  order: JobId[];
  holds: RateLimitHold[];
}
