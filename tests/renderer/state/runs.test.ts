import { expect, test } from 'vitest';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import type { Run } from '../../../electron/contract/entities/runs.ts';
import { Runs } from '../../../renderer/state/runs.svelte.ts';
import { scriptedStudio, uuid } from './scripted-studio.ts';

const repair = (number: number, change: Partial<Run> = {}): Run => ({
  id: uuid(number) as RunId,
  kind: 'repair',
  state: 'running',
  done: 0,
  total: null,
  name: null,
  startedAt: 1,
  endedAt: null,
  error: null,
  result: null,
  ...change,
});

test('an answer that comes after the event of its run’s end doesn’t open the run again', () => {
  const runs = new Runs(scriptedStudio({}).studio);
  const ended = repair(1, { state: 'done', endedAt: 2, result: {} });
  runs.applyUpdate(ended);
  runs.applyUpdate(repair(1));
  expect(runs.last('repair')).toEqual(ended);
  expect(runs.open).toEqual([]);
  runs.applyUpdate(repair(2));
  expect(runs.open).toEqual([repair(2)]);
});
