import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { StripImages } from '../../../renderer/filmstrip/strip-images.ts';
import Filmstrip from '../../../renderer/filmstrip/Filmstrip.svelte';
import '../../../renderer/app.css';
import { renderInApp } from '../state/render-in-app.ts';
import { image } from '../state/scripted-studio.ts';
import { WITH_IMAGES } from '../viewer/image-record.ts';

beforeEach(async () => {
  await page.viewport(1000, 400);
});

const strip = () => page.getByRole('listbox', { name: 'Images' });
const tile = (name: string) => strip().getByRole('option', { name, exact: true });

/** A strip of so many images, named by their position; `position` is the open one. */
async function openStrip(total: number, position: number | null) {
  const went: (number | null)[] = [];
  const needed: [number, number][] = [];
  const images: StripImages = {
    total,
    ratioAt: () => 4096,
    at: (at) => ({ ...image(at), marks: { rating: at === 3 ? 4 : 0, favourite: false, rejected: at === 4 }, stack: 1 }),
    need: (from, count) => needed.push([from, count]),
  };
  const placeAt = (at: number | null) => ({
    position: at,
    anchor: at ?? 0,
    previous: at === null || at === 0 ? null : at - 1,
    next: at === null || at + 1 >= total ? null : at + 1,
    go: (to: number | null) => went.push(to),
  });
  const { rerender } = await renderInApp(Filmstrip, { host: WITH_IMAGES }, { place: placeAt(position), images });
  return { went, needed, show: (at: number) => rerender({ place: placeAt(at), images }) };
}

test('the open image is marked and in the middle, with its neighbours beside it; a click goes to one', async () => {
  const { went, needed } = await openStrip(100_000, 50_000);
  const open = tile('Image 50000');
  await expect.element(open).toHaveAttribute('aria-selected', 'true');
  await expect.element(open).toHaveAttribute('aria-posinset', '50001');
  expect(strip().getByRole('option', { selected: true }).elements()).toHaveLength(1);
  const [box, whole] = [open.element().getBoundingClientRect(), strip().element().getBoundingClientRect()];
  expect(box.left + box.width / 2).toBeCloseTo(whole.left + whole.width / 2, 0);
  await tile('Image 50002').click();
  await tile('Image 49999').click();
  expect(went).toEqual([50_002, 49_999]);
  // Only what is near is drawn and loaded.
  expect(strip().getByRole('option').elements().length).toBeLessThan(60);
  await expect.poll(() => needed.at(-1)?.[0] ?? 0).toBeGreaterThan(49_900);
});

test('another open image moves the mark, and the strip to it', async () => {
  const { show } = await openStrip(1000, 10);
  await show(500);
  await expect.element(tile('Image 500')).toHaveAttribute('aria-selected', 'true');
  await expect.element(tile('Image 10')).not.toBeInTheDocument();
  const selected = tile('Image 500').element();
  expect(strip().element().getAttribute('aria-activedescendant')).toBe(selected.id);
});

test('arrow keys, Home and End go on from the open image, and stop at the ends', async () => {
  const { went, show } = await openStrip(9, 5);
  strip().element().focus();
  await userEvent.keyboard('{ArrowLeft}{ArrowRight}{Home}{End}');
  expect(went).toEqual([4, 6, 0, 8]);
  await show(8);
  await userEvent.keyboard('{ArrowRight}');
  expect(went.at(-1)).toBeNull();
  await userEvent.keyboard('{Control>}{ArrowLeft}{/Control}');
  expect(went).toHaveLength(5);
});

test('the wheel moves the strip without opening anything', async () => {
  const { went } = await openStrip(1000, 10);
  await expect.element(tile('Image 10')).toBeVisible();
  strip()
    .element()
    .dispatchEvent(new WheelEvent('wheel', { deltaY: 5000, bubbles: true, cancelable: true }));
  await expect.element(tile('Image 10')).not.toBeInTheDocument();
  await expect.poll(() => strip().getByRole('option').elements().length).toBeGreaterThan(5);
  expect(went).toEqual([]);
});

test('a drag moves the strip, and its end is no click', async () => {
  const { went } = await openStrip(1000, 10);
  const from = tile('Image 10').element().getBoundingClientRect();
  const fire = (type: string, by: number) =>
    document.elementFromPoint(from.left + 20, from.top + 20)?.dispatchEvent(
      new PointerEvent(type, {
        ...{ clientX: from.left + 20 + by, clientY: from.top + 20, button: 0, buttons: 1, pointerId: 1 },
        ...{ bubbles: true, cancelable: true },
      }),
    );
  (strip().element() as HTMLElement).setPointerCapture = () => undefined;
  fire('pointerdown', 0);
  fire('pointermove', -300);
  await expect.poll(() => tile('Image 10').element().getBoundingClientRect().left).toBeLessThan(from.left - 200);
  fire('click', -300);
  expect(went).toEqual([]);
});

test('everything has a name, with the marks that are shown', async () => {
  await openStrip(20, 5);
  await expect.element(tile('Image 3, 4 stars')).toBeVisible();
  await expect.element(tile('Image 4, rejected')).toBeVisible();
  const { violations } = await axe.run(strip().element());
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
