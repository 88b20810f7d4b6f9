import type { Page } from '@playwright/test';
import { withLibraryPage } from './library-page.ts';
import { madeLibrary } from './made-library.ts';
import { median, report } from './report.ts';

const SIZES = [100_000, 1_000_000] as const;
const RUNS = 7;

/** Loading the page on large libraries until their first image is on the screen, against the first paint of an empty library's page. */
export async function start(): Promise<void> {
  const empty = await withLibraryPage(null, ({ page, url }) => repeat(() => firstPaint(page, url)));
  for (const size of SIZES) {
    const name = size === 1_000_000 ? '1M' : '100k';
    const filled = await withLibraryPage(await madeLibrary(size), ({ page, url }) =>
      repeat(() => firstImage(page, url)),
    );
    const line = (figure: string, value: number, unit: string, bar: number | null): void =>
      report({ bench: 'start', figure, value, unit, bar, best: 'least' });
    line(`first image of ${name} ÷ empty first paint`, filled / empty, 'ratio', 2);
    line(`first image of ${name}`, filled, 'ms', null);
  }
  report({ bench: 'start', figure: 'empty first paint', value: empty, unit: 'ms', bar: null, best: 'least' });
}

async function repeat(act: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) times.push(await act());
  // The first run warms up.
  return median(times.slice(1));
}

async function load(page: Page, url: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${url.split('#')[0] ?? url}#/library`);
}

async function firstPaint(page: Page, url: string): Promise<number> {
  await load(page, url);
  return page.evaluate(async () => {
    for (;;) {
      const paint = performance.getEntriesByName('first-contentful-paint')[0];
      if (paint) return paint.startTime;
      await new Promise(requestAnimationFrame);
    }
  });
}

/** Milliseconds from the navigation until a thumbnail of the grid is decoded and painted. */
async function firstImage(page: Page, url: string): Promise<number> {
  await load(page, url);
  return page.evaluate(async () => {
    for (;;) {
      const image = [...document.querySelectorAll<HTMLImageElement>('[role=gridcell] img')].find(
        ({ complete, naturalWidth }) => complete && naturalWidth > 0,
      );
      await new Promise(requestAnimationFrame);
      if (image || performance.now() > 60_000) return performance.now();
    }
  });
}
