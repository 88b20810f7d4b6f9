import { Worker, type WorkerOptions as WorkerThreadOptions } from 'node:worker_threads';
import type { IndexStatus } from '../../contract/entities/views.ts';
import { StudioError, type Log } from '../../contract/errors/errors.ts';
import { findEntry } from '../../disk/built-file.ts';
import { databaseHealth } from '../db/database-health.ts';
import { endThread } from '../db/threads.ts';
import type { Library } from '../files/library-handle.ts';
import { pruneLog } from './prune-log.ts';
import type { FromWorker, QuestionName, Questions, ToWorker, WorkerOptions } from './messages.ts';

/** Writes in close succession are announced together, ms. */
const REFRESH_MS = 40;
const IDLE_MS = 5000;
const MAX_WAIT_MS = 120_000;
/** Pauses before the thread is started again after it ended by itself, ms; the last one from then on. */
const RESTART_MS = [100, 1000, 10_000, 60_000];
/** A thread that lived this long, in ms, starts anew at the shortest pause. */
const STEADY_MS = 60_000;

/** The library's image index, as the host sees it: one thread, which is started again if it ends by itself. */
export interface ImageIndex {
  readonly status: IndexStatus;
  /**
   * Asks the thread.
   * @throws StudioError `index-loading` until the index is ready, and if the thread ends before it answers; `view-expired`
   */
  ask<Name extends QuestionName>(name: Name, takes: Questions[Name]['takes']): Promise<Questions[Name]['gives']>;
  /** Something was written to the library. Cheap: call it after every write. */
  refresh(): void;
  /** Ends the thread, which stores the index first if it can do that in time. Call it before the library is closed. */
  close(): Promise<void>;
}

export interface IndexOptions {
  onStatus(status: IndexStatus): void;
  log: Log;
  /** Time without a question before the index is stored, ms. */
  idleMs?: number;
  /** The longest time before the index is stored, ms. */
  maxWaitMs?: number;
  /** The longest that closing waits for the thread's end, ms. */
  maxEndMs?: number;
  /** Starts a thread; a test keeps it, and ends it. */
  startThread?: (entry: string, options: WorkerThreadOptions) => Worker;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(thrown: unknown): void;
}

/** Starts the index of an open library. */
export function startImageIndex(library: Library, options: IndexOptions): ImageIndex {
  return new IndexThread(library, options);
}

class IndexThread implements ImageIndex {
  readonly #library: Library;
  readonly #options: IndexOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker;
  #startedAt = 0;
  #failures = 0;
  #next = 1;
  #refresh: NodeJS.Timeout | null = null;
  #restart: NodeJS.Timeout | null = null;
  #closed = false;
  #pruning: Promise<void> = Promise.resolve();
  readonly #ending = new AbortController();
  #status: IndexStatus = { ready: false, revision: 0, loaded: 0, images: 0 };

  constructor(library: Library, options: IndexOptions) {
    this.#library = library;
    this.#options = options;
    this.#worker = this.#start();
  }

  get status(): IndexStatus {
    return this.#status;
  }

  async ask<Name extends QuestionName>(name: Name, takes: Questions[Name]['takes']): Promise<Questions[Name]['gives']> {
    if (!this.#status.ready || this.#closed) throw loading();
    const id = this.#next;
    this.#next += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#send({ kind: 'question', id, name, payload: takes });
    return (await answer.promise) as Questions[Name]['gives'];
  }

  refresh(): void {
    if (this.#refresh || this.#closed) return;
    this.#refresh = setTimeout(() => {
      this.#refresh = null;
      this.#send({ kind: 'refresh' });
    }, REFRESH_MS);
    this.#refresh.unref();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of [this.#refresh, this.#restart]) if (timer) clearTimeout(timer);
    this.#ending.abort();
    this.#failAll();
    await this.#pruning;
    // The library is closed after the thread's connection, which keeps SQLite's log open.
    await endThread(this.#worker, this.#options.maxEndMs);
  }

  #start(): Worker {
    const { startThread = newThread, idleMs = IDLE_MS, maxWaitMs = MAX_WAIT_MS } = this.#options;
    const worker = startThread(findEntry(import.meta.dirname, 'worker.ts', 'index-worker.js'), {
      workerData: { folder: this.#library.folder, idleMs, maxWaitMs } satisfies WorkerOptions,
      name: 'image-index',
    });
    worker.unref();
    this.#startedAt = performance.now();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (thrown) => {
      if (!this.#closed) this.#options.log('The image index ended by an error', thrown);
    });
    worker.on('exit', (code) => this.#ended(worker, code));
    return worker;
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    if (this.#closed) return;
    switch (message.kind) {
      case 'answer':
        this.#take(message.id)?.resolve(message.value);
        return;
      case 'refusal':
        this.#refused(message);
        return;
      case 'status':
        this.#setStatus(message.status);
        return;
      case 'note':
        this.#options.log(message.sentence, message.thrown);
        return;
      case 'stored':
        this.#pruning = pruneLog(this.#library.db, message.revision, this.#ending.signal).catch((thrown: unknown) =>
          this.#options.log('The log of the image index could not be shortened', thrown),
        );
        return;
    }
  }

  #refused({ id, report, thrown, isDatabaseDamaged }: Extract<FromWorker, { kind: 'refusal' }>): void {
    const error = new StudioError(report, { cause: thrown });
    // The thread has no part in what the host knows of the database's health.
    if (isDatabaseDamaged) databaseHealth(this.#library.db).report(error);
    this.#take(id)?.reject(error);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #setStatus(status: IndexStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }

  #ended(worker: Worker, code: number): void {
    if (this.#closed || worker !== this.#worker) return;
    this.#failAll();
    this.#setStatus({ ready: false, revision: 0, loaded: 0, images: this.#status.images });
    if (performance.now() - this.#startedAt > STEADY_MS) this.#failures = 0;
    const pause = RESTART_MS[this.#failures] ?? RESTART_MS.at(-1);
    this.#failures += 1;
    this.#options.log(`The image index’s thread has ended (${code}); it is started again in ${pause} ms`, null);
    this.#restart = setTimeout(() => {
      this.#worker = this.#start();
    }, pause);
    this.#restart.unref();
  }

  #failAll(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(loading());
  }
}

function loading(): StudioError {
  const message = 'The library is still being loaded for searching. Nothing was changed. Try again in a moment.';
  return new StudioError({ code: 'index-loading', message });
}

function newThread(entry: string, options: WorkerThreadOptions): Worker {
  return new Worker(entry, options);
}
