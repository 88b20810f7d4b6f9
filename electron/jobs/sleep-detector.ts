import type { QueueState } from '../contract/entities/queue.ts';
import type { Clock } from './clock.ts';

/** Interval of the checks in ms, shorter than the delay after waking. */
const TICK = 4000;
/** A check that is this many ms late means that the computer slept. */
const JUMP = 30_000;
/** After this many checks in time, the computer counts as awake. */
const TICKS_UNTIL_AWAKE = 15;

/** Receives sleep and wake. */
export interface SuspendTarget {
  readonly state: Pick<QueueState, 'suspended'>;
  suspend(): void;
  resume(): void;
}

/**
 * Detects sleep without events of the system: the time of day jumps while timers stop. If a suspend event came and no resume event, checks
 * that arrive in time count as awake. The returned function stops the detection.
 */
export function detectSleep(clock: Clock, sleeper: SuspendTarget): () => void {
  let last = clock.now();
  let regular = 0;
  let cancelTimer = clock.after(TICK, tick);

  function tick(): void {
    const now = clock.now();
    const jumped = now - last > TICK + JUMP;
    last = now;
    regular = jumped || !sleeper.state.suspended ? 0 : regular + 1;
    if (jumped && !sleeper.state.suspended) sleeper.suspend();
    if (jumped || regular >= TICKS_UNTIL_AWAKE) sleeper.resume();
    cancelTimer = clock.after(TICK, tick);
  }

  return () => cancelTimer();
}
