import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import '../../../../renderer/app.css';
import { Comparison, RATES } from '../../../../renderer/stage/compare/Comparison.svelte.ts';
import ComparisonView from '../../../../renderer/stage/compare/ComparisonView.svelte';
import { countDifferences, measureDifference } from '../../../../renderer/stage/compare/difference.ts';
import { overlayRect, scalingLabel, sharedRect } from '../../../../renderer/stage/compare/overlay-geometry.ts';
import { painted, side } from './painted.ts';

beforeEach(async () => {
  await page.viewport(1000, 600);
});

const grey = () => painted(100, 50, (context) => fill(context, '#808080', 100));
/** Grey, with 10 of 100 columns far lighter and 5 a little. */
const touched = () =>
  painted(100, 50, (context) => {
    fill(context, '#808080', 100);
    fill(context, '#ffffff', 10);
    context.fillStyle = '#848484';
    context.fillRect(50, 0, 5, 50);
  });

function fill(context: OffscreenCanvasRenderingContext2D, colour: string, columns: number): void {
  context.fillStyle = colour;
  context.fillRect(0, 0, columns, 50);
}

async function mount(mode: Comparison['mode'] = 'slider') {
  const comparison = new Comparison();
  comparison.mode = mode;
  comparison.show(side(await grey(), 'Original'), side(await touched(), 'Celadon'));
  const { container } = await render(ComparisonView, { comparison });
  Object.assign(container.style, { display: 'flex', height: '100vh' });
  await expect.poll(() => comparison.camera.view.height).toBeGreaterThan(500);
  return { comparison, container };
}

const images = (container: HTMLElement) =>
  [...container.querySelectorAll<HTMLElement>('.image')].map((element) => {
    const { left, top, width } = element.getBoundingClientRect();
    const from = element.closest('.pane')?.getBoundingClientRect() ?? { left: 0, top: 0 };
    return [left - from.left, top - from.top, width].map(Math.round).join(' ');
  });

test('differing and visibly differing pixels are counted', async () => {
  const one = new Uint8ClampedArray([0, 0, 0, 255, 9, 9, 9, 255, 1, 1, 1, 255]);
  const other = new Uint8ClampedArray([0, 0, 0, 255, 9, 18, 9, 255, 9, 1, 1, 255]);
  expect(countDifferences(one, other)).toEqual({ compared: 3, changed: 2, visible: 1 });
  const never = new AbortController().signal;
  const [first, second] = [side(await grey(), 'a'), side(await touched(), 'b')];
  expect(await measureDifference(first, second, never)).toEqual({ compared: 5000, changed: 750, visible: 500 });
  expect(await measureDifference(first, first, never)).toEqual({ compared: 5000, changed: 0, visible: 0 });
  // A drawing has no pixels for the worker: the page decodes it.
  const svg = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><rect width="100" height="50" fill="#808080"/></svg>')}`;
  expect((await measureDifference(first, side(svg, 'c'), never)).changed).toBe(0);
  await expect(measureDifference(first, side('/nothing.png', 'd'), never)).rejects.toThrow();
  await expect(measureDifference(first, second, AbortSignal.abort())).rejects.toThrow();
});

test('an image of another size covers the first if the ratio is equal, otherwise fits within it', () => {
  expect(overlayRect({ width: 300, height: 200 }, { width: 1536, height: 1024 })).toEqual({
    ...{ left: 0, top: 0 },
    ...{ width: 300, height: 200 },
  });
  expect(overlayRect({ width: 300, height: 200 }, { width: 50, height: 50 })).toEqual({
    ...{ left: 50, top: 0 },
    ...{ width: 200, height: 200 },
  });
  expect(sharedRect({ width: 301, height: 200 }, { width: 50, height: 50 })).toEqual({
    ...{ left: 51, top: 0 },
    ...{ width: 199, height: 200 },
  });
  expect(scalingLabel({ width: 2, height: 1 }, { width: 2, height: 1 })).toBe('');
  expect(scalingLabel({ width: 300, height: 200 }, { width: 50, height: 50 })).toBe('50 × 50 scaled to 300 × 200');
});

test('keys and the wheel move both panes with one camera', async () => {
  const { comparison, container } = await mount('beside');
  await expect.poll(() => images(container).length).toBe(2);
  expect(comparison.camera.isFitted).toBe(true);
  await userEvent.keyboard('++{ArrowRight}');
  await expect.poll(() => new Set(images(container)).size).toBe(1);
  expect(comparison.camera.current.scale).toBe(2);
  const [pane] = container.querySelectorAll('.pane');
  const { left, top } = pane?.getBoundingClientRect() ?? { left: 0, top: 0 };
  const before = comparison.camera.current;
  const about = { clientX: left + 100, clientY: top + 80 };
  pane?.dispatchEvent(
    new WheelEvent('wheel', { deltaY: -20, ctrlKey: true, cancelable: true, bubbles: true, ...about }),
  );
  const under = (camera: typeof before) =>
    camera.centre.x + (100 - comparison.camera.view.width / 2) / (camera.scale / comparison.camera.view.dpr);
  expect(comparison.camera.current.scale).toBeGreaterThan(2);
  expect(under(comparison.camera.current)).toBeCloseTo(under(before), 6);
  await userEvent.keyboard('0');
  expect(comparison.camera.isFitted).toBe(true);
});

