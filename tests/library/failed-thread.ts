import type { Worker } from 'node:worker_threads';

/**
 * Ends a thread of the library by an error, as soon as it looks at its messages: none of them is null. Resolves when it has ended. Terminating it
 * could end the process.
 */
export function failThread(thread: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    thread.once('exit', () => resolve());
  });
  thread.postMessage(null);
  return ended;
}
