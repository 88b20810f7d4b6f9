import type { Page } from '@playwright/test';
import { create, environmentFor, expect, type StartDemo } from './fixtures.ts';
import { imageCells, openImage } from './library-cells.ts';

/** One of the two hosts with one home folder. */
export interface Host {
  /** Starts it with a new environment or the previous one, and opens its page. */
  open(environment?: Record<string, string>): Promise<Page>;
  /** Quits it normally. */
  stop(): Promise<void>;
}

/** The demo server draws images, on the desktop with the WebAssembly build of sharp: slow on a busy machine. */
const DRAWING_MS = 30_000;
/** Limit of a test with drawing and two starts. */
export const JOURNEY_MS = 60_000 + 2 * DRAWING_MS;

const PROMPT = 'A lighthouse above a slate sea, first light';
const OTHER = 'A stoneware bottle with an olive branch';

/** Tests that run on both hosts, by title. */
export const JOURNEYS: Readonly<Record<string, (host: Host, startDemo: StartDemo) => Promise<void>>> = {
  'first images are made with the demo and found again, with all parameters, after a restart': makeFirstImages,
  'images can be found with all parameters when their server is gone': outliveTheServer,
  'a job can be stopped and says whether it may be billed': stopAJob,
  'a refusal is reported in one sentence until it is dismissed, and the job is kept': dismissARefusal,
};

/** Notes from now on what the page hears of its job: a busy one may not draw a partial image, nor “Stop”, before the job has ended. */
async function noteJob(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { dataset } = document.documentElement;
    window.studio.subscribe((event) => {
      if (event.type !== 'job') return;
      if (event.job.state !== 'done' && event.job.generations.some(({ partials }) => partials.length > 0))
        dataset['partials'] = 'heard';
      dataset['job'] = event.job.state;
    });
  });
}

async function makeFirstImages(host: Host): Promise<void> {
  const page = await host.open();
  await chooseDemo(page);
  await askForTwo(page);
  await noteJob(page);
  await create(page, PROMPT);
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-job', 'done', { timeout: DRAWING_MS });
  await expect(root).toHaveAttribute('data-partials', 'heard');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();

  await openLibrary(page);
  await expect(imageCells(page, PROMPT)).toHaveCount(2);
  await page.reload();
  await expect(imageCells(page, PROMPT)).toHaveCount(2);
  await openImage(page, PROMPT);
  await expect.poll(() => readGenerationSidecar(page)).toMatchObject(TWO_ASKED);
  await seeOriginal(page, 1536);
  const record = await readGenerationSidecar(page);

  await host.stop();
  const again = await host.open();
  await openLibrary(again);
  await openImage(again, PROMPT);
  await expect.poll(() => readGenerationSidecar(again)).toEqual(record);
  await seeOriginal(again, 1536);
}

async function outliveTheServer(host: Host, startDemo: StartDemo): Promise<void> {
  const server = await startDemo();
  const page = await host.open(environmentFor(server));
  await create(page, PROMPT);
  await expect(page.locator('img[src*="/original/"], img[src*="/preview/"]').first()).toBeVisible();
  await create(page, OTHER);
  await openLibrary(page);
  await openImage(page, OTHER);
  await expect
    .poll(() => readGenerationSidecar(page))
    .toMatchObject({ ...LEFT_TO_THE_SERVER, Prompt: OTHER, Size: '1024 × 1536 2:3 · was auto' });
  await openLibrary(page);
  await openImage(page, PROMPT);
  await expect
    .poll(() => readGenerationSidecar(page))
    .toMatchObject({ ...LEFT_TO_THE_SERVER, Prompt: PROMPT, Size: '1024 × 1024 1:1 · was auto' });
  const record = await readGenerationSidecar(page);
  await server.close();

  await page.reload();
  await searchAndSee(page, record);
  await host.stop();
  await searchAndSee(await host.open(), record);
}

/** Finds each image by words of its prompt and opens one. */
async function searchAndSee(page: Page, record: Record<string, string>): Promise<void> {
  await openLibrary(page);
  const search = page.getByRole('combobox', { name: 'Search' });
  await search.fill('olive');
  await expect(imageCells(page, PROMPT)).toBeHidden();
  await expect(imageCells(page, OTHER)).toBeVisible();
  await search.fill('light slate');
  await expect(imageCells(page, OTHER)).toBeHidden();
  await openImage(page, PROMPT);
  await expect.poll(() => readGenerationSidecar(page)).toEqual(record);
  await seeOriginal(page, 1024);
}

