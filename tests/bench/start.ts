import type { Page } from '@playwright/test';
import { withLibraryPage } from './library-page.ts';
import { madeLibrary } from './made-library.ts';
import { median, report } from './report.ts';

const RUNS = 7;

/** Loading the page on a library of 100,000 images until its first image is on the screen, against the first paint of an empty library's page. */
export async function start(): Promise<void> {
  const empty = await withLibraryPage(null, ({ page, url }) => repeat(() => firstPaint(page, url)));
  const filled = await withLibraryPage(await madeLibrary(100_000), ({ page, url }) =>
    repeat(() => firstImage(page, url)),
  );
  report({
    bench: 'start',
    figure: 'first image of 100k ÷ empty first paint',
    value: filled / empty,
    unit: 'ratio',
    bar: 2,
    best: 'least',
  });
  report({ bench: 'start', figure: 'first image of 100k', value: filled, unit: 'ms', bar: null, best: 'least' });
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
