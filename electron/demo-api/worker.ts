import { parentPort, workerData } from 'node:worker_threads';
import { startDemoApi, type DemoApiOptions } from './server.ts';

/** The demo server in a thread of its own: says its address, and ends when it is told to close. */
const api = await startDemoApi(workerData as DemoApiOptions);
parentPort?.once('message', () => {
  void api.close().then(() => parentPort?.close());
});
parentPort?.postMessage({ baseUrl: api.baseUrl });
