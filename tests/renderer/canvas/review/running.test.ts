import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { PartialImage } from '../../../../electron/contract/entities/images.ts';
import type { Job } from '../../../../electron/contract/entities/jobs.ts';
import { StudioError } from '../../../../electron/contract/errors/errors.ts';
import '../../../../renderer/app.css';
import { liveFrame, maskOf, newestPartial } from '../../../../renderer/canvas/review/live-partial.ts';
import PartialOverlay from '../../../../renderer/canvas/review/PartialOverlay.svelte';
import RunningBar from '../../../../renderer/canvas/review/RunningBar.svelte';
import { renderInApp } from '../../state/render-in-app.ts';
import { HOST, uuid } from '../../state/scripted-studio.ts';
import { painted } from '../../stage/compare/painted.ts';
import { WITH_IMAGES } from '../../viewer/image-record.ts';
import { canvasJob, finished, ROOT } from '../steps/canvas-jobs.ts';

beforeEach(async () => {
  await page.viewport(1000, 500);
});

/** With the first partial images of its first request. */
function drawing(job: Job, count: number): Job {
  const [first, ...others] = job.generations;
  if (!first) throw new Error('The job has no request.');
  const partials = Array.from({ length: count }, (_, index): PartialImage => {
    return { generationId: first.id, index, arrivedAt: job.createdAt + index, bytes: 1 };
  });
  return { ...job, generations: [{ ...first, partials }, ...others] };
}

test('the newest partial image of the first pending image is shown', () => {
  const job = canvasJob(1, { from: ROOT, n: 2 });
  expect(newestPartial(job, HOST)).toBeNull();
  expect(newestPartial(drawing(job, 2), HOST)).toBe(`/images/partial/${uuid(100)}/1`);
  const [done] = finished(job).generations;
  const [, second] = job.generations;
  if (!done || !second) throw new Error('Two requests are needed.');
  expect(liveFrame({ ...job, generations: [done, second] })?.generationId).toBe(uuid(101));
  expect(maskOf(job, HOST)).toBe(`/images/input/${'1'.repeat(64)}`);
  expect(maskOf(canvasJob(1, { from: ROOT, roles: ['image'] }), HOST)).toBeNull();
});

test('it lies on the frame that was sent, within the mask', async () => {
  const mask = await painted(4, 2, (context) => context.fillRect(0, 0, 2, 2));
  const props = {
    job: drawing(canvasJob(1, { from: ROOT }), 1),
    camera: { scale: 0.5, centre: { x: 200, y: 100 } },
    view: { width: 400, height: 300, dpr: 1 },
    frame: { left: -100, top: 0, width: 400, height: 200 },
    mask,
  };
  const { container, rerender } = await renderInApp(PartialOverlay, { host: WITH_IMAGES }, props);
  const layer = () => container.querySelector<HTMLElement>('.partial');
  const { left, top, width, height } = layer()?.style ?? {};
  expect([left, top, width, height]).toEqual(['50px', '100px', '200px', '100px']);
  const style = getComputedStyle(layer() ?? container);
  expect(style.maskImage).toContain(mask);
  expect(style.maskComposite).toContain('exclude');
  await rerender({ mask: null });
  expect(getComputedStyle(layer() ?? container).maskImage).toBe('none');
});

test('the bar shows progress, elapsed time and estimated cost, and can stop the job', async () => {
  const estimate = { min: 210_000, max: 210_000 };
  const job = canvasJob(1, { from: ROOT, change: { estimate, startedAt: 1_795_000_000_000 } });
  const stopped: string[] = [];
  const onstop = async (one: Job) => {
    stopped.push(one.id);
    throw new StudioError({ code: 'not-found', message: 'It is gone.', billing: 'none' });
  };
  const other = canvasJob(2, { from: ROOT, prompt: 'Terracotta', change: { state: 'waiting' } });
  const props = { jobs: [drawing(job, 2)], watched: null, now: 1_795_000_041_000, onstop };
  const { rerender } = await render(RunningBar, props);
  await expect.element(page.getByRole('timer')).toHaveTextContent('0:41');
  await expect.element(page.getByText('estimate $0.210')).toBeVisible();
  await expect.element(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '2');
  await page.getByRole('button', { name: 'Stop' }).click();
  expect(stopped).toEqual([job.id]);
  await expect.element(page.getByRole('alert')).toHaveTextContent('Couldn’t stop it. It is gone.');
  await rerender({ jobs: [job, other] });
  await page.getByRole('combobox', { name: 'Request shown, of 2' }).click();
  await page.getByRole('option', { name: '2. Terracotta' }).click();
  await expect.element(page.getByText('queued', { exact: true })).toBeVisible();
});
