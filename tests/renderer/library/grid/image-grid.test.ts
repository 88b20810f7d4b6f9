import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { cleanup } from 'vitest-browser-svelte';
import { mountView, type Mounted } from '../../state/mounted-view.ts';
import { drawn as frameDrawn } from '../../stage/real-pointer.ts';
import { cell, indexOf, scroller } from './scripted-index.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1200, 800);
});

const focusedName = () => document.activeElement?.getAttribute('aria-label')?.split(',')[0];
const drawn = () => document.querySelectorAll('[role="gridcell"]').length;

/** The longest task while something happens, ms. */
async function longestTask(act: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ type: 'longtask' });
  await act();
  await new Promise((done) => setTimeout(done, 50));
  observer.disconnect();
  return longest;
}

const ROUNDS = 3;

/** The longest tasks, ms, while End goes from the first to the last of so many images, a few times. */
async function pressEnd(total: number) {
  const { script, shape } = indexOf(total);
  const { state } = await mountView('library', { ...script, shape });
  await expect.element(cell(total)).toBeVisible();
  cell(total).element().focus();
  const tasks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await userEvent.keyboard('{Home}');
    await expect.poll(focusedName).toBe(`Image ${total}`);
    const longest = await longestTask(async () => {
      await userEvent.keyboard('{End}');
      await expect.poll(focusedName).toBe('Image 1');
    });
    tasks.push(longest);
  }
  return { tasks, state };
}

/** Takes a page away. Stopping stores the place in the library, which would be restored. */
function leave({ state }: { state: Mounted['state'] }): void {
  cleanup();
  state.stop();
  localStorage.clear();
}

/** A library of 6,000 images whose index is loading; `ready` ends that. */
async function openLoading() {
  const { script, shape, preview } = indexOf(6000);
  const ready = preview();
  const mounted = await mountView('library', { ...script, shape });
  await expect.element(cell(6000)).toBeVisible();
  cell(6000).element().focus();
  return { ...mounted, ready };
}
const grid = () => page.getByRole('grid', { name: 'Images' });

test('End waits for the index, with empty rows, and goes to the last image then', async () => {
  const { ready } = await openLoading();
  await userEvent.keyboard('{End}');
  await expect.element(grid()).toHaveAttribute('aria-busy', 'true');
  await expect.element(page.getByText(/^Preparing all images…/u)).toBeVisible();
  expect([focusedName(), scroller().scrollTop]).toEqual(['Image 6000', 0]);
  ready();
  await expect.poll(focusedName).toBe('Image 1');
  await expect.element(grid()).toHaveAttribute('aria-busy', 'false');
});

test('a step that waits is given up by another one', async () => {
  const { ready, state } = await openLoading();
  await userEvent.keyboard('{End}{ArrowRight}');
  await expect.poll(focusedName).toBe('Image 5999');
  await userEvent.keyboard('{End}{Escape}');
  await expect.element(grid()).toHaveAttribute('aria-busy', 'false');
  ready();
  await expect.poll(() => state.library.view.total).toBe(6000);
  await expect.element(cell(6000)).toBeVisible();
  expect(focusedName()).toBe('Image 5999');
});

test('a typed date waits for the index too, and so does the end of the months', async () => {
  const first = await openLoading();
  typeKeys('j2025-01');
  await expect.element(grid()).toHaveAttribute('aria-busy', 'true');
  first.ready();
  // The 23rd of months with 100 images each.
  await expect.poll(focusedName).toBe('Image 3800');
  leave(first);
  const second = await openLoading();
  page.getByRole('slider', { name: 'Month' }).element().focus();
  await userEvent.keyboard('{End}');
  await expect.element(grid()).toHaveAttribute('aria-busy', 'true');
  second.ready();
  // The first of the last month's images, which fill more than a screen.
  await expect.element(cell(100)).toBeVisible();
});

