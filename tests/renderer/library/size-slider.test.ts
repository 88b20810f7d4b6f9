import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { mountView } from '../state/mounted-view.ts';
import { image, scriptedStudio, viewsOf } from '../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1440, 800);
});

const IMAGES = Array.from({ length: 40 }, (_, index) => image(40 - index));
const slider = () => page.getByRole('slider', { name: 'Thumbnail size' });
const first = () => page.getByRole('gridcell', { name: /^Image 40,/u });
const height = () => first().element().getBoundingClientRect().height;

test('the slider sets how high rows are, within its limits, and the height stays for the next start', async () => {
  const { container } = await mountView('library', scriptedStudio(viewsOf(IMAGES)));
  await expect.element(first()).toBeVisible();
  await expect.element(slider()).toHaveValue('160');
  const usual = height();
  slider().element().focus();
  await userEvent.keyboard('{Home}');
  await expect.element(slider()).toHaveValue('72');
  await expect.poll(height).toBeLessThan(usual * 0.7);
  await userEvent.keyboard('{End}');
  await expect.element(slider()).toHaveValue('320');
  await expect.poll(height).toBeGreaterThan(usual * 1.5);
  await userEvent.keyboard('{ArrowLeft}');
  await expect.element(slider()).toHaveValue('312');
  container.remove();
  await mountView('library', scriptedStudio(viewsOf(IMAGES)));
  await expect.element(slider()).toHaveValue('312');
  await expect.poll(height).toBeGreaterThan(usual * 1.5);
});
