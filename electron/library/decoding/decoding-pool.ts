import type { DecodeReply, DecodeRequest } from './messages.ts';
import { fromSentError, MEMORY_EXIT_CODE } from './messages.ts';
import { DecoderError, type Decoding, type Lane, type Operation } from './operation.ts';

/** A decoding process, as the host starts it. */
export interface DecoderProcess {
  send(request: DecodeRequest): void;
  onReply(listener: (reply: DecodeReply) => void): void;
  /** Once, with its exit code; null if a signal ended it, or if it could not be started. */
  onExit(listener: (code: number | null) => void): void;
  /** Ends it at once, in the middle of an operation too. */
  kill(): void;
  /** Whether the application may end while it runs. */
  keepAlive(keep: boolean): void;
}

export type StartDecoder = () => DecoderProcess;

/** How many processes each lane may have. An edit holds several decoded images, so there is one at a time. */
const PROCESSES: Readonly<Record<Lane, number>> = { headers: 1, pixels: 2, drawings: 1, edits: 1 };
/** A process that had nothing to do for this long is ended. */
const IDLE_MS = 30_000;
const START_MS = 60_000;
/** Starts in a row that may fail before an operation is rejected. */
const MAX_FAILED_STARTS = 3;

interface Task {
  operation: Operation<never, unknown>;
  args: unknown;
  resolve(result: unknown): void;
  reject(thrown: Error): void;
}

interface Worker {
  process: DecoderProcess;
  lane: Lane;
  ready: boolean;
  task: Task | null;
  /** Ends the process: while it starts, while it works, or when it is idle. */
  timer: NodeJS.Timeout | undefined;
  /** What the task is rejected with when the process has ended. */
  reason: Error | undefined;
}

/**
 * A few processes that decode files, each one operation at a time, started when needed. The queue stays in the application: a process
 * that has to be killed takes only its own operation with it.
 */
export class DecodingPool implements Decoding {
  readonly #start: StartDecoder;
  readonly #waiting: Record<Lane, Task[]> = { headers: [], pixels: [], drawings: [], edits: [] };
  readonly #workers = new Set<Worker>();
  #failedStarts = 0;
  #lastId = 0;
  #closed = false;

  constructor(start: StartDecoder) {
    this.#start = start;
  }

  run<Args, Result>(
    operation: Operation<Args, Result>,
    args: Args,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#closed) throw new DecoderError('closed');
      const task: Task = {
        operation,
        args,
        resolve: (result) => {
          signal?.removeEventListener('abort', abort);
          resolve(result as Result);
        },
        reject: (thrown) => {
          signal?.removeEventListener('abort', abort);
          reject(thrown);
        },
      };
      const lane = operation.lane(args);
      const abort = (): void => this.#abort(lane, task, signal?.reason as Error);
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting[lane].push(task);
      this.#assign(lane);
    });
  }

  close(): void {
    this.#closed = true;
    const closed = new DecoderError('closed');
    for (const lane of Object.values(this.#waiting)) for (const task of lane.splice(0)) task.reject(closed);
    for (const worker of this.#workers) {
      this.#end(worker, closed);
      // Not when the process has ended: one that waits for a dead network drive doesn't end.
      worker.task?.reject(closed);
    }
  }

  #abort(lane: Lane, task: Task, reason: Error): void {
    const waiting = this.#waiting[lane];
    if (waiting.includes(task)) {
      waiting.splice(waiting.indexOf(task), 1);
      task.reject(reason);
      return;
    }
    for (const worker of this.#workers) if (worker.task === task) this.#end(worker, reason);
  }

  /** Gives waiting tasks to processes without one, starting processes where the lane has room. */
  #assign(lane: Lane): void {
    const waiting = this.#waiting[lane];
    const workers = [...this.#workers].filter((worker) => worker.lane === lane);
    while (waiting.length > 0) {
      const free = workers.find((worker) => worker.task === null && worker.reason === undefined);
      if (!free && workers.length >= PROCESSES[lane]) return;
      const worker = free ?? this.#startWorker(lane);
      if (!free) workers.push(worker);
      worker.task = waiting.shift() ?? null;
      worker.process.keepAlive(true);
      if (worker.ready) this.#work(worker);
    }
  }

  #startWorker(lane: Lane): Worker {
    const process = this.#start();
    const worker: Worker = { process, lane, ready: false, task: null, timer: undefined, reason: undefined };
    this.#workers.add(worker);
    worker.timer = setTimeout(() => process.kill(), START_MS);
    process.onReply((reply) => this.#receive(worker, reply));
    process.onExit((code) => this.#remove(worker, code));
    return worker;
  }

  #work(worker: Worker): void {
    const { task } = worker;
    clearTimeout(worker.timer);
    if (!task) return;
    worker.timer = setTimeout(() => this.#end(worker, new DecoderError('timeout')), task.operation.seconds * 1000);
    this.#lastId += 1;
    worker.process.send({ id: this.#lastId, operation: task.operation.name, args: task.args });
  }

  #receive(worker: Worker, reply: DecodeReply): void {
    if ('ready' in reply) {
      worker.ready = true;
      this.#failedStarts = 0;
      this.#work(worker);
      return;
    }
    const { task } = worker;
    if (!task || worker.reason !== undefined) return;
    this.#rest(worker);
    if ('error' in reply) task.reject(fromSentError(reply.error));
    else task.resolve(reply.result);
    this.#assign(worker.lane);
  }

  #rest(worker: Worker): void {
    clearTimeout(worker.timer);
    worker.task = null;
    worker.process.keepAlive(false);
    worker.timer = setTimeout(() => this.#end(worker, new DecoderError('closed')), IDLE_MS).unref();
  }

  /** The task is rejected when the process has ended, so that its memory is free again. */
  #end(worker: Worker, reason: Error): void {
    clearTimeout(worker.timer);
    worker.reason = reason;
    worker.process.kill();
  }

  #remove(worker: Worker, code: number | null): void {
    clearTimeout(worker.timer);
    this.#workers.delete(worker);
    const { task, reason } = worker;
    if (task) this.#afterExit(worker, task, reason ?? new DecoderError(code === MEMORY_EXIT_CODE ? 'memory' : 'crash'));
    if (!this.#closed) this.#assign(worker.lane);
  }

  #afterExit({ ready, lane, reason }: Worker, task: Task, failure: Error): void {
    if (ready || reason !== undefined) {
      task.reject(failure);
      return;
    }
    this.#failedStarts += 1;
    if (this.#failedStarts < MAX_FAILED_STARTS) this.#waiting[lane].unshift(task);
    else task.reject(new DecoderError('unavailable', { cause: failure }));
  }
}
