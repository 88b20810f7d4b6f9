import type { Log } from '../contract/errors/errors.ts';

/** The longest that closing waits, ms. What a disk that doesn't answer keeps from ending is completed at the next start. */
const MAX_CLOSE_MS = 5000;

/** Resolves when `close` has resolved or the time is over. @throws what `close` throws in time; a later error is logged */
export async function closeInTime(close: () => Promise<void>, log: Log, maxMs = MAX_CLOSE_MS): Promise<void> {
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), maxMs);
  const closing = close();
  try {
    const outcome = await Promise.race([closing, late.promise]);
    if (outcome !== 'late') return;
  } finally {
    clearTimeout(timer);
  }
  log(`Closing took more than ${maxMs / 1000} seconds; the next start completes what is left`, null);
  closing.catch((thrown: unknown) => log('Closing failed after its time was over', thrown));
}
