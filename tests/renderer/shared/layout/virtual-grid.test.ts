import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import GridHarness from './GridHarness.svelte';

const items = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    id: `p${from + index}`,
    ratio: [1.5, 1, 2 / 3][(from + index) % 3] ?? 1,
    day: `Day ${Math.floor((from + index) / 400)}`,
  }));
const scroller = () => document.querySelector<HTMLElement>('.scroller') as HTMLElement;
const cells = () => [...document.querySelectorAll<HTMLElement>('[role="listitem"]')];

test('100,000 images need few elements at every scroll position', async () => {
  await render(GridHarness, { items: items(100_000) });
  await expect.element(page.getByRole('link', { name: 'p0', exact: true })).toBeVisible();
  expect(cells().length).toBeLessThan(120);
  scroller().scrollTop = scroller().scrollHeight / 2;
  await expect.poll(() => Number(cells()[0]?.dataset['index'])).toBeGreaterThan(40_000);
  expect(cells().length).toBeLessThan(120);
  scroller().scrollTop = scroller().scrollHeight;
  await expect.element(page.getByRole('link', { name: 'p99999' })).toBeVisible();
  expect(document.querySelectorAll('*').length).toBeLessThan(600);
});

test('visible images are within the window and don’t overlap', async () => {
  await render(GridHarness, { items: items(200) });
  await expect.poll(() => cells().length).toBeGreaterThan(8);
  const boxes = cells().map((cell) => cell.getBoundingClientRect());
  for (const [index, box] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      const apart =
        other.left >= box.right || other.top >= box.bottom || box.left >= other.right || box.top >= other.bottom;
      expect(apart).toBe(true);
    }
  }
});

test('one tab stop; arrows, Home and End reach every item, also those not rendered', async () => {
  await render(GridHarness, { items: items(1000) });
  await expect.element(page.getByRole('link', { name: 'p0', exact: true })).toBeVisible();
  await userEvent.tab();
  await expect.element(page.getByRole('link', { name: 'p0', exact: true })).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByRole('link', { name: 'p1', exact: true })).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}{ArrowUp}');
  await expect.element(page.getByRole('link', { name: 'p1', exact: true })).toHaveFocus();
  await userEvent.keyboard('{End}');
  await expect.element(page.getByRole('link', { name: 'p999' })).toHaveFocus();
  await userEvent.keyboard('{Home}');
  await expect.element(page.getByRole('link', { name: 'p0', exact: true })).toHaveFocus();
  expect(document.querySelectorAll('a[tabindex="0"]')).toHaveLength(1);
});

test('groups have headings that name their lists', async () => {
  await render(GridHarness, { items: items(900) });
  await expect.element(page.getByRole('heading', { name: 'Day 0' })).toBeVisible();
  await expect.element(page.getByRole('list', { name: 'Images, Day 0' })).toBeInTheDocument();
  await expect.element(page.getByRole('heading', { name: 'Day 2' })).not.toBeInTheDocument();
});

test('requests more once near the end, and nothing moves when it arrives', async () => {
  const onreachend = vi.fn();
  const screen = await render(GridHarness, { items: items(200), onreachend });
  await expect.element(page.getByRole('link', { name: 'p0', exact: true })).toBeVisible();
  const before = onreachend.mock.calls.length;
  scroller().scrollTop = scroller().scrollHeight;
  await expect.poll(() => onreachend.mock.calls.length).toBe(Math.max(1, before));
  const place = () => document.querySelector('[data-index="150"]')?.getBoundingClientRect().top;
  scroller().scrollTop -= 400;
  await expect.poll(place).toBeDefined();
  const top = place();
  await screen.rerender({ items: items(400) });
  await expect.poll(() => scroller().scrollHeight).toBeGreaterThan(6000);
  expect(place()).toBe(top);
});

test('visible images keep their place when others are inserted above', async () => {
  const old = items(3000, 100);
  const grid = await render(GridHarness, { items: old });
  await expect.poll(() => cells().length).toBeGreaterThan(8);
  scroller().scrollTop = 5000;
  await expect.poll(() => Number(cells()[0]?.dataset['index'])).toBeGreaterThan(20);
  const head = scroller().getBoundingClientRect().top;
  const first = cells().find((cell) => cell.getBoundingClientRect().bottom > head);
  const name = first?.textContent ?? '';
  const before = first?.getBoundingClientRect().top ?? NaN;
  await grid.rerender({ items: [...items(100), ...old] });
  const again = () =>
    cells()
      .find((cell) => cell.textContent === name)
      ?.getBoundingClientRect().top ?? NaN;
  await expect.poll(() => Math.abs(again() - before)).toBeLessThan(1);
  expect(scroller().scrollTop).toBeGreaterThan(6000);
  scroller().scrollTop = 0;
  await expect.element(page.getByRole('link', { name: 'p0', exact: true })).toBeVisible();
});
