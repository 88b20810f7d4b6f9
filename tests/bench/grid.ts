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
  const frames = { scrolled: 0 };
  line(
    'longest task while scrolling',
    await longestTask(page, async () => void (frames.scrolled = await scrollFrames(page))),
    'ms',
    50,
  );
  line('frame p95 while scrolling', frames.scrolled, 'ms', null);
  const months: number[] = [];
  line(
    'longest task while scrubbing',
    await longestTask(page, async () => void months.push(...(await scrub(page)))),
    'ms',
    50,
  );
  line('month by scrubber to its images', median(months), 'ms', 150);
  line('longest task while filtering', await longestTask(page, () => filter(page)), 'ms', 50);
  line('longest task while selecting all', await longestTask(page, () => selectAll(page)), 'ms', 50);
  line('page heap more than at 1k', ((await heapOf(page)) - baseHeap) / MEGABYTE, 'MB', 96);
}

/** Scrolls by {@link STEP} in each frame. @returns the 95th percentile of the time between frames, ms */
async function scrollFrames(page: Page): Promise<number> {
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
    { step: STEP, count: FRAMES },
  );
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

async function filter(page: Page): Promise<void> {
  const search = page
    .getByRole('combobox', { name: 'Search' })
    .or(page.getByRole('searchbox', { name: 'Search' }))
    .first();
  for (const text of ['fox', 'mountain -red', 'rating:>=4']) {
    await search.fill(text);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(700);
  }
  await search.fill('');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(700);
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
