import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { FolderFindings } from '../../../electron/contract/entities/libraries.ts';
import type { RunOf } from '../../../electron/contract/entities/runs.ts';
import type { SharedFolder } from '../../../electron/contract/entities/settings.ts';
import CopyLibrary from '../../../renderer/settings/CopyLibrary.svelte';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio } from '../state/scripted-studio.ts';

const runOf = (id: unknown, change: Partial<RunOf<'move'>>): RunOf<'move'> => ({
  id: id as RunOf<'move'>['id'],
  kind: 'move',
  state: 'running',
  done: 1_000_000,
  total: 2_500_000,
  name: 'library.db',
  startedAt: 1,
  endedAt: null,
  error: null,
  result: null,
  ...change,
});

const inspected = (folder: string, shared: SharedFolder | null = null): FolderFindings => ({
  folder,
  kind: 'missing',
  open: false,
  shared,
});

test('the library is copied to a typed folder, with progress in bytes, and the end says where it is', async () => {
  const { studio, calls } = scriptedStudio({
    'libraries.inspect': ({ folder }: { folder: string }) => inspected(folder),
    'libraries.copy': ({ runId }: { runId: string }) => runOf(runId, {}),
  });
  const mirror = new StudioState(studio);
  await renderInApp(CopyLibrary, { studio, mirror }, {});
  const button = page.getByRole('button', { name: 'Copy library' });
  await expect.element(button).toBeDisabled();
  await page.getByRole('textbox', { name: 'Copy to' }).fill('/disk/copy');
  await button.click();
  await expect.element(page.getByText('1.0 MB of 2.5 MB')).toBeVisible();
  expect(calls.find(({ endpoint }) => endpoint === 'libraries.copy')?.payload).toMatchObject({ folder: '/disk/copy' });
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  const run = mirror.runs.last('move');
  const result = { folder: '/disk/copy', files: 12, bytes: 2_500_000, damaged: ['originals/ab/c.png'] };
  mirror.runs.applyUpdate(runOf(run?.id, { state: 'done', result }));
  await expect.element(page.getByText(/^12 files, 2\.5 MB, copied to \/disk\/copy and compared\./u)).toBeVisible();
  await expect.element(page.getByText(/^1 original damaged already here/u)).toBeVisible();
});

test('a folder that a service copies is warned of before anything is copied there', async () => {
  const { studio, calls } = scriptedStudio({
    'libraries.inspect': ({ folder }: { folder: string }) => inspected(folder, 'dropbox'),
    'libraries.copy': ({ runId }: { runId: string }) => runOf(runId, {}),
  });
  const copies = () => calls.filter(({ endpoint }) => endpoint === 'libraries.copy').map(({ payload }) => payload);
  await renderInApp(CopyLibrary, { studio, mirror: new StudioState(studio) }, {});
  const button = page.getByRole('button', { name: 'Copy library' });
  await page.getByRole('textbox', { name: 'Copy to' }).fill('/home/ada/Dropbox');
  await button.click();
  const warning = page.getByRole('alert').filter({ hasText: 'Dropbox copies this folder.' });
  await expect.element(warning.getByText(/Nothing has been copied to \/home\/ada\/Dropbox yet\.$/u)).toBeVisible();
  await warning.getByRole('button', { name: 'Dismiss' }).click();
  await expect.element(warning).not.toBeInTheDocument();
  expect(copies()).toEqual([]);
  await button.click();
  await warning.getByRole('button', { name: 'Copy anyway' }).click();
  await expect.poll(copies).toMatchObject([{ folder: '/home/ada/Dropbox' }]);
});

test('the copy is opened by a button, which says why it couldn’t be', async () => {
  const message = 'Requests of this library aren’t finished. Nothing was changed.';
  const { studio, calls } = scriptedStudio({
    'libraries.open': () => ({ refusal: { code: 'parameter-invalid', message, billing: 'none' } }),
  });
  const mirror = new StudioState(studio);
  await renderInApp(CopyLibrary, { studio, mirror }, {});
  const button = page.getByRole('button', { name: 'Open the copy' });
  await expect.element(button).not.toBeInTheDocument();
  const result = { folder: '/disk/copy', files: 12, bytes: 2_500_000, damaged: [] };
  mirror.runs.applyUpdate(runOf('one', { state: 'done', result }));
  await button.click();
  await expect.element(page.getByText(message)).toBeVisible();
  await expect.element(button).toBeEnabled();
  expect(calls.filter(({ endpoint }) => endpoint === 'libraries.open')).toMatchObject([
    { payload: { folder: '/disk/copy' } },
  ]);
});

test('a copy that was cancelled or failed says how to continue', async () => {
  const { studio } = scriptedStudio();
  const mirror = new StudioState(studio);
  await renderInApp(CopyLibrary, { studio, mirror }, {});
  mirror.runs.applyUpdate(runOf('one', { state: 'cancelled' }));
  await expect.element(page.getByText('Cancelled. Copy to the same folder again to continue.')).toBeVisible();
  const error = { code: 'disk-full', message: 'The disk is full.', billing: 'none' } as const;
  mirror.runs.applyUpdate(runOf('two', { state: 'failed', error }));
  await expect.element(page.getByText('The disk is full.')).toBeVisible();
});
