import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ImageId } from '../../../../electron/contract/entities/ids.ts';
import { Route } from '../../../../renderer/page/route.svelte.ts';
import '../../../../renderer/app.css';
import CompareView from '../../../../renderer/viewer/compare/CompareView.svelte';
import { compareRows } from '../../../../renderer/viewer/compare/compare-rows.ts';
import { mountView } from '../../state/mounted-view.ts';
import { renderInApp } from '../../state/render-in-app.ts';
import { image, scriptedStudio, uuid } from '../../state/scripted-studio.ts';
import { imageRecord } from '../image-record.ts';

beforeEach(async () => {
  await page.viewport(1400, 900);
});

const first = imageRecord(
  1,
  { prompt: 'A fox in snow', model: 'gpt-image-1.5', cost: 51_000 },
  {
    parameters: { prompt: 'A fox in snow', model: 'gpt-image-1.5', quality: 'high', n: 1 },
    cost: 51_000,
    costBasis: 'usage',
  },
);
const second = imageRecord(
  2,
  { prompt: 'A fox in deep snow', width: 1024, cost: 196_000, repeats: uuid(1) as ImageId },
  { cost: 196_000, costBasis: 'usage' },
);

async function mount(answers: Parameters<typeof scriptedStudio>[0] = {}) {
  history.replaceState(null, '', `#/compare/${uuid(1)}/${uuid(2)}`);
  const script = scriptedStudio({
    'library.image': ({ imageId }: { imageId: ImageId }) => (imageId === uuid(1) ? first : second),
    ...answers,
  });
  const route = new Route();
  const { container } = await renderInApp(CompareView, { studio: script.studio, route }, {});
  container.style.height = '100vh';
  return { container, route };
}

test('differences are in a table; equal values are collapsed', async () => {
  await mount();
  const panel = page.getByRole('complementary', { name: 'Differences' });
  await expect.element(panel.getByRole('row', { name: 'Model gpt-image-1.5 gpt-image-2.6-sunburst' })).toBeVisible();
  await expect.element(panel.getByRole('row', { name: 'Cost $0.051 $0.196' })).toBeVisible();
  await expect.element(panel.getByRole('row', { name: 'Size 1536 × 1024 1024 × 1024' })).toBeVisible();
  await expect.element(panel.getByRole('row', { name: /^Profile/u })).not.toBeInTheDocument();
  await panel.getByRole('button', { name: /^Same/u }).click();
  await expect.element(panel.getByRole('row', { name: 'Profile Demo server Demo server' })).toBeVisible();
  const added = [...panel.element().querySelectorAll('ins')].map((word) => word.textContent.trim());
  expect(added).toEqual(['deep']);
});

test('V shows both images in a survey', async () => {
  const { route } = await mount();
  await expect.element(page.getByRole('button', { name: 'Survey' })).toBeEnabled();
  await userEvent.keyboard('v');
  expect([route.view, route.imageId]).toEqual(['survey', `${uuid(1)},${uuid(2)}`]);
});

test('there are five compare modes; S switches to the next one', async () => {
  const { container } = await mount();
  const ways = page.getByRole('radiogroup', { name: 'Compare mode' });
  const names = () =>
    ways
      .getByRole('radio')
      .elements()
      .map(({ textContent }) => textContent.trim());
  await expect.poll(names).toEqual(['Slider', 'Side by side', 'Blink', 'Onion skin', 'Difference']);
  await expect.element(page.getByText('gpt-image-1.5', { exact: true }).first()).toBeVisible();
  await userEvent.keyboard('s');
  await expect.element(ways.getByRole('radio', { name: 'Side by side' })).toBeChecked();
  await expect.poll(() => container.querySelectorAll('.pane').length).toBe(2);
  await ways.getByRole('radio', { name: 'Difference' }).click();
  await expect.element(page.getByText('1024 × 1024 scaled to 1536 × 1024')).toBeVisible();
});

test('Escape fits the images first, then goes back; a missing image says so', async () => {
  const { route, container } = await mount();
  await expect.poll(() => container.querySelectorAll('.image').length).toBe(2);
  const zoom = page.getByRole('group', { name: 'Zoom' });
  await expect.element(zoom.getByRole('button', { name: /^64%/u })).toBeVisible();
  const fitted = zoom.element().textContent;
  await userEvent.keyboard('+');
  await expect.poll(() => zoom.element().textContent).not.toBe(fitted);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => zoom.element().textContent).toBe(fitted);
  await userEvent.keyboard('{Escape}');
  expect(route.view).toBe('library');
  const refusal = { code: 'not-found', message: 'This image is not in the library.', billing: 'none' };
  await mount({ 'library.image': () => ({ refusal }) });
  await expect.element(page.getByRole('alert').getByText(refusal.message)).toBeVisible();
});

test('any other image of the library can be compared, the older one first', async () => {
  const script = scriptedStudio({ 'library.image': () => second });
  const { route, state } = await mountView('viewer', script, uuid(2));
  await page.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByRole('menuitem', { name: 'Choose from library…' }).click();
  await expect
    .poll(() => state.picker.open?.request)
    .toMatchObject({ title: 'Compare with', max: 1, without: uuid(2) });
  state.picker.finish([image(1).id]);
  await expect.poll(() => [route.view, route.imageId, route.otherImageId]).toEqual(['compare', uuid(1), uuid(2)]);
});

test('a row that only one image has is a difference', () => {
  const rows = compareRows(first, second);
  expect(rows.find(({ label }) => label === 'Partials')).toEqual({
    label: 'Partials',
    first: 'Not sent',
    second: '1 of 3 received',
    differs: true,
  });
  expect(rows.map(({ label }) => label)).not.toContain('Request ID');
});
