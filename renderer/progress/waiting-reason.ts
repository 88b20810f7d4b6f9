import type { RateLimitHold, QueueState } from '../../electron/contract/entities/queue.ts';
import { formatElapsed } from '../shared/format/time.ts';

/** What a job that has not begun waits for. `hold`: of its profile, where the server has asked for patience. */
export function waitingReason(queue: QueueState, hold: RateLimitHold | null, now: number): string {
  if (queue.paused) return 'the queue is paused';
  if (queue.suspended) return 'the computer has just woken';
  if (hold) return `the server asked for ${formatElapsed(Math.max(0, hold.until - now) + 999)}`;
  return 'until a place is free';
}
