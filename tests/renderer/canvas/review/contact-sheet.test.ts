import fc from '../../../fast-check.ts';
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Image } from '../../../../electron/contract/entities/images.ts';
import type { Job } from '../../../../electron/contract/entities/jobs.ts';
import '../../../../renderer/app.css';
import ContactSheet from '../../../../renderer/canvas/review/ContactSheet.svelte';
import { fitSheet } from '../../../../renderer/canvas/review/fit-sheet.ts';
import { renderInApp } from '../../state/render-in-app.ts';
import { WITH_IMAGES } from '../../viewer/image-record.ts';
import { canvasJob, finished, nodeId, ROOT } from '../steps/canvas-jobs.ts';

beforeEach(async () => {
  await page.viewport(1200, 700);
});

async function mount(job: Job) {
  const continued: Image[] = [];
  const props = {
    job,
    from: { width: 1536, height: 1024 },
    oncontinue: (image: Image) => void continued.push(image),
    onclose: () => undefined,
  };
  const { container, rerender } = await renderInApp(ContactSheet, { host: WITH_IMAGES }, props);
  Object.assign(container.style, { display: 'flex', height: '100vh' });
  return { container, continued, rerender };
}

const option = (name: string) => page.getByRole('option', { name, exact: true });

test('a sheet fits into its space for any number and ratio', () => {
  const places = fc.record({ width: fc.integer({ min: 200, max: 3000 }), height: fc.integer({ min: 200, max: 2000 }) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.double({ min: 0.3, max: 3, noNaN: true }),
      places,
      (count, ratio, place) => {
        const { columns, width, height } = fitSheet(count, ratio, place, { gap: 12, caption: 28 });
        const rows = Math.ceil(count / columns);
        expect(width).toBeGreaterThan(0);
        expect(columns * width + (columns - 1) * 12).toBeLessThanOrEqual(place.width + 0.01);
        expect(rows * (height + 28) + (rows - 1) * 12).toBeLessThanOrEqual(place.height + 0.01);
      },
    ),
    { numRuns: 100 },
  );
});

test('digits and arrow keys select an image, Enter continues from it', async () => {
  const { continued } = await mount(finished(canvasJob(1, { from: ROOT, n: 6, variation: true })));
  await expect.element(option('Variation 1 of 6')).toHaveFocus();
  await userEvent.keyboard('3');
  await expect.element(option('Variation 3 of 6')).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}{Enter}');
  expect(continued.map(({ id }) => id)).toEqual([nodeId(103)]);
  await userEvent.keyboard('9');
  await expect.element(option('Variation 4 of 6')).toHaveFocus();
});

test('placeholders become images when received; a pending one cannot be opened', async () => {
  const running = canvasJob(1, { from: ROOT, n: 3, variation: true });
  const { continued, container, rerender } = await mount(running);
  await expect.element(page.getByText('3 pending')).toBeVisible();
  await userEvent.keyboard('2{Enter}');
  expect(continued).toEqual([]);
  await expect.element(page.getByRole('button', { name: 'Continue from here' })).toBeDisabled();
  const cells = () =>
    [...container.querySelectorAll('.cell')].map((cell) => Math.round(cell.getBoundingClientRect().left));
  const before = cells();
  await rerender({ job: finished(running) });
  await expect.element(option('Variation 2 of 3')).toHaveFocus();
  expect(cells()).toEqual(before);
  await userEvent.keyboard('{Enter}');
  expect(continued.map(({ id }) => id)).toEqual([nodeId(101)]);
});
