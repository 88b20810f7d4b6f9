import { Worker } from 'node:worker_threads';
import { findEntry } from '../../disk/built-file.ts';
import { endThread } from '../db/threads.ts';
import { fromSentError } from '../decoding/messages.ts';
import type { Decoding } from '../decoding/operation.ts';
import type { RunControl } from '../runs/run-control.ts';
import type { ExportTask, FromExportThread, TaskResults, ToExportThread } from './messages.ts';
import { decodeForThread } from './thread-decoding.ts';

/** What an image leaves in the heap is garbage at once. Collected often, in a small space, it isn't carried along: half the memory, the same time. */
const YOUNG_MB = 6;

/**
 * Does a task in a thread, so that the application never waits for a disk or a hash. After it was stopped, it is waited for until it has removed what
 * isn't whole.
 * @param decoding what converts images
 * @throws the signal's reason; what the task throws
 */
export async function runExportThread<T extends ExportTask>(
  task: T,
  control: RunControl,
  decoding: Pick<Decoding, 'run'>,
): Promise<TaskResults[T['kind']]> {
  const { signal } = control;
  signal.throwIfAborted();
  const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'export-worker.js'), {
    workerData: task,
    name: 'export',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const send = (message: ToExportThread): void => worker.postMessage(message);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let decoded: Promise<void> = Promise.resolve();
  const answer = (message: FromExportThread): void => {
    if (message.kind === 'progress') control.progress(message.progress);
    else if (message.kind === 'pause-point')
      // A run that is cancelled in a pause has sent `stop` by then.
      control.pausePoint().then(
        () => send({ kind: 'go-on' }),
        () => undefined,
      );
    else if (message.kind === 'decode') decoded = decodeForThread(decoding, message, signal).then(send);
    else if (message.kind === 'ended') resolve(message.result);
    else if (message.kind === 'failed') reject(fromSentError(message.error));
    else reject(signal.reason as Error);
  };
  const stop = (): void => send({ kind: 'stop' });
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', answer);
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('The export’s thread ended early.')));
  try {
    return (await promise) as TaskResults[T['kind']];
  } finally {
    signal.removeEventListener('abort', stop);
    // It writes to the library's folder.
    await decoded;
    await endThread(worker);
  }
}
