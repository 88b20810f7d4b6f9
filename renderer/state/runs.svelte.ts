import type { StudioApi } from '../../electron/contract/api.ts';
import type { RunId } from '../../electron/contract/entities/ids.ts';
import { isOpen, type Run, type RunKind, type RunOf } from '../../electron/contract/entities/runs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';

/** Long work on the library: what goes on, and the last one of each kind that has ended. */
export class Runs {
  all = $state.raw<Run[]>([]);
  /** Why runs couldn't be loaded, paused or cancelled. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: Pick<StudioApi, 'runs'>;
  /** Number of updates so far: what was loaded before one must not replace it. */
  #updates = 0;

  constructor(studio: Pick<StudioApi, 'runs'>) {
    this.#studio = studio;
  }

  /** Runs that go on or are paused. */
  readonly open = $derived(this.all.filter(isOpen));

  /** The run of a kind: the one that goes on, or the last one that ended; null if there is none. */
  last<K extends RunKind>(kind: K): RunOf<K> | null {
    return this.all.find((run): run is Run & RunOf<K> => run.kind === kind) ?? null;
  }

  async load(): Promise<void> {
    const updates = this.#updates;
    this.error = await attempt(async () => {
      const runs = await this.#studio.runs.list({});
      if (updates === this.#updates) this.all = runs;
    });
  }

  /** What a call answered, or an event said. An answer may come after the event that the run has ended, and changes nothing then. */
  applyUpdate(run: Run): void {
    this.#updates += 1;
    if (isOpen(run) && this.all.some(({ id, state }) => id === run.id && !isOpen({ state }))) return;
    this.all = [...this.all.filter(({ kind }) => kind !== run.kind), run];
  }

  cancel(runId: RunId): Promise<void> {
    return this.#act(() => this.#studio.runs.cancel({ runId }));
  }

  pause(runId: RunId): Promise<void> {
    return this.#act(() => this.#studio.runs.pause({ runId }));
  }

  resume(runId: RunId): Promise<void> {
    return this.#act(() => this.#studio.runs.resume({ runId }));
  }

  /** The person has read how it ended. */
  async dismiss(runId: RunId): Promise<void> {
    this.error = await attempt(() => this.#studio.runs.dismiss({ runId }));
    if (this.error) return;
    this.#updates += 1;
    this.all = this.all.filter(({ id, state }) => id !== runId || isOpen({ state }));
  }

  async #act(act: () => Promise<Run>): Promise<void> {
    this.error = await attempt(async () => this.applyUpdate(await act()));
  }
}
