import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { QueueState } from '../../../electron/contract/entities/queue.ts';
import RateLimitNotice from '../../../renderer/progress/RateLimitNotice.svelte';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { IDLE, scriptedStudio } from '../state/scripted-studio.ts';

const profileId = 'gone' as ProfileId;
const held = (until: number, needsPerson = true): QueueState => ({
  ...IDLE,
  holds: [{ profileId, until, reason: 'rate-limit', needsPerson }],
});

async function show(state: QueueState): Promise<string[]> {
  const chosen: string[] = [];
  const { studio } = scriptedStudio({
    'queue.get': () => state,
    'queue.tryNow': () => (chosen.push('try'), IDLE),
    'queue.stopHeld': () => (chosen.push('stop'), IDLE),
  });
  const mirror = new StudioState(studio);
  await mirror.queue.load();
  await renderInApp(RateLimitNotice, { studio, mirror }, {});
  return chosen;
}

test('a wait of days is the person’s to choose: try now', async () => {
  const chosen = await show(held(Date.parse('2030-01-02T03:04:05Z')));
  await expect.element(page.getByText(/asks to wait until 2 Jan 2030, 03:04:05\.$/u)).toBeVisible();
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect.poll(() => chosen).toEqual(['try']);
  await expect.element(page.getByRole('button')).not.toBeInTheDocument();
});

test('a time in the past is said, and all can be stopped', async () => {
  const chosen = await show(held(Date.parse('2015-10-21T07:28:00Z')));
  await expect.element(page.getByText(/names a time in the past, 21 Oct 2015, 07:28:00\.$/u)).toBeVisible();
  await page.getByRole('button', { name: 'Stop these' }).click();
  await expect.poll(() => chosen).toEqual(['stop']);
});

test('a hold that ends by itself needs nobody', async () => {
  await show(held(Date.parse('2030-01-02T03:04:05Z'), false));
  await expect.element(page.getByRole('button')).not.toBeInTheDocument();
});
