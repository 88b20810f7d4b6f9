import type { JobId, ProfileId, Timestamp } from './ids.ts';

/** A rate-limited profile: nothing is sent to its server before `until`. */
export interface RateLimitHold {
  profileId: ProfileId;
  until: Timestamp;
  /** `rate-limit`: status 429, or headers that report no remaining requests. */
  reason: 'rate-limit';
}

/** The state of the queue; job changes are separate events. */
export interface QueueState {
  /** Nothing new is sent until the person resumes. Running requests continue. */
  paused: boolean;
  /** The computer is asleep or has just woken up; sending resumes shortly. */
  suspended: boolean;
  /** Queued jobs in the order of sending. */
  order: JobId[];
  holds: RateLimitHold[];
}
