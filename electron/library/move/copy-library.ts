import { Worker } from 'node:worker_threads';
import type { CopyResult } from '../../contract/entities/copies.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { findEntry } from '../../disk/built-file.ts';
import { endThread } from '../db/threads.ts';
import { freeBytes } from '../files/free-space.ts';
import type { Library } from '../files/library-handle.ts';
import type { RunControl } from '../runs/run-control.ts';
import { beginCopy, findTarget, toCopyError } from './copy-target.ts';
import type { FromCopyThread, MoveTask } from './worker.ts';

/**
 * Copies an open library to another folder, as it is at the beginning, and compares every file of the copy with what was read. Nothing in the
 * library changes. What an interrupted attempt has copied is used by the next one to the same folder.
 * @param chosen see {@link findTarget}. Absolute
 * @throws the signal's reason; StudioError `parameter-invalid`, `disk-full`, `disk-unwritable`; then there is no library in the target
 */
export async function copyLibrary(
  { folder }: Pick<Library, 'folder'>,
  chosen: string,
  control: Pick<RunControl, 'signal' | 'progress'>,
): Promise<CopyResult> {
  const target = await findTarget(folder, chosen);
  try {
    await beginCopy(folder, target);
    return await inThread<CopyResult>({ kind: 'copy', folder, target, free: await freeBytes(target) }, control);
  } catch (thrown) {
    throw toCopyError(thrown, target);
  }
}

/** Works in a thread of its own. @returns what its task has as its result @throws the signal's reason; StudioError; what the thread throws */
export async function inThread<Result>(
  task: MoveTask,
  { signal, progress }: Pick<RunControl, 'signal' | 'progress'>,
): Promise<Result> {
  signal.throwIfAborted();
  const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'copy-worker.js'), {
    workerData: task,
    name: 'copy',
  });
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (message: FromCopyThread) => {
    if (message.kind === 'progress') progress({ done: message.done, total: message.total, name: message.name });
    else if (message.kind === 'failed') reject(new StudioError(message.error));
    else if (message.result) resolve(message.result as Result);
  });
  worker.on('error', reject);
  worker.on('exit', () => reject(new Error('The thread of the copy ended early.')));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    await endThread(worker);
  }
}