test('a million images: End shows the last one, Home the first, with few elements', async () => {
  // Two pages of the same kind, a few rounds of each, and a few tries: the machine may be busy during one of them only.
  for (let tries = 3; ; tries -= 1) {
    const few = await pressEnd(1000);
    leave(few);
    const many = await pressEnd(1_000_000);
    const [longest, bound] = [Math.min(...many.tasks), 60 + 4 * Math.max(...few.tasks)];
    if (longest < bound) break;
    expect(tries, `${longest} ms, the bound is ${bound} ms`).toBeGreaterThan(1);
    leave(many);
  }
  const last = cell(1).element().getBoundingClientRect();
  expect(last.bottom).toBeLessThanOrEqual(scroller().getBoundingClientRect().bottom);
  expect(last.top).toBeGreaterThan(0);
  expect(drawn()).toBeLessThan(120);
  expect(scroller().scrollHeight).toBeLessThan(33_000_000 / devicePixelRatio);
  await userEvent.keyboard('{Home}');
  await expect.poll(focusedName).toBe('Image 1000000');
  expect(scroller().scrollTop).toBe(0);
});

test('the scrollbar reaches both ends, and the wheel moves by its pixels', async () => {
  const { script, shape } = indexOf(1_000_000);
  await mountView('library', { ...script, shape });
  await expect.element(cell(1_000_000)).toBeVisible();
  scroller().scrollTop = scroller().scrollHeight;
  await expect.element(cell(1)).toBeVisible();
  scroller().scrollTop = scroller().scrollHeight / 2;
  await expect
    .poll(() => Number(document.querySelector('[data-position]')?.getAttribute('data-position')))
    .toBeGreaterThan(300_000);
  await expect.poll(() => document.querySelector('[aria-label="Loading"]')).toBeNull();
  const one = [...document.querySelectorAll('[role="gridcell"]')].find(
    (each) => each.getBoundingClientRect().top > 300,
  );
  const name = one?.getAttribute('aria-label') ?? '';
  const before = one?.getBoundingClientRect().top ?? NaN;
  scroller().scrollTop += 120;
  await expect
    .poll(() =>
      Math.round(before - (document.querySelector(`[aria-label="${name}"]`)?.getBoundingClientRect().top ?? NaN)),
    )
    .toBe(120);
});

test('a turn of the wheel that a busy page hears of late is not taken back', async () => {
  const { script, shape } = indexOf(1_000_000);
  await mountView('library', { ...script, shape });
  await expect.element(cell(1_000_000)).toBeVisible();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  scroller().scrollTop = scroller().scrollHeight / 2;
  await frameDrawn();
  scroller().scrollTop += 120;
  await frameDrawn();
  const shown = [...document.querySelectorAll('[data-position]')].find(
    (each) => each.getBoundingClientRect().top > 300,
  );
  const topOf = () =>
    document.querySelector(`[data-position="${shown?.getAttribute('data-position')}"]`)?.getBoundingClientRect().top ??
    NaN;
  const before = topOf();
  scroller().scrollTop += 120;
  // Scrolling seems to have ended: the next event comes with the next frame.
  vi.advanceTimersByTime(1000);
  await frameDrawn();
  expect(Math.round(before - topOf())).toBe(120);
});

test('arrows keep the column, pages go by views, Shift selects, one cell is in the tab order', async () => {
  const { script, shape } = indexOf(5000);
  const { state } = await mountView('library', { ...script, shape });
  await expect.element(cell(5000)).toBeVisible();
  cell(4998).element().focus();
  const { x } = cell(4998).element().getBoundingClientRect();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}{ArrowUp}');
  expect(focusedName()).toBe('Image 4998');
  await userEvent.keyboard('{PageDown}');
  await expect.poll(() => Number(focusedName()?.split(' ')[1])).toBeLessThan(4990);
  expect(Math.abs((document.activeElement?.getBoundingClientRect().x ?? 0) - x)).toBeLessThan(300);
  await userEvent.keyboard('{Home}{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
  await expect.poll(() => state.library.selection.count).toBe(3);
  expect(document.querySelectorAll('[role="grid"] [tabindex="0"]').length).toBe(1);
  await userEvent.keyboard('{Control>}a{/Control}');
  await expect.poll(() => state.library.selection.count).toBe(5000);
});

/** A key press as the browser delivers it; its time is that of this call. */
const keyPress = (key: string) => new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
const dispatch = (event: KeyboardEvent) => document.activeElement?.dispatchEvent(event);
const typedDate = () => page.getByRole('status').getByText(/^[a-z]{3}/u);

/** Types at once: between real keys a busy machine can take longer than any pause in typing. */
function typeKeys(text: string): void {
  for (const key of text) dispatch(keyPress(key));
}

