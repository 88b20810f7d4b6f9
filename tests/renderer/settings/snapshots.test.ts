import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { RunOf } from '../../../electron/contract/entities/runs.ts';
import type { Snapshot } from '../../../electron/contract/entities/snapshots.ts';
import Snapshots from '../../../renderer/settings/Snapshots.svelte';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio } from '../state/scripted-studio.ts';

const DAILY: Snapshot = { name: 'a.db', madeAt: 1_795_000_000_000, reason: 'daily', bytes: 1_500_000 };
const MANUAL: Snapshot = { name: 'b.db', madeAt: 1_795_000_100_000, reason: 'manual', bytes: 2_500_000 };

const runOf = (id: unknown, change: Partial<RunOf<'snapshot'>>): RunOf<'snapshot'> => ({
  id: id as RunOf<'snapshot'>['id'],
  kind: 'snapshot',
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

const restoreOf = (id: string, change: Partial<RunOf<'restore'>>): RunOf<'restore'> => ({
  ...runOf(id, {}),
  kind: 'restore',
  result: null,
  ...change,
});

test('snapshots are listed with the reason, their size and the sum', async () => {
  const { studio } = scriptedStudio({ 'snapshots.list': () => [MANUAL, DAILY] });
  await renderInApp(Snapshots, { studio }, {});
  await expect.element(page.getByRole('row', { name: /Made by you 2\.5 MB/u })).toBeVisible();
  await expect.element(page.getByRole('row', { name: /Daily 1\.5 MB/u })).toBeVisible();
  await expect.element(page.getByText('2 snapshots, 4.0 MB in all')).toBeVisible();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
});

test('one is made with progress in bytes, and is in the list when it is proven', async () => {
  const list: Snapshot[] = [];
  const { studio } = scriptedStudio({
    'snapshots.list': () => [...list],
    'snapshots.make': ({ runId }: { runId: string }) => runOf(runId, { done: 1_000_000, total: 2_500_000 }),
  });
  const mirror = new StudioState(studio);
  await renderInApp(Snapshots, { studio, mirror }, {});
  await expect.element(page.getByText('No snapshot yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Make snapshot now' }).click();
  await expect.element(page.getByText('1.0 MB of 2.5 MB')).toBeVisible();
  list.push(MANUAL);
  const run = mirror.runs.last('snapshot');
  mirror.runs.applyUpdate(runOf(run?.id, { state: 'done', result: MANUAL }));
  await expect.element(page.getByText('Snapshot made and checked, 2.5 MB.')).toBeVisible();
  await expect.element(page.getByRole('row', { name: /Made by you/u })).toBeVisible();
});

test('a snapshot that failed or was cancelled is said to have', async () => {
  const { studio } = scriptedStudio();
  const mirror = new StudioState(studio);
  await renderInApp(Snapshots, { studio, mirror }, {});
  mirror.runs.applyUpdate(runOf('one', { state: 'cancelled' }));
  await expect.element(page.getByText('The snapshot was cancelled. Nothing of it is left.')).toBeVisible();
  const error = { code: 'disk-full', message: 'The library’s disk is full.', billing: 'none' } as const;
  mirror.runs.applyUpdate(runOf('two', { state: 'failed', error }));
  await expect.element(page.getByText('The library’s disk is full.')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Make snapshot now' })).toBeVisible();
});

test('restoring says what happens, and happens only when it is confirmed', async () => {
  const { studio, calls } = scriptedStudio({
    'snapshots.list': () => [DAILY],
    'snapshots.restore': () => ({
      refusal: { code: 'library-damaged', message: 'This snapshot is damaged.', billing: 'none' },
    }),
  });
  await renderInApp(Snapshots, { studio }, {});
  const restored = () => calls.filter(({ endpoint }) => endpoint === 'snapshots.restore');
  const open = page.getByRole('button', { name: /^Restore the snapshot of/u });
  await open.click();
  const dialog = page.getByRole('dialog', { name: 'Restore this snapshot?' });
  await expect
    .element(dialog.getByText('Images received or imported since then stay, with what their records say.'))
    .toBeVisible();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(restored()).toEqual([]);
  await open.click();
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect.element(dialog.getByText('This snapshot is damaged.')).toBeVisible();
  expect(restored()).toEqual([{ endpoint: 'snapshots.restore', payload: { runId: expect.any(String), name: 'a.db' } }]);
  await expect.element(dialog.getByRole('button', { name: 'Restore' })).toBeEnabled();
});

test('a restore shows its step, can be cancelled, and keeps its dialog open until it has ended', async () => {
  const ended = Promise.withResolvers<unknown>();
  const { studio, calls } = scriptedStudio({
    'snapshots.list': () => [DAILY],
    'snapshots.restore': () => ended.promise,
    'runs.cancel': ({ runId }: { runId: string }) => restoreOf(runId, {}),
  });
  const mirror = new StudioState(studio);
  await renderInApp(Snapshots, { studio, mirror }, {});
  await page.getByRole('button', { name: /^Restore the snapshot of/u }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore this snapshot?' });
  await dialog.getByRole('button', { name: 'Restore' }).click();
  const asked = calls.find(({ endpoint }) => endpoint === 'snapshots.restore');
  const { runId } = asked?.payload as { runId: string };
  mirror.runs.applyUpdate(restoreOf(runId, { done: 2.4, total: 6, name: 'Adding what was received since' }));
  await expect.element(dialog.getByText('2 of 6')).toBeVisible();
  await expect.element(dialog.getByText('Adding what was received since')).toBeVisible();
  await expect.element(dialog.getByRole('progressbar', { name: 'Restoring' })).toHaveAttribute('max', '6');
  await expect.element(dialog.getByText('The library is closed until this has ended.')).toBeVisible();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  await expect.element(dialog.getByRole('button', { name: 'Restore' })).not.toBeInTheDocument();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(calls.at(-1)).toEqual({ endpoint: 'runs.cancel', payload: { runId } });
  const message = 'The restore was cancelled. Nothing was changed.';
  ended.resolve({ refusal: { code: 'cancelled', message, billing: 'none' } });
  await expect.element(dialog.getByText(message)).toBeVisible();
  await expect.element(dialog.getByRole('button', { name: 'Restore' })).toBeEnabled();
});
