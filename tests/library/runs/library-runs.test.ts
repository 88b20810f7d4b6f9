import { expect, it, vi } from 'vitest';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import type { Run } from '../../../electron/contract/entities/runs.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import type { Snapshot } from '../../../electron/contract/entities/snapshots.ts';
import { LibraryRuns } from '../../../electron/library/runs/library-runs.ts';
import type { RunControl } from '../../../electron/library/runs/run-control.ts';

const A = '01890000-0000-7000-8000-00000000000a' as RunId;
const B = '01890000-0000-7000-8000-00000000000b' as RunId;

function testRuns(): { runs: LibraryRuns; events: Run[]; failures: unknown[] } {
  const events: Run[] = [];
  const failures: unknown[] = [];
  const runs = new LibraryRuns({ changed: (run) => events.push(run), failed: (thrown) => failures.push(thrown) });
  return { runs, events, failures };
}

/** Steps that the test lets go one by one. */
function steps(): { work: (control: RunControl) => Promise<null>; step(): void; taken: number[] } {
  const waiting: (() => void)[] = [];
  const taken: number[] = [];
  return {
    taken,
    step: () => waiting.shift()?.(),
    async work({ signal, progress, pausePoint }) {
      for (let done = 0; done < 3; done += 1) {
        progress({ done, total: 3, name: `${done}.png` });
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve());
        });
        await pausePoint();
        taken.push(done);
      }
      return null;
    },
  };
}

const settled = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
};

it('tell their progress and how they ended', async () => {
  const { runs, events } = testRuns();
  const { work, step } = steps();
  expect(runs.start({ id: A, kind: 'rebuild' }, work)).toMatchObject({
    id: A,
    state: 'running',
    done: 0,
    total: null,
  });
  await settled();
  expect(events.at(-1)).toMatchObject({ done: 0, total: 3, name: '0.png' });
  for (let index = 0; index < 3; index += 1) {
    step();
    await settled();
  }
  expect(events.at(-1)).toMatchObject({ state: 'done', done: 2, total: 3, error: null });
  expect(events.at(-1)?.endedAt).not.toBeNull();
  expect(runs.list()).toHaveLength(1);
  runs.dismiss(A);
  expect(runs.list()).toEqual([]);
});

it('take no further step while they are paused', async () => {
  const { runs, events } = testRuns();
  const { work, step, taken } = steps();
  runs.start({ id: A, kind: 'rebuild' }, work);
  await settled();
  expect(runs.pause(A)).toMatchObject({ state: 'paused' });
  step();
  await settled();
  expect(taken).toEqual([]);
  runs.resume(A);
  await settled();
  expect(taken).toEqual([0]);
  expect(events.map(({ state }) => state)).toContain('paused');
  await runs.cancel(A);
});

it('end when they are cancelled, paused or not', async () => {
  const { runs, failures } = testRuns();
  const { work } = steps();
  runs.start({ id: A, kind: 'rebuild' }, work);
  await settled();
  runs.pause(A);
  expect(await runs.cancel(A)).toMatchObject({ state: 'cancelled', error: null, result: null });
  expect(failures).toEqual([]);
  // It has ended: cancelling again changes nothing.
  expect(await runs.cancel(A)).toMatchObject({ state: 'cancelled' });
  expect(runs.pause(A)).toMatchObject({ state: 'cancelled' });
});

it('say why they failed; what has no sentence of its own is logged', async () => {
  const { runs, events, failures } = testRuns();
  const full = new StudioError({ code: 'disk-full', message: 'The disk is full.' });
  runs.start({ id: A, kind: 'rebuild' }, () => Promise.reject(full));
  await settled();
  expect(events.at(-1)).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
  expect(failures).toEqual([]);
  runs.start({ id: B, kind: 'rebuild' }, () => Promise.reject(new TypeError('x')));
  await settled();
  expect(events.at(-1)).toMatchObject({ id: B, state: 'failed', error: { code: 'internal' } });
  expect(failures).toHaveLength(1);
});

it('are one of a kind at a time; a repeated call starts nothing', async () => {
  const { runs } = testRuns();
  const { work } = steps();
  const again = vi.fn(work);
  const first = runs.start({ id: A, kind: 'rebuild' }, work);
  expect(runs.start({ id: A, kind: 'rebuild' }, again)).toEqual(first);
  expect(again).not.toHaveBeenCalled();
  expect(() => runs.start({ id: B, kind: 'rebuild' }, again)).toThrow('A rebuild is already running.');
  const snapshot: Snapshot = { name: 'a.db', madeAt: 1, reason: 'manual', bytes: 1 };
  runs.start({ id: B, kind: 'snapshot' }, (control) => work(control).then(() => snapshot));
  expect(runs.list().map(({ kind }) => kind)).toEqual(['rebuild', 'snapshot']);
  await runs.close();
  expect(runs.list().map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  expect(() => runs.start({ id: A, kind: 'move' }, () => expect.unreachable())).toThrow(
    'The library is already being moved or copied.',
  );
});
