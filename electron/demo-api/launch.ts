import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { findEntry } from '../disk/built-file.ts';
import type { DemoApiOptions } from './server.ts';

export interface DemoWorker {
  /** `http://127.0.0.1:PORT/v1` */
  baseUrl: string;
  close(): Promise<void>;
}

/**
 * Starts the demo server in a worker thread, so drawing doesn't block the caller. `imports`: modules that the thread loads first (Node's
 * `--import`). Rejects if the thread can't start or the port is in use.
 */
export async function startDemoWorker(
  options: DemoApiOptions & { imports?: readonly string[] } = {},
): Promise<DemoWorker> {
  const { imports = [], ...rest } = options;
  const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'demo-worker.js'), {
    workerData: rest,
    execArgv: imports.flatMap((module) => ['--import', module]),
  });
  // once() rejects if the thread fails before it sends its URL.
  const [said] = (await once(worker, 'message')) as [{ baseUrl: string }];
  const ended = once(worker, 'exit');
  ended.catch(() => undefined); // a later failure of the thread shows as a refused connection, and close() still resolves
  return {
    baseUrl: said.baseUrl,
    close: async () => {
      worker.postMessage('close');
      await ended.catch(() => undefined);
    },
  };
}
