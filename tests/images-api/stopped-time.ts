import { expect, onTestFinished, vi } from 'vitest';
import type { Traffic } from '../../electron/images-api/transport/exchange.ts';
import type { Step } from '../fakes/recording-server.ts';

/** The client's clock, which stands still between the steps of a server's script. */
export interface StoppedTime {
  /** For the call: tells what has arrived. */
  traffic: Traffic;
  /**
   * A step of a script in which time passes at once.
   * @param after as soon as the client has received this many bytes
   */
  passes(milliseconds: number, after?: number): Step;
}

/**
 * Stops the timers of limits until the test ends: whether one is reached depends on the script, not on how busy the machine is. Sockets and
 * files run in real time.
 */
export function stopTime(): StoppedTime {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let received = 0;
  return {
    traffic: { sent: () => undefined, received: (bytes) => (received += bytes) },
    passes: (milliseconds, after = 0) => ({
      wait: async () => {
        await expect.poll(() => received, { interval: 1 }).toBeGreaterThanOrEqual(after);
        vi.advanceTimersByTime(milliseconds);
      },
    }),
  };
}
