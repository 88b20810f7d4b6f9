import type { AppLog, CallName } from './app-log.ts';

/** How long an ended call can still be named as the reason of a stall, in milliseconds. */
const REMEMBERED_MS = 1000;

/** Measures calls. Times are of the monotonic clock, in milliseconds. */
export interface CallTimes {
  /** Runs a call and writes how long it took. Gives what the call gives and rejects with what it throws. */
  measure<T>(name: CallName, call: () => T | Promise<T>): Promise<T>;
  /** Names of the calls that ran at some time after `since`, each once, in the order of their beginning. */
  after(since: number): CallName[];
}

export function createCallTimes(log: Pick<AppLog, 'call'>, now: () => number = () => performance.now()): CallTimes {
  const running = new Set<{ name: CallName }>();
  let ended: { name: CallName; at: number }[] = [];
  return {
    async measure(name, call) {
      const entry = { name };
      const began = now();
      running.add(entry);
      try {
        return await call();
      } finally {
        running.delete(entry);
        const at = now();
        ended = [...ended.filter((other) => at - other.at < REMEMBERED_MS), { name, at }];
        log.call({ name, ms: at - began });
      }
    },
    after(since) {
      const recent = ended.filter(({ at }) => at >= since);
      return [...new Set([...recent, ...running].map(({ name }) => name))];
    },
  };
}
