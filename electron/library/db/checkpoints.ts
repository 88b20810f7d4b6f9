import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { findEntry } from '../../disk/built-file.ts';
import type { Writable } from './database.ts';
import { endThread, type Close } from './threads.ts';

/** To the thread. */
export type ToCheckpoints = { kind: 'checkpoint' } | Close;

/** What the thread says after a checkpoint. */
export interface CheckpointAnswer {
  /** Pages in the log. */
  log: number;
  /** Those that aren't in the database file yet. */
  left: number;
}

/** Time between two checkpoints while much is written, ms. */
const EVERY_MS = 200;
/** Writing waits for the thread where the log has so many pages that aren't in the database file: 64 MB. */
const MOST_LEFT = 16_000;
/** The same for all pages of the log, 256 MB: SQLite begins it anew only once all of it is in the database file. */
const MOST_IN_LOG = 64_000;
/** Pages after which a commit makes a checkpoint itself: SQLite's own value. */
const AUTOMATIC = 1000;
const PAGE_BYTES = 4096;

/**
 * Checkpoints of a database while very much is written, in a thread with a connection of its own: a commit of the application's connection
 * would wait for the disk meanwhile. Between {@link hold} and {@link release} no commit makes one itself. Where the thread fails, commits
 * make them again.
 */
export class Checkpoints {
  readonly #db: Writable;
  readonly #failed: (thrown: unknown) => void;
  readonly #mostInLog: number;
  #worker: Worker | null = null;
  #running: Promise<void> | null = null;
  #end: (() => void) | null = null;
  #log = 0;
  #left = 0;
  #last = 0;
  #isHeld = false;

  /** @param failed the thread ended by an error */
  constructor(db: Writable, failed: (thrown: unknown) => void, mostInLog = MOST_IN_LOG) {
    this.#db = db;
    this.#failed = failed;
    this.#mostInLog = mostInLog;
  }

  /** Much will be written. */
  hold(): void {
    this.#isHeld = true;
    this.#last = performance.now();
    this.#setAutomatic(0);
  }

  /** Something was written. Resolves when writing may go on: at once, unless the thread is far behind, or the log has become large. */
  async keepUp(): Promise<void> {
    if (!this.#isHeld) return;
    if (this.#left > MOST_LEFT) await this.#checkpoint();
    else if (performance.now() - this.#last >= EVERY_MS) {
      if (this.#log > this.#mostInLog) await this.#catchUp();
      else void this.#checkpoint();
    }
  }

  /** The last of it was written. Resolves when the database file has it, or when a reader keeps it from that. */
  async release(): Promise<void> {
    if (!this.#isHeld) return;
    try {
      if (this.#isLogLarge()) await this.#catchUp();
      else await this.#running;
    } finally {
      this.#isHeld = false;
      this.#setAutomatic(AUTOMATIC);
    }
  }

  /** Ends the thread. Call it before the database is closed. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (worker) await endThread(worker);
  }

  /** Whether the next commit could have to make a checkpoint. */
  #isLogLarge(): boolean {
    const size = statSync(`${this.#db.name}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    return size > AUTOMATIC * PAGE_BYTES;
  }

  #setAutomatic(pages: number): void {
    if (this.#db.open) this.#db.pragma(`wal_autocheckpoint = ${pages}`);
  }

  /** Resolves when everything that was committed is in the database file, or when a reader keeps it from that. */
  async #catchUp(): Promise<void> {
    // The one that is running began before the last commit.
    await this.#running;
    await this.#checkpoint();
  }

  #checkpoint(): Promise<void> {
    if (this.#running) return this.#running;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#running = promise;
    this.#end = () => {
      this.#running = null;
      this.#last = performance.now();
      resolve(undefined);
    };
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage({ kind: 'checkpoint' } satisfies ToCheckpoints);
    } catch (thrown) {
      this.#failed(thrown);
      this.#giveUp();
    }
    return promise;
  }

  #start(): Worker {
    const worker = new Worker(findEntry(import.meta.dirname, 'checkpoint-worker.ts', 'checkpoint-worker.js'), {
      workerData: this.#db.name,
      name: 'checkpoints',
    });
    worker.unref();
    worker.on('message', ({ log, left }: CheckpointAnswer) => {
      this.#log = log;
      this.#left = left;
      this.#end?.();
    });
    worker.on('error', (thrown) => this.#failed(thrown));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
      this.#giveUp();
    });
    return worker;
  }

  /** Commits make checkpoints again. */
  #giveUp(): void {
    this.#isHeld = false;
    this.#log = this.#left = 0;
    this.#setAutomatic(AUTOMATIC);
    this.#end?.();
  }
}
