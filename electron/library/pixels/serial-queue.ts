import pLimit from 'p-limit';

/** Runs a task after all earlier ones have ended; resolves or rejects as the task does. */
export type SerialQueue = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** A queue for tasks that hold decoded images: two at once would need twice the memory. */
export function createSerialQueue(): SerialQueue {
  return pLimit(1);
}
