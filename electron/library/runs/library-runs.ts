import type { RunId } from '../../contract/entities/ids.ts';
import { isOpen, type Run, type RunKind, type RunOf, type RunResults } from '../../contract/entities/runs.ts';
import { StudioError, toErrorReport } from '../../contract/errors/errors.ts';
import { Pause, type RunControl, type RunProgress } from './run-control.ts';

/** Time between two reports of progress, ms. */
const REPORT_EVERY = 100;

export interface RunsOptions {
  /** A run has begun, went on, or ended. */
  changed(run: Run): void;
  /** What a run threw that isn't an error with a sentence of its own. */
  failed(thrown: unknown): void;
}

interface Open {
  controller: AbortController;
  pause: Pause;
  ended: Promise<void>;
}

/** The runs of an open library: at most one of each kind at a time, and how the last one of each kind ended. */
export class LibraryRuns {
  readonly #options: RunsOptions;
  readonly #runs = new Map<RunKind, Run>();
  readonly #open = new Map<RunId, Open>();
  #closed = false;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Runs that go on, and the last one of each kind that ended since the library was opened. */
  list(): Run[] {
    return [...this.#runs.values()];
  }

  /**
   * Starts a run. A repeated call with the same id returns the existing one.
   * @param result what is shown of it until it is done, and after it was cancelled or has failed
   * @param work rejects with `control.signal.reason` after it was cancelled
   * @throws StudioError `parameter-invalid` while another run of this kind goes on
   */
  start<K extends RunKind>(
    { id, kind, result = null }: { id: RunId; kind: K; result?: RunResults[K] | null },
    work: (control: RunControl) => Promise<RunResults[K]>,
  ): Run {
    const known = this.#runs.get(kind);
    if (known?.id === id) return known;
    if (this.#closed || (known && isOpen(known))) throw busy(kind);
    const run: RunOf<K> = {
      id,
      kind,
      state: 'running',
      done: 0,
      total: null,
      name: null,
      startedAt: Date.now(),
      endedAt: null,
      error: null,
      result,
    };
    const controller = new AbortController();
    const pause = new Pause();
    const ended = this.#work(run, { controller, pause }, work);
    this.#open.set(id, { controller, pause, ended });
    return this.#set(run);
  }

  /** Cancels a run. Resolves when it has ended. */
  async cancel(id: RunId): Promise<Run> {
    const open = this.#open.get(id);
    open?.controller.abort(new RunCancelled());
    open?.pause.end();
    await open?.ended;
    return this.#require(id);
  }

  pause(id: RunId): Run {
    return this.#hold(id, 'paused');
  }

  resume(id: RunId): Run {
    return this.#hold(id, 'running');
  }

  /** Forgets a run that has ended: it was read. */
  dismiss(id: RunId): void {
    const run = this.#find(id);
    if (run && !isOpen(run)) this.#runs.delete(run.kind);
  }

  /** Ends all runs. */
  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#open.values()];
    for (const { controller, pause } of open) {
      controller.abort(new RunCancelled());
      pause.end();
    }
    await Promise.all(open.map(({ ended }) => ended));
  }

  #hold(id: RunId, state: 'paused' | 'running'): Run {
    const run = this.#require(id);
    const pause = this.#open.get(id)?.pause;
    if (!isOpen(run) || !pause || run.state === state) return run;
    if (state === 'paused') pause.pause();
    else pause.end();
    return this.#set({ ...run, state });
  }

  async #work<K extends RunKind>(
    run: RunOf<K>,
    { controller, pause }: Pick<Open, 'controller' | 'pause'>,
    work: (control: RunControl) => Promise<RunResults[K]>,
  ): Promise<void> {
    const { signal } = controller;
    // The caller has the run before its first event.
    await Promise.resolve();
    const ending = await this.#try(() => work(this.#control(run, { signal, pause })), signal);
    this.#open.delete(run.id);
    const now = this.#runs.get(run.kind);
    this.#set({ ...run, ...(now && progressOf(now)), ...ending, endedAt: Date.now() });
  }

  async #try<R>(work: () => Promise<R>, signal: AbortSignal): Promise<Pick<Run, 'state' | 'error'> & { result?: R }> {
    try {
      signal.throwIfAborted();
      return { state: 'done', error: null, result: await work() };
    } catch (thrown) {
      if (signal.aborted && thrown === signal.reason) return { state: 'cancelled', error: null };
      const error = toErrorReport(thrown);
      if (error.code === 'internal') this.#options.failed(thrown);
      return { state: 'failed', error };
    }
  }

  #control(run: Pick<Run, 'id' | 'kind'>, { signal, pause }: { signal: AbortSignal; pause: Pause }): RunControl {
    let reportedAt = 0;
    return {
      signal,
      pausePoint: () => pause.point(signal),
      progress: (progress) => {
        const now = this.#runs.get(run.kind);
        if (now?.id !== run.id || !isOpen(now)) return;
        const next = { ...now, ...progressOf(progress) };
        this.#runs.set(run.kind, next);
        if (performance.now() - reportedAt < REPORT_EVERY) return;
        reportedAt = performance.now();
        this.#options.changed(next);
      },
    };
  }

  #set(run: Run): Run {
    this.#runs.set(run.kind, run);
    if (!this.#closed) this.#options.changed(run);
    return run;
  }

  #find(id: RunId): Run | null {
    return this.list().find((run) => run.id === id) ?? null;
  }

  #require(id: RunId): Run {
    const run = this.#find(id);
    if (run) return run;
    throw new StudioError({ code: 'not-found', message: 'This is no longer known. Nothing was changed.' });
  }
}

/** Why a run's signal is aborted. */
class RunCancelled extends Error {
  constructor() {
    super('The run was cancelled.');
  }
}

function progressOf({ done, total, name }: RunProgress): RunProgress {
  return { done, total, name };
}

const BUSY: Record<RunKind, string> = {
  scan: 'Files are already being looked at.',
  import: 'An import is already running.',
  export: 'An export is already running.',
  check: 'A check is already running.',
  repair: 'A repair is already running.',
  rebuild: 'A rebuild is already running.',
  move: 'The library is already being moved or copied.',
  snapshot: 'A snapshot is already being made.',
  restore: 'A snapshot is already being restored.',
};

function busy(kind: RunKind): StudioError {
  const message = `${BUSY[kind]} Wait until it has ended, or cancel it. Nothing was changed.`;
  return new StudioError({ code: 'parameter-invalid', message });
}
