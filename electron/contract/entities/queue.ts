import type { ErrorDetail } from '../errors/details.ts';
import type { JobId, ProfileId, Timestamp } from './ids.ts';

/** A rate-limited profile: nothing is sent to its server before `until`, or before the person decides. */
export interface RateLimitHold {
  profileId: ProfileId;
  /** The moment that the server named. With `needsPerson` it may have passed. */
  until: Timestamp;
  /** The server named a moment that is hours away or has passed, so the person decides whether to try again or to stop. */
  needsPerson: boolean;
  /** `rate-limit`: status 429, or headers that report no remaining requests. */
  reason: 'rate-limit';
}

/** Nothing is sent because the library couldn't keep an answer. Ends by itself when the cause is gone. */
export interface StorageHold {
  cause: Extract<ErrorDetail, { kind: 'storage' }>;
  /** The cause in one sentence. */
  message: string;
  since: Timestamp;
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
  /** Null: the library can keep what is sent for. */
  storage: StorageHold | null;
}
