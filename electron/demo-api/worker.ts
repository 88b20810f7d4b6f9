import { parentPort, workerData } from 'node:worker_threads';
import { startDemoApi, type DemoApiOptions } from './server.ts';

/** Runs the demo server in a worker thread: sends its URL, and exits on the first message. */
const api = await startDemoApi(workerData as DemoApiOptions);
parentPort?.once('message', () => {
  void api.close().then(() => parentPort?.close());
});
parentPort?.postMessage({ baseUrl: api.baseUrl });
