import type { QueueState } from '../contract/entities/queue.ts';
import type { Clock } from './clock.ts';

/** How often the time of day is looked at, in milliseconds: more often than waking takes. */
const TICK = 4000;
/** A tick that comes this much too late means that the computer slept meanwhile, in milliseconds. */
const JUMP = 30_000;
/** After so many ticks in time the computer is awake, whatever was last heard of it. */
const TICKS_UNTIL_AWAKE = 15;

/** What sleeps and wakes with the computer. */
export interface SuspendTarget {
  readonly state: Pick<QueueState, 'suspended'>;
  suspend(): void;
  resume(): void;
}

/**
 * Finds out that the computer slept where nobody tells: the time of day jumps while timers stand still. Where somebody does tell of the
 * sleep and then not of the waking, the clock's regular going tells it. The returned function ends it.
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
