import type { Page } from '@playwright/test';
import { focusGrid, longestTask, timeUntilShown, withLibraryPage, type LibraryPage } from './library-page.ts';
import { madeLibrary } from './made-library.ts';
import { median, progress, report } from './report.ts';

const SIZES = [100_000, 1_000_000] as const;
const MEGABYTE = 1024 * 1024;
/** Pixels scrolled in each frame, and frames. */
const STEP = 1000;
const FRAMES = 180;

/** The grid at 100,000 and 1,000,000 images in a real browser: jumps, tasks of the page, memory, frames. */
export async function grid(): Promise<void> {
  const baseHeap = await withLibraryPage(await madeLibrary(1000), ({ page }) => heapOf(page));
  for (const size of SIZES) {
    const name = size === 1_000_000 ? '1M' : '100k';
    progress(`grid ${name} …`);
    await withLibraryPage(await madeLibrary(size), (opened) => measure(opened, name, baseHeap));
  }
}

async function measure({ page, images }: LibraryPage, name: string, baseHeap: number): Promise<void> {
  const line = (figure: string, value: number, unit: string, bar: number | null): void =>
    report({ bench: 'grid', figure: `${figure}, ${name}`, value, unit, bar, best: 'least' });
  const jumps: number[] = [];
  const jumpTask = await longestTask(page, async () => {
    for (let run = 0; run < 5; run += 1) {
      await focusGrid(page);
      jumps.push(await timeUntilShown(page, () => page.keyboard.press('End'), images - 1));
      await timeUntilShown(page, () => page.keyboard.press('Home'), 0);
    }
  });
  line('End pressed to last image on screen', median(jumps), 'ms', 300);
  line('longest task while jumping', jumpTask, 'ms', 50);
  const empty = await page.context().browser()?.newPage();
  if (!empty) throw new Error('The browser has ended.');
  const frames: Record<'grid' | 'empty', number[]> = { grid: [], empty: [] };
  const scrolled = await longestTask(page, async () => {
    for (let run = 0; run < 3; run += 1) {
      frames.empty.push(await scrollFrames(empty, FRAMES));
      frames.grid.push(await scrollFrames(page, FRAMES));
    }
  });
  await empty.close();
  await page.bringToFront();
  line('longest task while scrolling', scrolled, 'ms', 50);
  line('frame p95 while scrolling ÷ empty page’s', median(frames.grid) / median(frames.empty), 'ratio', 1.05);
  line('frame p95 while scrolling', median(frames.grid), 'ms', null);
  line('all thumbnails there after the scroll stops', median(await stops(page)), 'ms', 250);
  const months: number[] = [];
  line(
    'longest task while scrubbing',
    await longestTask(page, async () => void months.push(...(await scrub(page)))),
    'ms',
    50,
  );
  line('month by scrubber to its images', median(months), 'ms', 150);
  const searches: number[] = [];
  const filtered = await longestTask(page, async () => void searches.push(...(await filter(page))));
  line('longest task while filtering', filtered, 'ms', 50);
  line('query typed to first images painted', median(searches), 'ms', 100);
  line('longest task while selecting all', await longestTask(page, () => selectAll(page)), 'ms', 50);
  line('page heap more than at 1k', ((await heapOf(page)) - baseHeap) / MEGABYTE, 'MB', 96);
}

/** Scrolls by {@link STEP} in each frame; an empty page does nothing. @returns the 95th percentile of the time between frames, ms */
async function scrollFrames(page: Page, frames: number): Promise<number> {
  await page.bringToFront();
  return page.evaluate(
    async ({ step, count }) => {
      const scroller = document.querySelector('[role=grid]')?.parentElement;
      const times: number[] = [];
      let last = await new Promise<number>(requestAnimationFrame);
      for (let frame = 0; frame < count; frame += 1) {
        scroller?.scrollBy(0, step);
        const now = await new Promise<number>(requestAnimationFrame);
        times.push(now - last);
        last = now;
      }
      return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;
    },
    { step: STEP, count: frames },
  );
}

/** Scrolls to several places among the images that have files. @returns the time of each from the last step until all thumbnails on the screen are there, ms */
async function stops(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (const frames of [15, 25, 35, 45]) {
    await focusGrid(page);
    await timeUntilShown(page, () => page.keyboard.press('Home'), 0);
    await page.waitForTimeout(500);
    await scrollFrames(page, frames);
    times.push(await page.evaluate(untilLoaded));
  }
  return times;
}

/** In the page: milliseconds until each cell on the screen has its thumbnail. */
async function untilLoaded(): Promise<number> {
  const start = performance.now();
  const isLoaded = (): boolean => {
    const cells = [...document.querySelectorAll<HTMLElement>('[role=gridcell][data-position]')].filter((cell) => {
      const { top, bottom } = cell.getBoundingClientRect();
      return bottom > 60 && top < innerHeight;
    });
    const images = cells.map((cell) => cell.querySelector('img'));
    return images.length > 0 && images.every((image) => image?.complete === true && image.naturalWidth > 0);
  };
  while (!isLoaded() && performance.now() - start < 20_000) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}

/** Presses on the scrubber at places all over it. @returns the time of each until its images are shown, ms */
async function scrub(page: Page): Promise<number[]> {
  const box = await page.getByRole('slider', { name: 'Month' }).boundingBox();
  if (!box) throw new Error('There is no scrubber.');
  const times: number[] = [];
  for (let run = 1; run <= 12; run += 1) {
    const y = box.y + box.height * ((run * 0.618_034) % 1);
    times.push(await timeUntilShown(page, () => page.mouse.click(box.x + box.width / 2, y), null));
  }
  return times;
}

/** Typed one after the other; each finds other images than the one before. */
const SEARCHES = ['fox', 'harbour', 'glass', 'linocut', 'mountain -red', 'rating:>=4'];

/** Searches. @returns the time of each from Enter until the first images of its answer are painted, ms */
async function filter(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (const text of SEARCHES) {
    times.push(await page.evaluate(searchFor, text));
    await page.waitForTimeout(700);
  }
  await page.getByRole('button', { name: 'Clear search' }).click();
  await page.waitForTimeout(700);
  return times;
}

/** In the page: types a text, presses Enter, and waits for the frame after the one that draws the first images of the answer. */
async function searchFor(text: string): Promise<number> {
  const search = document.querySelector<HTMLInputElement>('[role=combobox][aria-label=Search]');
  if (!search) throw new Error('There is no search field.');
  const names = (): string[] =>
    [...document.querySelectorAll('[role=gridcell][data-position]')]
      .slice(0, 6)
      .map((cell) => (cell.classList.contains('blank') ? 'blank' : (cell.getAttribute('aria-label') ?? '')));
  const before = names().join();
  const isShown = (): boolean => !names().includes('blank') && names().join() !== before;
  search.focus();
  search.value = text;
  search.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }));
  const start = performance.now();
  search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  while (!isShown() && performance.now() - start < 20_000) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
}

async function selectAll(page: Page): Promise<void> {
  await focusGrid(page);
  await page.keyboard.press('Control+a');
  await page.waitForTimeout(500);
  await page.keyboard.press('Escape');
}

/** Bytes of the page's objects and of what they hold outside the heap, after a garbage collection. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as Record<string, number>;
  await session.detach();
  return (usage.usedSize ?? 0) + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0);
}
