import { v7 as uuid } from 'uuid';
import { REPAIRS, type CheckReport, type Repair } from '../../../electron/contract/entities/checks.ts';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import type { Run } from '../../../electron/contract/entities/runs.ts';
import type { Library } from '../../../electron/library/library.ts';
import { LibraryChecks } from '../../../electron/library/repairs/library-checks.ts';
import { LibraryRuns } from '../../../electron/library/runs/library-runs.ts';

/**
 * Checks an open library, repairs everything that can be repaired, and checks it again.
 * @param before called before each repair
 * @returns the second report
 * @throws Error if a run doesn't end well
 */
export async function repairAll(library: Library, before: (repair: Repair) => void): Promise<CheckReport> {
  const ended = new Map<string, (run: Run) => void>();
  const fail = (thrown: unknown): never => {
    throw thrown;
  };
  const runs = new LibraryRuns({ changed: (run) => run.endedAt !== null && ended.get(run.id)?.(run), failed: fail });
  const checks = new LibraryChecks(library, runs, {
    changed: () => undefined,
    listed: () => Promise.resolve(),
    failed: () => undefined,
  });
  const run = async (start: (id: RunId) => unknown): Promise<Run['result']> => {
    const id = uuid() as RunId;
    const { promise, resolve } = Promise.withResolvers<Run>();
    ended.set(id, resolve);
    start(id);
    const { state, error, result } = await promise;
    if (state !== 'done') throw new Error(error?.message ?? state);
    return result;
  };
  await run((id) => checks.check(id));
  for (const repair of REPAIRS) {
    before(repair);
    await run((id) => checks.repair(id, repair));
  }
  return (await run((id) => checks.check(id))) as CheckReport;
}
