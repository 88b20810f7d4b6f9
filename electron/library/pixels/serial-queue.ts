/** Runs a task after all earlier ones have ended; resolves or rejects as the task does. */
export type SerialQueue = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** A queue for tasks that hold decoded images: two at once would need twice the memory. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}
