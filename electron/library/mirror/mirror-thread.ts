import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { findEntry } from '../../disk/built-file.ts';
import { endThread } from '../db/threads.ts';
import { fromSentError } from '../decoding/messages.ts';
import type { FromMirrorThread } from './messages.ts';
import type { MirrorControl, MirrorPass, MirrorTask } from './mirror-images.ts';
import { MirrorStopped } from './mirror-problem.ts';

/**
 * Does a pass in a thread: see `mirrorImages`. A stopped one removes what isn't whole and ends.
 * @param closing while it isn't aborted, the thread is waited for, however long a slow disk takes: two at once would copy the same image twice
 * @returns null if it was stopped
 * @throws MirrorStopped; what a pass throws
 */
export async function mirrorInThread(
  task: MirrorTask,
  { signal, closing, progress }: { signal: AbortSignal; closing: AbortSignal; progress: MirrorControl['progress'] },
): Promise<MirrorPass | null> {
  if (signal.aborted) return null;
  const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'mirror-worker.js'), {
    workerData: task,
    name: 'mirror',
  });
  const { promise, resolve, reject } = Promise.withResolvers<MirrorPass | null>();
  const ended = Promise.withResolvers<undefined>();
  const stop = (): void => resolve(null);
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (message: FromMirrorThread) => {
    if (message.kind === 'progress') {
      if (!signal.aborted) progress(message);
    } else if (message.kind === 'ended') resolve(message.pass);
    else if (message.kind === 'stopped') reject(new MirrorStopped(message.problem));
    else reject(fromSentError(message.error));
  });
  worker.on('error', reject);
  worker.on('exit', () => {
    ended.resolve(undefined);
    reject(new Error('The mirror’s thread ended early.'));
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    await endThread(worker);
    await Promise.race([ended.promise, whenAborted(closing)]);
  }
}

function whenAborted(signal: AbortSignal): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : once(signal, 'abort');
}
