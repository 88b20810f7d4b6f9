import { setImmediate as nextTurn } from 'node:timers/promises';
import { StudioError, toErrorReport, type ErrorReport } from '../../contract/errors/errors.ts';
import type { Readable } from '../db/database.ts';
import { storageFaultOf, toDiskError } from '../db/disk-errors.ts';
import { LogGapError } from './apply-log.ts';
import { IndexCore } from './index-core.ts';
import { readLibrary, type IndexData } from './index-data.ts';
import type { FromWorker, QuestionName, ToWorker, WorkerOptions } from './messages.ts';
import { readStoredIndex, storeIndex, UnusableIndexError, verifyIndex } from './stored-index.ts';

interface Serving extends WorkerOptions {
  db: Readable;
  prefix: string;
  send(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
}

/** Fewer changes than this are read from the log at the next start just as quickly. */
const MIN_CHANGES = 2000;

/** The thread's side of the messages: loads the index, answers questions once it is ready, and stores it when there is nothing to do. */
export class IndexServer {
  readonly #serving: Serving;
  #core: IndexCore | null = null;
  #loads = 0;
  /** The revision that is on the disk; null: none. */
  #stored: number | null = null;
  #idle: NodeJS.Timeout | null = null;
  /** When the first message came that isn't followed by a store yet; null: none. */
  #since: number | null = null;
  #isClosed = false;

  constructor(serving: Serving) {
    this.#serving = serving;
    this.#begin();
  }

  receive(message: Exclude<ToWorker, { kind: 'close' }>): void {
    try {
      if (message.kind === 'question') this.#answer(message.id, message.name, message.payload);
      else this.#announce(() => this.#core?.refresh());
    } catch (thrown) {
      if (message.kind === 'question') this.#refuse(message.id, thrown);
      else if (!(thrown instanceof LogGapError)) this.#note('The image index could not be refreshed', thrown);
      if (thrown instanceof LogGapError) this.#restart(thrown);
    }
    this.#waitUntilIdle();
  }

  /** Stores what was changed since the last time. Nothing may be asked afterwards; an index that isn't loaded yet is left. */
  close(): void {
    this.#isClosed = true;
    if (this.#idle) clearTimeout(this.#idle);
    try {
      this.#core?.refresh();
    } catch {
      // What is there is stored as of its own revision.
    }
    this.#store();
    this.#core = null;
  }

  #answer(id: number, name: QuestionName, payload: unknown): void {
    const core = this.#core;
    if (!core) throw loading();
    // Payloads were validated by the dispatch, or come from the host itself.
    this.#announce(() => {
      const value: unknown = core.answer(name, payload as never);
      const isArray = value instanceof Uint16Array || value instanceof Float64Array;
      this.#serving.send({ kind: 'answer', id, value }, isArray ? [value.buffer as ArrayBuffer] : []);
    });
  }

  /** Sends the status after what may have applied changes. */
  #announce(act: () => void): void {
    const before = this.#core?.data.revision;
    act();
    if (this.#core && this.#core.data.revision !== before) this.#sendStatus();
  }

  #sendStatus(): void {
    if (this.#core) this.#serving.send({ kind: 'status', status: this.#core.status });
  }

  #refuse(id: number, thrown: unknown): void {
    const error = toDiskError(thrown, { folder: this.#serving.folder });
    const report: ErrorReport = thrown instanceof LogGapError ? loading().report : toErrorReport(error);
    this.#serving.send({
      kind: 'refusal',
      id,
      report,
      thrown: thrown instanceof StudioError ? null : thrown,
      isDatabaseDamaged: storageFaultOf(error) === 'database-damaged',
    });
  }

  #note(sentence: string, thrown: unknown): void {
    this.#serving.send({ kind: 'note', sentence, thrown });
  }

  #restart(why: unknown): void {
    this.#note('The image index is made anew', why);
    this.#core = null;
    this.#serving.send({ kind: 'status', status: { ready: false, revision: 0, loaded: 0, images: 0 } });
    this.#begin(false);
  }

  /** An error while loading ends the thread, and the host starts another one. */
  #begin(mayUseStored = true): void {
    this.#load(mayUseStored).catch((thrown: unknown) => {
      setImmediate(() => {
        throw thrown;
      });
    });
  }

  async #load(mayUseStored: boolean): Promise<void> {
    this.#core = (mayUseStored ? this.#fromStored() : null) ?? (await this.#fromLibrary());
    if (!this.#core) return;
    // What the last session had stored may still be in the log.
    if (this.#stored !== null) this.#serving.send({ kind: 'stored', revision: this.#stored });
    this.#sendStatus();
    this.#waitUntilIdle();
  }

  /** Null where there is no stored index that can be used. */
  #fromStored(): IndexCore | null {
    const { folder, db } = this.#serving;
    try {
      const data = readStoredIndex(folder, db);
      if (!data) return null;
      this.#stored = data.revision;
      const core = this.#create(data);
      core.refresh();
      verifyIndex(db, core.data);
      return core;
    } catch (thrown) {
      this.#stored = null;
      const isExpected = thrown instanceof UnusableIndexError || thrown instanceof LogGapError;
      this.#note(isExpected ? 'The stored image index isn’t used' : 'The stored image index can’t be read', thrown);
      return null;
    }
  }

  /** Null if it is closed meanwhile. */
  async #fromLibrary(): Promise<IndexCore | null> {
    const data = await this.#readInSlices();
    if (!data) return null;
    const core = this.#create(data);
    core.refresh();
    return core;
  }

  #create(data: IndexData): IndexCore {
    this.#loads += 1;
    const { db, prefix } = this.#serving;
    return new IndexCore(db, data, { prefix: `${prefix}${this.#loads}`, now: Date.now });
  }

  async #readInSlices(): Promise<IndexData | null> {
    const { db, send } = this.#serving;
    const images = db.prepare<[], number>('SELECT count(*) FROM images').pluck().get() ?? 0;
    const slices = readLibrary(db);
    for (;;) {
      const { done, value } = slices.next();
      if (done) return value;
      send({ kind: 'status', status: { ready: false, revision: 0, loaded: value, images } });
      await nextTurn();
      // Nothing of the database is open between two slices.
      if (this.#isClosed) return null;
    }
  }

  #waitUntilIdle(): void {
    const { idleMs, maxWaitMs } = this.#serving;
    if (this.#idle) clearTimeout(this.#idle);
    this.#since ??= performance.now();
    const left = Math.max(0, this.#since + maxWaitMs - performance.now());
    this.#idle = setTimeout(() => this.#store(), Math.min(idleMs, left));
    this.#idle.unref();
  }

  #store(): void {
    const { folder, db, send } = this.#serving;
    const core = this.#core;
    this.#since = null;
    if (!core) return;
    const { revision, columns } = core.data;
    const changes = this.#stored === null ? revision + columns.count : revision - this.#stored;
    if (changes < MIN_CHANGES) return;
    // Also after a failure, so that it isn't tried at every pause.
    this.#stored = revision;
    try {
      storeIndex(folder, db, core.data);
      send({ kind: 'stored', revision });
    } catch (thrown) {
      this.#note('The image index could not be stored; the next start reads the whole library', thrown);
    }
  }
}

function loading(): StudioError {
  const message = 'The library is still being loaded for searching. Nothing was changed. Try again in a moment.';
  return new StudioError({ code: 'index-loading', message });
}
