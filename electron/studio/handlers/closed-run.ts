import * as v from 'valibot';
import { ENDPOINTS } from '../../contract/endpoints.ts';
import type { Run } from '../../contract/entities/runs.ts';
import type { StudioEvent } from '../../contract/events.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { ClosedRunOf } from './context.ts';

/** Time between two reports of progress, ms. */
const REPORT_EVERY = 100;

const CANCELLED: Record<ClosedRunOf['kind'], string> = {
  rebuild: 'The rebuild was cancelled. Nothing was changed.',
  restore: 'The restore was cancelled. Nothing was changed.',
};

/** Work on a closed library as pages see it: its progress, and cancelling it. */
export class ClosedRun {
  readonly #emit: (event: StudioEvent) => void;
  readonly #controller = new AbortController();
  readonly #kind: ClosedRunOf['kind'];
  #run: Run;
  #reportedAt = performance.now();

  constructor({ id, kind }: ClosedRunOf, emit: (event: StudioEvent) => void) {
    this.#emit = emit;
    this.#kind = kind;
    this.#run = {
      id,
      kind,
      state: 'running',
      done: 0,
      total: null,
      name: null,
      startedAt: Date.now(),
      endedAt: null,
      error: null,
      result: null,
    };
  }

  /** Shows it to pages, which can cancel it from now on. */
  begin(): void {
    this.#emit({ type: 'run', run: this.#run });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  progress(progress: Pick<Run, 'done' | 'total' | 'name'>): void {
    const isSameStep = progress.name === this.#run.name;
    this.#run = { ...this.#run, ...progress };
    if (isSameStep && performance.now() - this.#reportedAt < REPORT_EVERY) return;
    this.#reportedAt = performance.now();
    this.#emit({ type: 'run', run: this.#run });
  }

  /** Cancels it for a payload of `runs.cancel` with its id. @returns the run; null for another payload */
  cancel(payload: unknown): Run | null {
    const asked = v.safeParse(ENDPOINTS['runs.cancel'].payload, payload);
    if (!asked.success || asked.output.runId !== this.#run.id) return null;
    this.#controller.abort(new StudioError({ code: 'cancelled', message: CANCELLED[this.#kind] }));
    return this.#run;
  }
}
