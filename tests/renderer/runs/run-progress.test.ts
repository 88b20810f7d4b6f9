import { expect, test } from 'vitest';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import type { RunOf } from '../../../electron/contract/entities/runs.ts';
import RunProgress from '../../../renderer/runs/RunProgress.svelte';
import { Runs } from '../../../renderer/state/runs.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio, uuid } from '../state/scripted-studio.ts';

const RUN: RunOf<'export'> = {
  id: uuid(1) as RunId,
  kind: 'export',
  state: 'running',
  done: 1200,
  total: 10_000,
  name: 'fox.png',
  startedAt: 0,
  endedAt: null,
  error: null,
  result: null,
};

test('a run shows how far it is, and can be paused and cancelled', async () => {
  const { studio, calls } = scriptedStudio({
    'runs.pause': () => ({ ...RUN, state: 'paused' }),
    'runs.cancel': () => ({ ...RUN, state: 'cancelled' }),
  });
  const screen = await renderInApp(RunProgress, { studio }, { run: RUN, title: 'Exporting images', canPause: true });
  await expect.element(screen.getByRole('progressbar', { name: 'Exporting images' })).toHaveAttribute('max', '10000');
  await expect.element(screen.getByText('1,200 of 10,000')).toBeVisible();
  await screen.getByRole('button', { name: 'Pause' }).click();
  await screen.getByRole('button', { name: 'Cancel' }).click();
  expect(calls.map(({ endpoint, payload }) => [endpoint, payload])).toEqual([
    ['runs.pause', { runId: RUN.id }],
    ['runs.cancel', { runId: RUN.id }],
  ]);
});

test('runs follow their events; what was loaded before one doesn’t replace it', async () => {
  let answer: ((runs: RunOf<'export'>[]) => void) | undefined;
  const runs = new Runs(scriptedStudio({ 'runs.list': () => new Promise((done) => (answer = done)) }).studio);
  const loaded = runs.load();
  await expect.poll(() => answer).toBeDefined();
  runs.applyUpdate({ ...RUN, done: 1300 });
  answer?.([RUN]);
  await loaded;
  expect(runs.last('export')?.done).toBe(1300);
  expect(runs.last('import')).toBeNull();
  expect(runs.open).toHaveLength(1);
  await runs.dismiss(RUN.id);
  expect(runs.all).toHaveLength(1);
  runs.applyUpdate({ ...RUN, state: 'done', endedAt: 5 });
  expect(runs.open).toEqual([]);
  await runs.dismiss(RUN.id);
  expect(runs.all).toEqual([]);
});

test('one that can’t be cancelled says why', async () => {
  const refusal = { code: 'not-found', message: 'This is no longer known. Nothing was changed.', billing: 'none' };
  const runs = new Runs(scriptedStudio({ 'runs.cancel': () => ({ refusal }) }).studio);
  await runs.cancel(RUN.id);
  expect(runs.error?.message).toBe(refusal.message);
});
