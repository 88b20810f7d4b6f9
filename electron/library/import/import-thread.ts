import { Worker } from 'node:worker_threads';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { FileTexts } from '../../contract/entities/imports.ts';
import { findEntry } from '../../disk/built-file.ts';
import { endThread } from '../db/threads.ts';
import { fromSentError } from '../decoding/messages.ts';
import type { FromWorker, Judged, ToWorker } from './messages.ts';
import type { Candidate } from './scan/candidate.ts';
import { ImportRefusal } from './scan/inspect-image.ts';
import type { StagedImage } from './scan/stage-image.ts';
import type { Chosen } from './scan/walk-choice.ts';

interface Waiting {
  answer(message: FromWorker): void;
  fail(thrown: unknown): void;
}

/** The thread that looks at files and copies them, so that the application never waits for a disk or a hash. It is started when it is needed. */
export class ImportThread {
  readonly #folder: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #last = 0;

  /** @param folder the open library's */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Looks at everything that was chosen. Resolves when all of it was found.
   * @throws the signal's reason, or what keeps the library from looking at files
   */
  async scan(chosen: readonly Chosen[], found: (found: Judged[]) => void, signal: AbortSignal): Promise<void> {
    const id = this.#next();
    const stop = (): void => this.#worker?.postMessage({ kind: 'stop', id } satisfies ToWorker);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      await this.#ask({ kind: 'scan', id, chosen }, (message, resolve) => {
        if (message.kind === 'found') found(message.found);
        else resolve();
      });
    } finally {
      signal.removeEventListener('abort', stop);
      signal.throwIfAborted();
    }
  }

  /**
   * Copies an image to a new file in the library, and reads the copy and its record. A file that is refused leaves nothing behind.
   * @throws ImportRefusal, StudioError
   */
  async stage({ origin, record }: Pick<Candidate, 'origin' | 'record'>, to: string): Promise<StagedImage> {
    const answers: StagedImage[] = [];
    await this.#ask({ kind: 'stage', id: this.#next(), origin, record, to }, (message, resolve) => {
      if (message.kind === 'refused') throw new ImportRefusal(message.problem, message.format);
      if (message.kind === 'staged') answers.push(message.staged);
      resolve();
    });
    const [staged] = answers;
    if (!staged) throw new Error('The import’s thread gave no image.');
    return staged;
  }

  /** What an original says about itself. @throws the system's error */
  async texts(path: string, format: FileFormat): Promise<FileTexts> {
    const answers: FileTexts[] = [];
    await this.#ask({ kind: 'texts', id: this.#next(), path, format }, (message, resolve) => {
      if (message.kind === 'texts') answers.push(message.texts);
      resolve();
    });
    return answers[0] ?? { texts: [], cut: false };
  }

  /** Ends the thread. What it is at fails. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (worker) await endThread(worker);
    this.#failAll(new Error('The import’s thread has ended.'));
  }

  #next(): number {
    this.#last += 1;
    return this.#last;
  }

  #ask(
    request: Extract<ToWorker, { id: number }>,
    answer: (message: FromWorker, resolve: () => void) => void,
  ): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const end = (settle: () => void): void => {
      this.#waiting.delete(request.id);
      settle();
    };
    this.#waiting.set(request.id, {
      fail: (thrown) => end(() => reject(thrown instanceof Error ? thrown : new Error(String(thrown)))),
      answer: (message) => {
        try {
          answer(message, () => end(() => resolve(undefined)));
        } catch (thrown) {
          end(() => reject(thrown));
        }
      },
    });
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
    return promise;
  }

  #start(): Worker {
    const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'import-worker.js'), {
      workerData: this.#folder,
      name: 'import',
    });
    worker.unref();
    worker.on('message', (message: FromWorker) => {
      const waiting = this.#waiting.get(message.id);
      if (message.kind === 'failed') waiting?.fail(fromSentError(message.error));
      else waiting?.answer(message);
    });
    worker.on('error', (thrown) => this.#failAll(thrown));
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#failAll(new Error('The import’s thread has ended.'));
    });
    return worker;
  }

  #failAll(thrown: unknown): void {
    for (const waiting of [...this.#waiting.values()]) waiting.fail(thrown);
  }
}