test('typing a month goes there', async () => {
  const { script, shape } = indexOf(60_000);
  await mountView('library', { ...script, shape });
  await expect.element(cell(60_000)).toBeVisible();
  cell(60_000).element().focus();
  typeKeys('mar 2025');
  await expect.element(page.getByRole('heading', { name: 'March 2025' })).toBeVisible();
  // What was typed goes by itself, and the next letter begins another date.
  await expect.element(typedDate()).not.toBeInTheDocument();
  typeKeys('may');
  await expect.element(page.getByRole('heading', { name: 'May 2026' })).toBeVisible();
});

test('a key that waited for a busy page belongs to the date that was shown when it was pressed', async () => {
  const { script, shape } = indexOf(60_000);
  const { route } = await mountView('library', { ...script, shape });
  await expect.element(cell(60_000)).toBeVisible();
  cell(60_000).element().focus();
  typeKeys('mar');
  const waiting = ' 2025'.split('').map(keyPress);
  await expect.element(page.getByRole('heading', { name: 'March 2026' })).toBeVisible();
  await expect.element(typedDate()).not.toBeInTheDocument();
  waiting.forEach(dispatch);
  await expect.element(page.getByRole('heading', { name: 'March 2025' })).toBeVisible();
  expect(route.view).toBe('library');
  // Pressed later: it opens the image.
  await expect.element(typedDate()).not.toBeInTheDocument();
  dispatch(keyPress(' '));
  expect(route.view).toBe('viewer');
});

test('the scrubber goes from month to month, and says month and count', async () => {
  const { script, shape } = indexOf(60_000);
  await mountView('library', { ...script, shape });
  await expect.element(cell(60_000)).toBeVisible();
  cell(60_000).element().focus();
  typeKeys('mar 2025');
  const scrubber = page.getByRole('slider', { name: 'Month' });
  await expect.element(scrubber).toHaveAttribute('aria-valuetext', 'March 2025, 1,000 images');
  scrubber.element().focus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(scrubber).toHaveAttribute('aria-valuetext', 'February 2025, 1,000 images');
  await expect.element(page.getByRole('heading', { name: 'February 2025' })).toBeVisible();
  await userEvent.keyboard('{End}');
  await expect.element(scrubber).toHaveAttribute('aria-valuetext', 'December 2021, 1,000 images');
});

test('images that arrive at the head leave what is looked at where it is, and can be shown', async () => {
  const { script, shape, grow } = indexOf(5000);
  await mountView('library', { ...script, shape });
  await expect.element(cell(5000)).toBeVisible();
  scroller().scrollTop = 3000;
  await expect
    .poll(() =>
      [...document.querySelectorAll('[data-position]')].some((each) => each.getBoundingClientRect().top > 300),
    )
    .toBe(true);
  await expect.poll(() => document.querySelector('[aria-label="Loading"]')).toBeNull();
  const one = [...document.querySelectorAll('[role="gridcell"]')].find(
    (each) => each.getBoundingClientRect().top > 300,
  );
  const name = one?.getAttribute('aria-label') ?? '';
  const before = one?.getBoundingClientRect().top ?? NaN;
  grow(3);
  await expect.element(page.getByRole('button', { name: '3 new images' })).toBeVisible();
  const after = document.querySelector(`[aria-label="${name}"]`)?.getBoundingClientRect().top ?? NaN;
  // Rows of its month are filled anew: it may be in the row before or after.
  expect(Math.abs(after - before)).toBeLessThan(230);
  await page.getByRole('button', { name: '3 new images' }).click();
  await expect.element(cell(5003)).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'new image', exact: false })).not.toBeInTheDocument();
});

test('the grid says how many rows and columns it has, and where each is', async () => {
  const { script, shape } = indexOf(500);
  await mountView('library', { ...script, shape });
  await expect.element(cell(500)).toBeVisible();
  const grid = page.getByRole('grid', { name: 'Images' }).element();
  expect(Number(grid.getAttribute('aria-rowcount'))).toBeGreaterThan(100);
  expect(Number(grid.getAttribute('aria-colcount'))).toBeGreaterThan(3);
  const rows = [...grid.querySelectorAll('[role="row"]')].map((row) => Number(row.getAttribute('aria-rowindex')));
  expect(new Set(rows).size).toBe(rows.length);
  expect(cell(500).element().closest('[role="row"]')?.getAttribute('aria-rowindex')).toBe('2');
  expect(cell(499).element().getAttribute('aria-colindex')).toBe('2');
});
