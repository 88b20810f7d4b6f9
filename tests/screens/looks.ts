import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import sharp from 'sharp';

export const THEMES = ['dark', 'light'] as const;
/** Window sizes that every screen supports, and the narrow one in which the inspector is a sheet. */
export const WIDE = { width: 1800, height: 1100 };
export const NARROW = { width: 1000, height: 720 };
export const SMALL = { width: 900, height: 640 };

export type WindowSize = typeof WIDE;

/** Target folder and filter of the screenshots. */
export interface Camera {
  folder: string;
  /** Without a width: at any. */
  wants(name: string, width?: number): boolean;
  /** The screenshots taken so far: `NAME-THEME-WIDTH`. */
  taken: Set<string>;
}

/** Opens a studio's page in a new window. */
export async function openWindow(browser: Browser, url: string, viewport: WindowSize): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme: 'dark', locale: 'en-GB' });
  await page.goto(url);
  await page.getByRole('heading').first().waitFor();
  return page;
}

/** Takes screenshots of a page in both themes. Reports cut-off elements on the console. */
export async function photograph(page: Page, { folder, taken }: Camera, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const width = page.viewportSize()?.width ?? 0;
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const photo = `${name}-${colorScheme}-${width}`;
    const file = resolve(folder, `${photo}.webp`);
    await sharp(await page.screenshot())
      .webp({ quality: 88 })
      .toFile(file);
    taken.add(photo);
    console.log(file);
  }
  for (const fault of await cutOff(page)) console.log(`  ${name} at ${width}: ${fault}`);
  await page.emulateMedia({ colorScheme: 'dark' });
}

/** Waits until images are decoded, fonts loaded and transitions finished. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(
      [...document.images]
        .filter(({ loading }) => loading !== 'lazy')
        .map((image) => image.decode().catch(() => undefined)),
    );
    // Endless animations of running jobs are not waited for.
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
  });
}

/** Elements that are cut off without an ellipsis, in bars, buttons and the window. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is wider than the window');
    for (const element of document.querySelectorAll('body *')) {
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || style.visibility === 'hidden') continue;
      if (!(element instanceof HTMLElement)) continue;
      const words = element.innerText.replaceAll(/\s+/gu, ' ').slice(0, 60);
      const hides = style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis' && words !== '';
      if (hides && element.scrollWidth > element.clientWidth + 1)
        faults.push(`${element.className}: ${element.scrollWidth - element.clientWidth} px are cut off of “${words}”`);
      if (
        element.tagName === 'BUTTON' &&
        words !== '' &&
        element.scrollWidth > element.clientWidth + 1 &&
        element.clientWidth > 0
      )
        faults.push(`the words of the button “${words}” do not fit`);
    }
    return faults;
  });
}
