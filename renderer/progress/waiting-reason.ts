import type { RateLimitHold, QueueState } from '../../electron/contract/entities/queue.ts';
import { formatElapsed } from '../shared/format/time.ts';

/**
 * Why a queued job waits; '' where it only waits for a free slot.
 * @param hold of the job's profile, after a 429
 * @param now ms since 1970
 */
export function waitingReason(queue: QueueState, hold: RateLimitHold | null, now: number): string {
  if (queue.paused) return 'queue paused';
  if (queue.storage) return 'waiting for the library’s disk';
  if (queue.suspended) return 'resuming after sleep';
  if (hold?.needsPerson) return 'rate limited, waiting for your choice';
  if (hold) return `rate limited, retrying in ${formatElapsed(Math.max(0, hold.until - now) + 999)}`;
  return '';
}
