import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { MirrorFolder, MirrorStatus } from '../../contract/entities/mirror-folder.ts';
import type { Readable } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import { placeProblem } from './mirror-place.ts';
import { mirrorSentence, MirrorStopped, type MirrorProblem } from './mirror-problem.ts';
import { mirrorInThread } from './mirror-thread.ts';

const RETRY_MS = 15_000;
/** For which arriving images are gathered, ms: a pass reads its record whole. */
const GATHER_MS = 1000;

export interface MirrorOptions {
  library: Pick<Library, 'db' | 'folder' | 'readOnlyFolder'>;
  /** Where images are copied now; null for nowhere. */
  chosen(): MirrorFolder | null;
  /** The watched folder; null for none. */
  watched(): string | null;
  /** {@link mirrorStatus} has changed. */
  changed(): void;
  failed(thrown: unknown): void;
  /** Time between two looks at a folder that can't be copied to, ms. Default {@link RETRY_MS}. */
  retryMs?: number;
}

const statuses = new WeakMap<Readable, MirrorStatus>();

/** How far the mirror folder of an open library is; null before it was looked at. */
export function mirrorStatus({ db }: Pick<Library, 'db'>): MirrorStatus | null {
  return statuses.get(db) ?? null;
}

/** Copies the open library's images to a folder of the person's: those that are there already, and each as it arrives. One way only. */
export class LibraryMirror {
  readonly #options: MirrorOptions;
  #wake = Promise.withResolvers<undefined>();
  /** Whether images may have come since the last pass began. */
  #due = true;
  #again = false;
  #pass = new AbortController();
  /** IDs of images without their bytes: they are tried again at the next start, or when missing copies are asked for. */
  #failed: string[] = [];

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Images may have arrived. */
  notice(): void {
    this.#due = true;
    this.#wake.resolve(undefined);
  }

  /** Something else was chosen: what goes on is stopped, and looked at anew. */
  restart(): void {
    this.#pass.abort();
    this.#again = false;
    this.#failed = [];
    statuses.delete(this.#options.library.db);
    this.notice();
  }

  /** It was paused or resumed. */
  pauseChanged(): void {
    this.#pass.abort();
    this.notice();
  }

  /** Copies images again whose copies aren't there any more. */
  copyMissing(): void {
    this.#again = true;
    this.#failed = [];
    this.#pass.abort();
    this.notice();
  }

  /** Copies until the signal is aborted. Doesn't reject. */
  async run(signal: AbortSignal): Promise<void> {
    const { retryMs = RETRY_MS } = this.#options;
    const stop = (): void => {
      this.#pass.abort();
      this.#wake.resolve(undefined);
    };
    signal.addEventListener('abort', stop, { once: true });
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      this.#wake = Promise.withResolvers();
      const retries = this.#due && !(await this.#copy(signal));
      if (isOver()) return;
      if (retries) await Promise.race([this.#wake.promise, delay(retryMs, undefined, { ref: false })]);
      else if (!this.#due) await this.#wake.promise;
      await delay(GATHER_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /**
   * Copies what is due once. Doesn't reject.
   * @returns whether it could; otherwise it is still due
   */
  async #copy(closing: AbortSignal): Promise<boolean> {
    const { library, failed } = this.#options;
    const chosen = this.#options.chosen();
    this.#due = false;
    if (!chosen || chosen.paused) return true;
    const again = this.#again;
    this.#pass = new AbortController();
    const { signal } = this.#pass;
    try {
      const wrong = await placeProblem(chosen.folder, {
        library: library.readOnlyFolder ?? library.folder,
        watched: this.#options.watched(),
      });
      if (wrong) throw new MirrorStopped(wrong);
      const { paused: _, ...choice } = chosen;
      const pass = await mirrorInThread(
        { library: library.folder, choice, again, skip: this.#failed },
        { signal, closing, progress: (progress) => this.#say({ state: 'copying', problem: null, ...progress }) },
      );
      if (!pass || signal.aborted) return true;
      if (again) this.#again = false;
      this.#failed = pass.failed;
      this.#say({ ...pass, state: 'complete', problem: null, failed: pass.failed.length });
      return true;
    } catch (thrown) {
      if (signal.aborted) return true;
      this.#due = true;
      if (!(thrown instanceof MirrorStopped)) failed(thrown);
      this.#wait(chosen.folder, thrown instanceof MirrorStopped ? thrown.problem : 'failed');
      return false;
    }
  }

  #wait(folder: string, problem: MirrorProblem): void {
    const before = mirrorStatus(this.#options.library);
    const { done = null, total = null, failed = 0 } = before ?? {};
    this.#say({ state: 'waiting', done, total, failed, problem: mirrorSentence(problem, folder) });
  }

  #say(status: MirrorStatus): void {
    const { library, changed } = this.#options;
    if (isDeepStrictEqual(mirrorStatus(library), status)) return;
    statuses.set(library.db, status);
    changed();
  }
}