test('fitted images stay fitted when the window is resized', async () => {
  const { comparison } = await mount();
  await page.viewport(700, 400);
  await expect.poll(() => comparison.camera.view.width).toBeLessThan(701);
  expect(comparison.camera.isFitted).toBe(true);
  await userEvent.keyboard('1+');
  const { scale } = comparison.camera.current;
  await page.viewport(900, 500);
  await expect.poll(() => comparison.camera.view.width).toBeGreaterThan(800);
  expect(comparison.camera.current.scale).toBe(scale);
});

test('the split line moves by keys and pointer, within its limits', async () => {
  const { comparison, container } = await mount();
  const slider = page.getByRole('slider', { name: 'Split position' });
  await expect.element(slider).toHaveAttribute('aria-valuenow', '50');
  const cut = () => container.querySelector<HTMLElement>('.over')?.style.clipPath;
  const half = cut();
  slider.element().focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await expect.element(slider).toHaveAttribute('aria-valuenow', '54');
  expect(cut()).not.toBe(half);
  await userEvent.keyboard('{End}{ArrowRight}');
  expect(comparison.split).toBe(100);
  const at = (type: string, clientX: number) =>
    slider.element().dispatchEvent(new PointerEvent(type, { clientX, button: 0, pointerId: 1, bubbles: true }));
  (slider.element() as HTMLElement).setPointerCapture = () => undefined;
  at('pointerdown', 400);
  at('pointermove', 375);
  expect(comparison.split).toBe(75);
  at('pointerup', 375);
  at('pointermove', 300);
  expect(comparison.split).toBe(75);
});

test('with another ratio, the first image is clipped at the split line too', async () => {
  const { comparison, container } = await mount();
  const [first, second] = comparison.sides ?? [];
  if (!first || !second) throw new Error('There are no images.');
  comparison.show(first, { ...second, width: 50 });
  const under = () => container.querySelector<HTMLElement>('.layer:not(.over)')?.style;
  await expect.poll(() => under()?.clipPath).toMatch(/^inset\(0px \d/u);
  comparison.mode = 'blink';
  comparison.running = false;
  comparison.flipped = true;
  await expect.poll(() => under()?.opacity).toBe('0');
});

test('holding Y shows the first image in every mode', async () => {
  const { comparison, container } = await mount();
  await userEvent.keyboard('{y>}');
  expect(comparison.peeking).toBe(true);
  await expect.poll(() => container.querySelector<HTMLElement>('.over')?.style.opacity).toBe('0');
  await expect.element(page.getByText('Celadon', { exact: true })).not.toBeInTheDocument();
  await userEvent.keyboard('{/y}');
  expect(comparison.peeking).toBe(false);
});

test('blinking is at most twice a second, can be paused and stepped by hand', async () => {
  expect(Math.max(...RATES)).toBeLessThanOrEqual(2);
  const { comparison } = await mount('blink');
  comparison.rate = 2;
  await expect.poll(() => comparison.flipped).toBe(true);
  await page.getByRole('button', { name: 'Pause' }).click();
  const now = comparison.flipped;
  await page.getByRole('button', { name: now ? 'Show first' : 'Show second' }).click();
  expect(comparison.flipped).toBe(!now);
  (document.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard(' ');
  expect(comparison.flipped).toBe(now);
  expect(comparison.running).toBe(false);
});

test('onion skin sets the opacity of the second image', async () => {
  const { comparison, container } = await mount('onion');
  page
    .getByRole('slider', { name: /^Opacity of the second/u })
    .element()
    .focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(comparison.onion).toBe(51);
  await expect.poll(() => container.querySelector<HTMLElement>('.over')?.style.opacity).toBe('0.51');
});

test('the difference is drawn, can be amplified and is shown as a figure', async () => {
  const { comparison, container } = await mount('difference');
  await expect.element(page.getByText('15% of pixels differ, 10% visibly')).toBeVisible();
  await page.getByRole('radio', { name: '×16' }).click();
  await expect
    .poll(() => getComputedStyle(container.querySelector('.blended') ?? container).filter)
    .toBe('brightness(16)');
  const [first] = comparison.sides ?? [];
  if (!first) throw new Error('There is no first image.');
  comparison.show(first, { ...first, label: 'Same' });
  await expect.element(page.getByText('No pixels differ')).toBeVisible();
  comparison.show(first, side('/nothing.png', 'Gone', { width: 50, height: 50 }));
  await expect.element(page.getByText('Couldn’t compare pixels')).toBeVisible();
  await expect.element(page.getByText('50 × 50 scaled to 100 × 50')).toBeVisible();
});
