import { chromium, type Page } from '@playwright/test';
import type { EndpointName, Result } from '../../electron/contract/endpoints.ts';
import { findBrowser, NO_BROWSER } from '../browser.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { progress } from './report.ts';

/** A made library on the screen of a real Chromium, through the built loopback host. */
export interface LibraryPage {
  page: Page;
  url: string;
  /** Images in the library, without those in the trash. */
  images: number;
}

const VIEWPORT = { width: 1600, height: 1000 };
/** No request is sent; without a profile the page would show its first run. */
const PROFILE = { OPENAI_API_KEY: 'sk-bench-0123456789', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };

/** Opens a library and calls `act` once its index is ready and the first images are shown. @param dir null: an empty library */
export async function withLibraryPage<Result>(
  dir: string | null,
  act: (opened: LibraryPage) => Promise<Result>,
): Promise<Result> {
  const browser = await findBrowser();
  if (!browser) throw new Error(NO_BROWSER);
  const { home, remove } = await makeHome();
  const host = await startLoopbackHost({ home, args: dir === null ? [] : ['--library', dir], environment: PROFILE });
  const { executablePath, args, env } = browser;
  const chrome = await chromium.launch({ executablePath, args, env });
  try {
    const page = await chrome.newPage({ viewport: VIEWPORT, reducedMotion: 'reduce' });
    await page.addInitScript(offerCalls);
    await page.goto(host.url);
    const images = dir === null ? 0 : await showLibrary(page);
    return await act({ page, url: host.url, images });
  } finally {
    await chrome.close();
    await host.stop();
    await remove();
  }
}

/** In the page: `benchCall`. */
function offerCalls(): void {
  window.benchCall = async <Name extends EndpointName>(endpoint: Name, payload: unknown): Promise<Result<Name>> => {
    const { studio } = window as unknown as { studio: { call(endpoint: string, payload: unknown): Promise<object> } };
    const outcome = await studio.call(endpoint, payload);
    if ('ok' in outcome) return outcome.ok as Result<Name>;
    throw new Error(JSON.stringify(outcome));
  };
}

async function showLibrary(page: Page): Promise<number> {
  const from = performance.now();
  await page.evaluate(() => (location.hash = '#/library'));
  await page.evaluate(async () => {
    while (!(await window.benchCall('views.status', {})).ready)
      await new Promise((resolve) => setTimeout(resolve, 100));
  });
  progress(`  index ready after ${((performance.now() - from) / 1000).toFixed(1)} s`);
  await page.waitForSelector('[role=gridcell][data-position="0"]:not([aria-label="Loading"])', { timeout: 30_000 });
  await watchTasks(page);
  const question = {
    query: '',
    sort: { by: 'date', descending: true },
    grouping: 'none',
    stacking: 'none',
    place: 'library',
  };
  return page.evaluate(async (asked) => (await window.benchCall('views.ask', { question: asked })).total, question);
}

/** Collects the page's tasks of more than 50 ms. */
async function watchTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.benchTasks = [];
    new PerformanceObserver((list) =>
      window.benchTasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ type: 'longtask' });
  });
}

/** Runs `act`. @returns the page's longest task meanwhile, ms; 0 if none was longer than 50 */
export async function longestTask(page: Page, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => void (window.benchTasks.length = 0));
  await act();
  await page.waitForTimeout(200);
  return page.evaluate(() => Math.max(0, ...window.benchTasks));
}

/** Milliseconds from the next key or pointer press until all cells on the screen are drawn, among them that of `position` if given. */
export async function timeUntilShown(
  page: Page,
  press: () => Promise<unknown>,
  position: number | null,
): Promise<number> {
  const shown = page.evaluate(async (wanted) => {
    const start = await new Promise<number>((pressed) => {
      const note = (event: Event): void => pressed(event.timeStamp);
      addEventListener('keydown', note, { capture: true, once: true });
      addEventListener('pointerdown', note, { capture: true, once: true });
    });
    const isShown = (): boolean => {
      const cells = [...document.querySelectorAll<HTMLElement>('[role=gridcell][data-position]')].filter((cell) => {
        const { top, bottom } = cell.getBoundingClientRect();
        return bottom > 60 && top < innerHeight;
      });
      const isComplete = cells.length > 0 && cells.every((cell) => !cell.classList.contains('blank'));
      return isComplete && (wanted === null || cells.some((cell) => Number(cell.dataset.position) === wanted));
    };
    // The frame of the press still shows what was there before.
    await new Promise(requestAnimationFrame);
    while (!isShown() && performance.now() - start < 20_000) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  }, position);
  await page.evaluate(() => undefined);
  await press();
  return shown;
}

/** Gives the grid the keyboard focus, at its first image. */
export async function focusGrid(page: Page): Promise<void> {
  await page.locator('[role=gridcell][tabindex="0"]').first().focus();
}

declare global {
  interface Window {
    benchTasks: number[];
    /** Calls an endpoint as the page does. Ids are plain strings here. */
    benchCall<Name extends EndpointName>(endpoint: Name, payload: unknown): Promise<Result<Name>>;
  }
}
