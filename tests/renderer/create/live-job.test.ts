import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { BatchId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { RateLimitHold } from '../../../electron/contract/entities/queue.ts';
import '../../../renderer/app.css';
import LiveJob from '../../../renderer/create/LiveJob.svelte';
import { waitingReason } from '../../../renderer/progress/waiting-reason.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { generation, IDLE, job, image, uuid } from '../state/scripted-studio.ts';

const NOW = 1_795_000_000_000;

async function show(change: Partial<Job>, waiting = 'queue paused'): Promise<HTMLElement> {
  const { container } = await renderInApp(
    LiveJob,
    {},
    {
      job: job(1, change),
      now: NOW,
      waitingReason: waiting,
      onstop: () => Promise.resolve(),
      onclose: () => undefined,
    },
  );
  return container;
}

test('what a job waits for is said as it is', () => {
  const hold: RateLimitHold = {
    profileId: 'demo' as never,
    until: NOW + 42_000,
    reason: 'rate-limit',
    needsPerson: false,
  };
  expect(waitingReason(IDLE, null, NOW)).toBe('');
  expect(waitingReason(IDLE, hold, NOW)).toBe('rate limited, retrying in 0:42');
  expect(waitingReason({ ...IDLE, paused: true }, hold, NOW)).toBe('queue paused');
  expect(waitingReason({ ...IDLE, suspended: true }, null, NOW)).toBe('resuming after sleep');
});

test('a server that answered with fewer images than asked for is not credited with all of them', async () => {
  const request = { ...job(1).request, parameters: { ...job(1).request.parameters, n: 4 } } as Job['request'];
  const generations = [generation(1, { state: 'done', n: 4, images: [image(1), image(2), image(3)] })];
  await show({ state: 'done', finishedAt: NOW, request, generations });
  await expect.element(page.getByText('Created 3 of 4 images')).toBeVisible();
});

test('a line of a waiting job stays a line, however narrow', async () => {
  await page.viewport(560, 600);
  const container = await show({ state: 'waiting', estimate: { min: 32_000, max: 57_000 } });
  await expect.element(page.getByText('queue paused')).toBeVisible();
  expect(container.querySelector('.head')?.scrollHeight).toBeLessThanOrEqual(28);
});

test('a waiting job can be stopped in the narrowest window', async () => {
  await page.viewport(322, 600);
  await show({ state: 'waiting', estimate: { min: 32_000, max: 57_000 } }, 'rate limited, waiting for your choice');
  const stop = page.getByRole('button', { name: 'Stop' });
  await expect.element(stop).toBeVisible();
  expect(stop.element().getBoundingClientRect().right).toBeLessThanOrEqual(322);
  await page.viewport(560, 600);
});

test('the jobs of a batch are told apart by what comes first', async () => {
  const request: Job['request'] = {
    operation: 'create',
    profileId: 'demo' as never,
    parameters: { prompt: 'A red kite', model: 'gpt-image-2' },
  };
  await page.viewport(560, 600);
  await show({ batchId: uuid(9) as BatchId, request, state: 'waiting', estimate: { min: 32_000, max: 57_000 } });
  const line = page.getByText(/^A red kite · gpt-image-2/u);
  await expect.element(line).toBeVisible();
  // Wide enough for the prompt.
  expect(line.element().clientWidth).toBeGreaterThan(120);
});

test('an image of which nobody knows the cost says so', async () => {
  const made = generation(1, { state: 'done', billing: 'billed', cost: null, images: [image(1)] });
  await show({ state: 'done', finishedAt: NOW, generations: [made] });
  await expect.element(page.getByText('cost unknown')).toBeVisible();
});
