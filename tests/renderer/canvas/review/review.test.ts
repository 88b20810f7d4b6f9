import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { Image } from '../../../../electron/contract/entities/images.ts';
import '../../../../renderer/app.css';
import { Review } from '../../../../renderer/canvas/review/Review.svelte.ts';
import ReviewBar from '../../../../renderer/canvas/review/ReviewBar.svelte';
import ReviewStage from '../../../../renderer/canvas/review/ReviewStage.svelte';
import { changeSummary, sidesOf, type ReviewSubject } from '../../../../renderer/canvas/review/review-sides.ts';
import { renderInApp } from '../../state/render-in-app.ts';
import { image } from '../../state/scripted-studio.ts';
import { WITH_IMAGES } from '../../viewer/image-record.ts';
import { ROOT_IMAGE } from '../steps/canvas-jobs.ts';

beforeEach(async () => {
  await page.viewport(1400, 700);
});

const DONE: NonNullable<Image['strict']> = {
  state: 'done',
  feather: 6,
  sha256: 'c'.repeat(64) as Sha256,
  width: 1536,
  height: 1024,
  hasAlpha: false,
  outside: 1_393_561,
  changed: 100_000,
  visible: 29_265,
};
const FAILED: NonNullable<Image['strict']> = {
  state: 'failed',
  feather: 6,
  error: { code: 'image-undecodable', message: 'The answer could not be read as an image.', billing: 'billed' },
};

function subject(strict?: Image['strict']): ReviewSubject {
  return {
    image: image(1, { width: 1024, height: 688, ...(strict && { strict }) }),
    name: 'Celadon',
    before: ROOT_IMAGE,
    beforeName: 'Original',
  };
}

async function mountBar(strict?: Image['strict'], remaking = false) {
  const review = new Review();
  review.mode = 'split';
  const remade: number[] = [];
  await render(ReviewBar, {
    review,
    subject: subject(strict),
    remaking,
    onremake: (feather: number) => void remade.push(feather),
  });
  return { review, remade };
}

test('each result has its URL and size: masked result and heat map those of the source, the original response its own', () => {
  const after = (show: 'recomposited' | 'raw' | 'heat', strict?: Image['strict']) => {
    const [, { src, width, height, label }] = sidesOf(subject(strict), show, WITH_IMAGES);
    return `${src.split('#')[1] ?? ''} ${width} × ${height} ${label}`;
  };
  const { id } = image(1);
  expect(after('recomposited', DONE)).toBe(`/input/${'c'.repeat(64)} 1536 × 1024 Celadon`);
  expect(after('raw', DONE)).toBe(`/original/${id} 1024 × 688 Celadon, original response`);
  expect(after('heat', DONE)).toBe(`/heat/${id} 1536 × 1024 Celadon, heat map`);
  expect(after('recomposited', FAILED)).toBe(`/original/${id} 1024 × 688 Celadon, original response`);
  expect(after('recomposited')).toBe(`/original/${id} 1024 × 688 Celadon, original response`);
});

test('a mask that was not strict can be applied afterwards', async () => {
  const remade: number[] = [];
  const props = {
    review: new Review(),
    subject: { ...subject(), loose: true },
    onremake: (by: number) => void remade.push(by),
  };
  const { rerender } = await render(ReviewBar, props);
  await page.getByRole('button', { name: 'Apply mask' }).click();
  expect(remade).toEqual([6]);
  await rerender({ subject: { ...subject(DONE), loose: true } });
  await expect.element(page.getByRole('button', { name: 'Apply mask' })).not.toBeInTheDocument();
});

test('the figures tell how much changed outside the mask: nothing in the masked result, a share in the response', async () => {
  expect(changeSummary(subject().image, 'raw')).toBeNull();
  const { review } = await mountBar(DONE);
  await expect.element(page.getByText('Celadon compared with Original')).toBeVisible();
  await expect.element(page.getByRole('status')).toHaveTextContent('Outside the mask 0 of 1,393,561 pixels changed');
  await page.getByRole('radio', { name: 'Original response' }).click();
  expect(review.show).toBe('raw');
  const words = '2.1% of pixels outside the mask visibly changed, 7.2% in total';
  await expect.element(page.getByRole('status')).toHaveTextContent(words);
});

test('another feather is applied on request', async () => {
  const { remade } = await mountBar(DONE);
  await page.getByRole('button', { name: 'Feather' }).click();
  const apply = page.getByRole('button', { name: 'Apply' });
  await expect.element(apply).toBeDisabled();
  page.getByRole('slider', { name: 'Feather in pixels' }).element().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await apply.click();
  expect(remade).toEqual([8]);
});

test('if the masked result failed, the reason and the response are shown, and it can be retried', async () => {
  const { remade } = await mountBar(FAILED);
  await expect.element(page.getByText('The answer could not be read as an image.')).toBeVisible();
  await expect.element(page.getByRole('radio', { name: 'Masked result' })).toBeDisabled();
  await expect.element(page.getByRole('radio', { name: 'Original response' })).toBeChecked();
  await page.getByRole('button', { name: 'Retry' }).click();
  expect(remade).toEqual([6]);
});

test('S toggles the split, Y held shows the source; the camera stays the same', async () => {
  const review = new Review();
  review.mode = 'after';
  // The camera that the stage left behind: the whole image, in a view of its own.
  expect(review.camera).toBeNull();
  const { container } = await renderInApp(ReviewStage, { host: WITH_IMAGES }, { review, subject: subject(DONE) });
  Object.assign(container.style, { display: 'flex', height: '100vh' });
  const pane = () => [...container.querySelectorAll('.image img')].map((image) => image.getAttribute('alt'));
  await expect.poll(pane).toEqual(['After: Image 1']);
  await expect.poll(() => review.comparison.camera.current.scale).toBeGreaterThan(0.3);
  await userEvent.keyboard('1');
  const { camera } = review;
  expect(camera?.scale).toBe(1);
  await userEvent.keyboard('{y>}');
  await expect.poll(pane).toEqual(['Before: Original']);
  await userEvent.keyboard('{/y}');
  await expect.poll(pane).toEqual(['After: Image 1']);
  await userEvent.keyboard('s');
  expect(review.mode).toBe('split');
  await expect.element(page.getByRole('slider', { name: 'Split position' })).toBeVisible();
  expect(review.camera).toEqual(camera);
  await userEvent.keyboard('s');
  expect(review.mode).toBe('edit');
});
