import { Worker } from 'node:worker_threads';
import type { DuplicatePage, DuplicateSearch } from '../../contract/entities/duplicates.ts';
import { toErrorReport } from '../../contract/errors/errors.ts';
import { findEntry } from '../../disk/built-file.ts';
import { endThread } from '../db/threads.ts';
import type { Library } from '../files/library-handle.ts';
import { readGroup } from './read-group.ts';
import type { FromWorker } from './worker.ts';

/** Groups looked at for a page: a few milliseconds. Many may have been dealt with. */
const MAX_SKIPPED = 40;

/** The last search for near duplicates of an open library, in a thread of its own, and what it found. */
export class DuplicateSearches {
  readonly #library: Library;
  #search: DuplicateSearch | null = null;
  #worker: Worker | null = null;
  #timelines = new Float64Array();
  /** Where each group begins in the timeline keys, and where the last one ends. */
  #starts: number[] = [0];

  /** @param ending ends the thread */
  constructor(library: Library, ending: AbortSignal) {
    this.#library = library;
    ending.addEventListener('abort', () => void (this.#worker && endThread(this.#worker)), { once: true });
  }

  /** How far the search is; starts one if there is none, or if `again`. */
  search(again: boolean): DuplicateSearch {
    if (this.#search?.state !== 'running' && (again || !this.#search)) this.#start();
    return this.#search ?? RUNNING;
  }

  /** Groups after one, as they are now: images that are gone or in the trash are left out, and groups of one. */
  page(after: number | null, limit: number): DuplicatePage {
    const page: DuplicatePage = { groups: [], next: null };
    const groups = this.#starts.length - 1;
    const first = after === null ? 0 : after + 1;
    for (let id = first; id < groups; id += 1) {
      if (page.groups.length === limit || id - first === MAX_SKIPPED) return { ...page, next: id - 1 };
      const group = readGroup(this.#library.db, id, this.#timelines.subarray(this.#starts[id], this.#starts[id + 1]));
      if (group) page.groups.push(group);
    }
    return page;
  }

  #start(): void {
    this.#search = RUNNING;
    const worker = new Worker(findEntry(import.meta.dirname, 'worker.ts', 'duplicates-worker.js'), {
      workerData: this.#library.folder,
      name: 'duplicate-search',
    });
    this.#worker = worker;
    worker.unref();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (thrown) => (this.#search = { ...RUNNING, state: 'failed', error: toErrorReport(thrown) }));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'progress') {
      this.#search = { ...RUNNING, progress: message.progress };
      return;
    }
    this.#timelines = new Float64Array(message.timelines);
    this.#starts = [0];
    for (const size of message.sizes) this.#starts.push((this.#starts.at(-1) ?? 0) + size);
    this.#search = { state: 'done', progress: 1, images: message.images, groups: message.sizes.length, error: null };
  }
}

const RUNNING: DuplicateSearch = { state: 'running', progress: 0, images: 0, groups: 0, error: null };