async function stopAJob(host: Host, startDemo: StartDemo): Promise<void> {
  const page = await host.open(environmentFor(await startDemo({ scenario: 'silent' })));
  await create(page, PROMPT);
  // A job that is stopped while it is queued isn't billed.
  await expect(page.getByText('Creating 1 image')).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  const stopped = page.getByRole('region', { name: 'Stopped' });
  await expect(stopped.getByText(/^It may have been billed/u)).toBeVisible();
  await expect(stopped.getByText(PROMPT)).toBeVisible();
}

async function dismissARefusal(host: Host, startDemo: StartDemo): Promise<void> {
  let page = await host.open(environmentFor(await startDemo({ scenario: 'moderation' })));
  await create(page, PROMPT);
  await seeFailedJob(page, PROMPT, /billed/u);
  await page.reload();
  await seeFailedJob(page, PROMPT, /billed/u);

  await host.stop();
  page = await host.open();
  await seeFailedJob(page, PROMPT, /billed/u);
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('alert')).toBeHidden();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
}

/** Completes the first run with the demo server. */
async function chooseDemo(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Choose where to generate images' })).toBeVisible();
  await page.getByRole('radio', { name: /Demo server/u }).click();
  await page.getByRole('button', { name: /Start/u }).click();
}

/** Expects a failed job on *Create*: an alert with a readable sentence, and the request's prompt. */
export async function seeFailedJob(page: Page, prompt: string, sentence: RegExp): Promise<void> {
  const job = page.getByRole('region', { name: 'Failed' });
  const alert = job.getByRole('alert');
  await expect(alert).toContainText(sentence);
  await expect(alert).not.toContainText(STACK);
  await expect(job.getByText(prompt)).toBeVisible();
}

/** Must never be on the page: stack traces and names of errors. */
export const STACK = /\bat .*:\d+|\w+Error\b|node:|\bE[A-Z]{4,}\b|undefined|\[object/u;

async function openLibrary(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Library', exact: true }).click();
}

/** Sets every parameter that has a server-side default. */
async function askForTwo(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Size' }).click();
  await page.getByRole('option', { name: /^1536 × 1024/u }).click();
  const choose = (group: string, name: string): Promise<void> =>
    page.getByRole('radiogroup', { name: group }).getByRole('radio', { name, exact: true }).click();
  await choose('Quality', 'Low');
  await choose('Format', 'WebP');
  await choose('Background', 'Opaque');
  await page.getByRole('spinbutton', { name: 'Count' }).fill('2');
  // Folded in a narrow window.
  const fold = page.getByRole('heading', { name: 'More' }).getByRole('button');
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
  await choose('Partials', '2');
}

const filled: unknown = expect.stringMatching(/^\S/u);
const count: unknown = expect.stringMatching(/^[\d,]+/u);
const ANSWERED = {
  Model: 'gpt-image-2.6-sunburst',
  Tokens: count,
  Input: count,
  Output: count,
  'Request ID': expect.stringMatching(/^req_[0-9a-f]{32}$/u) as unknown,
  Status: 'Complete 200',
  Billing: 'Billed',
  'SHA-256': filled,
};
const TWO_ASKED = {
  ...ANSWERED,
  Prompt: PROMPT,
  Size: '1536 × 1024 3:2',
  Quality: 'Low',
  Format: expect.stringMatching(/^WebP /u) as unknown,
  Compression: '100',
  Background: 'Opaque',
  Count: expect.stringMatching(/^[12] of 2 1 per request$/u) as unknown,
  Partials: '2 of 2 received',
};
const LEFT_TO_THE_SERVER = {
  ...ANSWERED,
  Quality: 'Medium was auto',
  Format: expect.stringMatching(/^PNG /u) as unknown,
  Background: 'Opaque was auto',
  Count: '1 of 1',
  Partials: '3 of 3 received',
};

/** The Record panel: values by label, and the prompt. */
async function readGenerationSidecar(page: Page): Promise<Record<string, string>> {
  const panel = page.getByRole('complementary', { name: 'Record' });
  return panel.evaluate((element) => {
    const words = (part: Element | null): string =>
      part instanceof HTMLElement ? part.innerText.replaceAll(/\s+/gu, ' ').trim() : '';
    const found: Record<string, string> = { Prompt: words(element.querySelector('.prompt')) };
    for (const label of element.querySelectorAll('dt')) found[words(label)] = words(label.nextElementSibling);
    return found;
  });
}

/** Expects the image at its original width. */
async function seeOriginal(page: Page, width: number): Promise<void> {
  const image = page.locator('img[src*="/original/"], img[src*="/shown/"]').first();
  await expect(image).toBeVisible();
  expect(await image.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(width);
}
