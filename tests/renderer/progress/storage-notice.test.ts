import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { QueueState } from '../../../electron/contract/entities/queue.ts';
import StorageNotice from '../../../renderer/progress/StorageNotice.svelte';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { IDLE, scriptedStudio } from '../state/scripted-studio.ts';

const MESSAGE = 'Nothing is sent for now: the library’s disk is full.';
const HELD: QueueState = {
  ...IDLE,
  storage: { cause: { kind: 'storage', fault: 'full', free: null, needed: null }, message: MESSAGE, since: 1 },
};

test('a hold because of the library’s disk says so, and can be checked again', async () => {
  let checks = 0;
  const { studio } = scriptedStudio({
    'queue.get': () => HELD,
    'queue.checkStorage': () => ((checks += 1) === 1 ? HELD : IDLE),
  });
  const mirror = new StudioState(studio);
  await mirror.queue.load();
  await renderInApp(StorageNotice, { studio, mirror }, {});
  await expect.element(page.getByRole('alert').getByText(MESSAGE, { exact: true })).toBeVisible();
  const again = page.getByRole('button', { name: 'Check again' });
  await again.click();
  await expect.poll(() => checks).toBe(1);
  await expect.element(again).toBeVisible();
  await again.click();
  await expect.element(page.getByText(MESSAGE)).not.toBeInTheDocument();
});
