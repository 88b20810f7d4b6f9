import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { ImageId } from '../../../electron/contract/entities.ts';
import { Route } from '../../../renderer/route.svelte.ts';
import '../../../renderer/app.css';
import CompareView from '../../../renderer/viewer/CompareView.svelte';
import { CompareController } from '../../../renderer/viewer/CompareController.svelte.ts';
import { compareRows } from '../../../renderer/viewer/compare-rows.ts';
import { HOST, scriptedStudio, uuid } from '../state/scripted-studio.ts';
import { pictureRecord } from './picture-record.ts';

beforeEach(async () => {
  await page.viewport(1400, 900);
});

const first = pictureRecord(
  1,
  { prompt: 'A fox in snow', model: 'gpt-image-1.5', cost: 51_000 },
  {
    parameters: { prompt: 'A fox in snow', model: 'gpt-image-1.5', quality: 'high', n: 1 },
    cost: 51_000,
    costBasis: 'usage',
  },
);
const second = pictureRecord(
  2,
  { prompt: 'A fox in deep snow', width: 1024, cost: 196_000, repeats: uuid(1) as ImageId },
  { cost: 196_000, costBasis: 'usage' },
);

async function mount(answers: Parameters<typeof scriptedStudio>[0] = {}) {
  history.replaceState(null, '', `#/compare/${uuid(1)}/${uuid(2)}`);
  const script = scriptedStudio({
    'library.picture': ({ imageId }: { imageId: ImageId }) => (imageId === uuid(1) ? first : second),
    ...answers,
  });
  const route = new Route();
  const { container } = await render(CompareView, { studio: script.studio, host: HOST, route });
  container.style.height = '100vh';
  return { container, route };
}

/** Where the pictures stand, as shares of their panes. */
const places = (container: HTMLElement): string[] =>
  [...container.querySelectorAll<HTMLElement>('.pane .picture')].map(({ style, offsetParent }) => {
    const pane = offsetParent?.getBoundingClientRect() ?? { width: 1, height: 1 };
    const middle = [
      (pane.width / 2 - parseFloat(style.left)) / parseFloat(style.width),
      (pane.height / 2 - parseFloat(style.top)) / parseFloat(style.height),
    ];
    return middle.map((share) => share.toFixed(2)).join(' ');
  });

test('what differs stands in a table: what was asked, cost, time and size; the rest is folded away', async () => {
  await mount();
  const panel = page.getByRole('complementary', { name: 'What differs' });
  await expect.element(panel.getByRole('row', { name: 'Model gpt-image-1.5 gpt-image-2.6-sunburst' })).toBeVisible();
  await expect.element(panel.getByRole('row', { name: 'Cost $0.051 $0.196' })).toBeVisible();
  await expect.element(panel.getByRole('row', { name: 'Size 1536 × 1024 1024 × 1024' })).toBeVisible();
  await expect.element(panel.getByRole('row', { name: /^Profile/u })).not.toBeInTheDocument();
  await panel.getByRole('button', { name: /^The same/u }).click();
  await expect.element(panel.getByRole('row', { name: 'Profile Demo server Demo server' })).toBeVisible();
  const added = [...panel.element().querySelectorAll('ins')].map((word) => word.textContent.trim());
  expect(added).toEqual(['deep']);
});

test('both pictures are looked at alike: what enlarges or moves one does the other', async () => {
  const { container } = await mount();
  await expect.poll(() => places(container)).toEqual(['0.50 0.50', '0.50 0.50']);
  const width = () =>
    [...container.querySelectorAll<HTMLElement>('.picture')].map(({ style }) => parseFloat(style.width));
  const before = width();
  await userEvent.keyboard('+++');
  await expect
    .poll(() => width().map((now, index) => (now / (before[index] ?? 1)).toFixed(2)))
    .toEqual(['1.95', '1.95']);
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  await expect.poll(() => new Set(places(container)).size).toBe(1);
  expect(places(container)[0]).not.toBe('0.50 0.50');
  await page.getByRole('button', { name: 'Fit' }).click();
  await expect.poll(() => places(container)).toEqual(['0.50 0.50', '0.50 0.50']);
});

test('a drag moves both pictures, and neither leaves its place', async () => {
  const { container } = await mount();
  await expect.poll(() => places(container).length).toBe(2);
  await page.getByRole('button', { name: 'Larger' }).click();
  await page.getByRole('button', { name: 'Larger' }).click();
  const [pane] = container.querySelectorAll('.pane');
  if (!pane) throw new Error('No pane.');
  const at = (type: string, clientX: number) =>
    pane.dispatchEvent(new PointerEvent(type, { clientX, clientY: 300, button: 0, pointerId: 1, bubbles: true }));
  pane.setPointerCapture = () => undefined;
  at('pointerdown', 300);
  at('pointermove', 200);
  await expect.poll(() => Number(places(container)[1]?.split(' ')[0])).toBeGreaterThan(0.5);
  at('pointermove', -9000);
  await expect.poll(() => new Set(places(container)).size).toBe(1);
  expect(Number(places(container)[0]?.split(' ')[0])).toBeLessThan(0.7);
  at('pointerup', 0);
});

test('the slider is moved by keys and lets more of one and less of the other be seen', async () => {
  const { container } = await mount();
  await page.getByRole('radio', { name: 'Slider' }).click();
  const slider = page.getByRole('slider', { name: 'How much of each picture is seen' });
  await expect.element(slider).toHaveAttribute('aria-valuenow', '50');
  slider.element().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await expect.element(slider).toHaveAttribute('aria-valuenow', '54');
  const cut = () => container.querySelectorAll<HTMLElement>('.cut')[1]?.style.clipPath;
  const half = cut();
  await userEvent.keyboard('{Home}');
  await expect.element(slider).toHaveAttribute('aria-valuenow', '0');
  expect(cut()).not.toBe(half);
  (document.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard('s');
  await expect.element(slider).not.toBeInTheDocument();
});

test('Escape leads from the enlarged to the whole, then back; a picture that is gone says so', async () => {
  const { route, container } = await mount();
  await expect.poll(() => places(container).length).toBe(2);
  await userEvent.keyboard('+');
  await expect.element(page.getByText('125 %')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByText('100 %')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  expect(route.view).toBe('library');
  const refusal = { code: 'not-found', message: 'This picture is not in the library.', billing: 'none' };
  await mount({ 'library.picture': () => ({ refusal }) });
  await expect.element(page.getByRole('alert').getByText(refusal.message)).toBeVisible();
});

test('the point under the pointer stays where it is', () => {
  const controller = new CompareController(scriptedStudio().studio);
  const corner = { x: 0.2, y: 0.7 };
  const seenAt = () => [
    (corner.x - controller.centre.x) * controller.scale,
    (corner.y - controller.centre.y) * controller.scale,
  ];
  const before = seenAt();
  controller.zoom(1, corner);
  expect(seenAt()[0]).toBeCloseTo(before[0] ?? NaN, 6);
  controller.zoom(-1, corner);
  expect(controller.centre).toEqual({ x: 0.5, y: 0.5 });
  for (let step = 0; step < 50; step += 1) controller.zoom(1);
  expect(controller.scale).toBe(16);
});

test('a row that one of two has not is a difference', () => {
  const rows = compareRows(first, second);
  expect(rows.find(({ label }) => label === 'Partials')).toEqual({
    label: 'Partials',
    first: 'Not sent',
    second: '3 asked, 1 came',
    differs: true,
  });
  expect(rows.map(({ label }) => label)).not.toContain('Request');
});
