import { setImmediate } from 'node:timers/promises';
import type { RepairOutcome } from '../../contract/entities/checks.ts';
import type { RunControl } from '../runs/run-control.ts';

/** Files of an outcome that are named. */
const MAX_NAMED = 20;

/** How one file's repair ended. `skipped`: there was nothing to repair any more. */
type Ending = 'repaired' | 'skipped' | 'failed';

/** Counts how the files of a repair ended. */
export class Outcome {
  #repaired = 0;
  #skipped = 0;
  /** Names of all that couldn't be repaired. */
  readonly failed: string[] = [];

  add(name: string, ending: Ending): void {
    if (ending === 'failed') this.failed.push(name);
    else this.count(ending, 1);
  }

  count(ending: Exclude<Ending, 'failed'>, files: number): void {
    if (ending === 'repaired') this.#repaired += files;
    else this.#skipped += files;
  }

  get summary(): RepairOutcome {
    const failed = { count: this.failed.length, files: this.failed.slice(0, MAX_NAMED) };
    return { repaired: this.#repaired, skipped: this.#skipped, failed };
  }
}

/**
 * Repairs files one by one, with progress. What one of them throws doesn't stop the others.
 * @throws the signal's reason
 */
export async function repairEach(
  names: readonly string[],
  outcome: Outcome,
  work: { control: RunControl; repair(name: string): Promise<Ending> | Ending; failed(thrown: unknown): void },
): Promise<void> {
  const { control, repair, failed } = work;
  for (const [at, name] of names.entries()) {
    await control.pausePoint();
    try {
      outcome.add(name, await repair(name));
    } catch (thrown) {
      control.signal.throwIfAborted();
      failed(thrown);
      outcome.add(name, 'failed');
    }
    control.progress({ done: at + 1, total: names.length, name });
    await setImmediate();
  }
}
