import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { chromium, type Page } from '@playwright/test';
import { findBrowser, NO_BROWSER } from '../browser.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { median, progress, report } from './report.ts';

const RUNS = 5;

/**
 * From the click on *Create* to the final 3840×2160 image on screen, through the built app in a real browser, against an `<img>` that
 * loads the same file from loopback. Both in one run, in turn. Also the renderer's longest task meanwhile.
 */
export async function journey(): Promise<void> {
  const browser = await findBrowser();
  if (!browser) throw new Error(NO_BROWSER);
  const server = await startImageServer();
  const { home, remove } = await makeHome();
  const environment = { OPENAI_API_KEY: 'sk-bench-0123456789', OPENAI_BASE_URL: `http://127.0.0.1:${server.port}/v1` };
  const host = await startLoopbackHost({ home, environment });
  const { executablePath, args, env } = browser;
  const chrome = await chromium.launch({ executablePath, args, env });
  try {
    const page = await chrome.newPage({ viewport: { width: 1800, height: 1100 } });
    const plain = await chrome.newPage({ viewport: { width: 1800, height: 1100 } });
    await plain.goto(`http://127.0.0.1:${server.port}/page`);
    await prepareForm(page, host.url);

    const ours: number[] = [];
    const reference: number[] = [];
    const longest: number[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      const expected = await timePlainImage(plain, run);
      const { took, longestTask } = await timeJourney(page);
      progress(
        `journey ${run}: ${took.toFixed(0)} ms, plain <img> ${expected.toFixed(0)} ms, longest task ${longestTask.toFixed(0)} ms`,
      );
      // The first run warms both up.
      if (run === 0) continue;
      ours.push(took);
      reference.push(expected);
      longest.push(longestTask);
    }
    const ratios = ours.map((took, run) => took / (reference[run] ?? NaN));
    report({
      bench: 'journey',
      figure: 'click to final image ÷ <img>',
      value: median(ratios),
      unit: 'ratio',
      bar: 4,
      best: 'least',
    });
    report({
      bench: 'journey',
      figure: 'longest task of the renderer',
      value: median(longest),
      unit: 'ms',
      bar: 50,
      best: 'least',
    });
  } finally {
    await chrome.close();
    await host.stop();
    server.stop();
    await remove();
  }
}

async function startImageServer(): Promise<{ port: number; stop(): void }> {
  const child = spawn(process.execPath, [...process.execArgv, resolve(import.meta.dirname, 'image-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  // Its standard output is a pipe by the options above; the type of spawn cannot tell.
  const [line] = (await once(child.stdout as Readable, 'data')) as [Buffer];
  return { port: Number(line.toString().trim()), stop: () => void child.kill() };
}

async function prepareForm(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Noise, as much as fits');
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { benchTasks: tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
}

/** Milliseconds from the click until the frame after the final image was decoded, and the longest task in between (0: none over 50). */
async function timeJourney(page: Page): Promise<{ took: number; longestTask: number }> {
  return page.evaluate(async () => {
    const seen = new Set(
      [...document.querySelectorAll<HTMLImageElement>('img[src*="/original/"]')].map(({ src }) => src),
    );
    const tasks = (window as unknown as { benchTasks: number[] }).benchTasks;
    tasks.length = 0;
    const button = [...document.querySelectorAll('button')].find((element) =>
      element.textContent.includes('Create 1 image'),
    );
    if (!button) throw new Error('There is no button "Create 1 image".');
    const start = performance.now();
    button.click();
    const final = await new Promise<HTMLImageElement>((found) => {
      const look = (): void => {
        const fresh = [...document.querySelectorAll<HTMLImageElement>('img[src*="/original/"]')].find(
          ({ src }) => !seen.has(src),
        );
        if (fresh) found(fresh);
        else requestAnimationFrame(look);
      };
      look();
    });
    await final.decode();
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    return { took: performance.now() - start, longestTask: Math.max(0, ...tasks) };
  });
}

async function timePlainImage(page: Page, run: number): Promise<number> {
  return page.evaluate(async (number) => {
    document.body.replaceChildren();
    const start = performance.now();
    const image = new Image();
    image.src = `/image.png?${number}`;
    document.body.append(image);
    await image.decode();
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    return performance.now() - start;
  }, run);
}
