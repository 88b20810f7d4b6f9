import { onTestFinished } from 'vitest';
import { setClock } from '../../../renderer/page/clock.ts';

/** Stops the page's clock until the test ends: what counts seconds shows the same, however slow the machine is. */
export function stopClock(): { now: number; pass(milliseconds: number): void } {
  const clock = {
    now: Date.now(),
    pass(milliseconds: number) {
      clock.now += milliseconds;
    },
  };
  setClock(() => clock.now);
  onTestFinished(() => setClock(null));
  return clock;
}
