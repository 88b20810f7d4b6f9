import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from '@playwright/test';
import { v7 as uuid } from 'uuid';
import { startDemoApi } from '../../electron/demo-api/server.ts';
import { findBrowser, NO_BROWSER } from '../browser.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { shootCanvas } from './canvas.ts';
import { hangWalk, isInWalk } from './canvas-walk.ts';
import { draw, writeHistory } from './history.ts';
import { shootExport } from './export.ts';
import { shootImport } from './import.ts';
import { shootKeeping } from './keeping.ts';
import { shootLibrary } from './library.ts';
import { NARROW, openWindow, photograph, settled, WIDE, type Camera } from './looks.ts';
import { hangOnPages, isOnPage } from './page-photos.ts';
import { shootPlaces } from './places.ts';
import { shootViewer } from './viewer.ts';
import { openImage } from '../e2e/library-cells.ts';

/**
 * Photographs every screen of the built app, in both themes, narrow and wide: `npm run screens -- --to DIR`. The images on them are
 * made by the demo server on the spot. `--only REGEX` photographs the screens whose name matches; `--docs` those of
 * docs/canvas.md, docs/library.md and docs/keeping.md, and hangs them there.
 */
const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'test-results/screens' },
    only: { type: 'string', default: '' },
    docs: { type: 'boolean', default: false },
  },
});
const only = new RegExp(values.only, 'u');
const camera: Camera = {
  folder: resolve(values.to),
  wants: (name, width) => only.test(name) && (!values.docs || isInWalk(name, width) || isOnPage(name, width)),
  taken: new Set(),
};

/** The screens beside the canvas. */
const SCREENS =
  'first-run create-empty library viewer create-edit create-batch settings settings-library settings-other-library create-running activity create-failed spending';

/** Images in the library: prompt, size and count. */
const CLICKS = [
  ['Dunes at noon, wind lifting the crests, long lens', '1536 × 1024', 1],
  ['An ink cloud unfolding in clear water, cobalt and vermilion', '1024 × 1024', 1],
  ['A pine forest in fog, first light between the trunks', '1024 × 1536', 1],
  ['A perfume bottle on a travertine plinth, soft key light from the right', '1024 × 1536', 2],
  ['A paper landscape: layered ridges in ochre and sand', '1536 × 1024', 1],
  ['A ringed planet over its moons, cold starlight', '1536 × 1024', 1],
  [
    'Still life: a stoneware bottle with an olive branch, two pears and one lemon, raking window light',
    '1536 × 1024',
    4,
  ],
  ['A calm sea under a low sun, the horizon a little tilted', '1536 × 1024', 1],
  ['An alpine ridge after snowfall, morning light on the summit', '1536 × 1024', 1],
  ['A sunlit courtyard: cobalt walls, a low arch, steps, one sphere of orange plaster, leaf shadows', '1536 × 1024', 2],
] as const;

async function main(): Promise<void> {
  const found = await findBrowser();
  if (!found) throw new Error(NO_BROWSER);
  const { executablePath, args, env } = found;
  const browser = await chromium.launch({ executablePath, args, env });
  try {
    if (SCREENS.split(' ').some((name) => camera.wants(name))) await shootScreens(browser);
    await shootLibrary(browser, camera);
    await shootViewer(browser, camera);
    await shootImport(browser, camera);
    await shootExport(browser, camera);
    await shootKeeping(browser, camera);
    await shootPlaces(browser, camera);
    await shootCanvas(browser, camera);
    const docs = resolve(import.meta.dirname, '../../docs');
    if (values.docs && camera.wants('canvas-brush')) await hangWalk(camera.folder, docs);
    if (values.docs) await hangOnPages(camera.folder, docs, camera.taken);
  } finally {
    await browser.close();
  }
}

async function shootScreens(browser: Browser): Promise<void> {
  const demo = await startDemoApi({ pace: 0 });
  const { home, remove } = await makeHome();
  const fresh = await makeHome();
  const past = await makeHome();
  const newcomer = await startLoopbackHost({ home: fresh.home });
  const slow = await startDemoApi({ pace: 10 });
  let host = await startLoopbackHost({ home, environment: environmentOf(demo.baseUrl) });
  try {
    await eachLook(browser, newcomer.url, 'first-run', async () => undefined);
    await eachLook(browser, host.url, 'create-empty', async () => undefined);
    await fill(browser, host.url);
    await eachLook(browser, host.url, 'library', async (page) => {
      await open(page, 'Library');
      await settled(page);
    });
    await eachLook(browser, host.url, 'viewer', async (page) => {
      await open(page, 'Library');
      await openImage(page, /stoneware bottle/u);
      await page.locator('img[src*="/original/"]').first().waitFor();
      await settled(page);
    });
    await eachLook(browser, host.url, 'create-edit', (page) => prepareEdit(page, demo.baseUrl));
    await eachLook(browser, host.url, 'create-batch', prepareBatch);
    await eachLook(browser, host.url, 'settings', async (page) => {
      await open(page, 'Settings');
      await page
        .getByRole('button', { name: /^Check/u })
        .first()
        .click();
      await page.getByText(/^Checked/u).waitFor();
    });
    await eachLook(browser, host.url, 'settings-library', openLibrarySettings);
    await eachLook(browser, host.url, 'settings-other-library', async (page) => {
      await openLibrarySettings(page);
      await page.getByRole('button', { name: 'Open or create a library…' }).click();
      await page.getByLabel('Folder on this computer', { exact: true }).fill(join(home, 'Clients'));
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Create library' }).waitFor();
    });
    await host.stop();
    // The same library, with a server that takes its time.
    host = await startLoopbackHost({ home, environment: environmentOf(slow.baseUrl) });
    await eachLook(browser, host.url, 'create-running', async (page) => {
      await endJobs(page);
      await ask(page, ...CLICKS[9]);
      await page.locator('img[src*="/partial/"][src$="/1"]').first().waitFor({ timeout: 60_000 });
    });
    await fillQueue(browser, host.url);
    await eachLook(browser, host.url, 'activity', (page) => open(page, 'Activity'));
    await eachLook(browser, host.url, 'create-failed', async (page) => {
      await endJobs(page);
      await ask(page, 'A portrait that the server will refuse [demo:moderation]', '1536 × 1024', 1);
      await page.getByRole('alert').first().waitFor();
    });
    await host.stop();
    await writeHistory(join(past.home, 'library'), demo.baseUrl);
    host = await startLoopbackHost({ home: past.home, environment: environmentOf(demo.baseUrl) });
    await eachLook(browser, host.url, 'spending', async (page) => {
      await open(page, 'Spending');
      await page.getByRole('table').first().waitFor();
    });
  } finally {
    await Promise.all([host.stop(), newcomer.stop(), demo.close(), slow.close()]);
    await Promise.all([remove(), fresh.remove(), past.remove()]);
  }
}

async function openLibrarySettings(page: Page): Promise<void> {
  await open(page, 'Settings');
  await page.getByRole('button', { name: 'Library folder' }).click();
}

/** Takes screenshots of a screen in each window size after `prepare`. */
async function eachLook(
  browser: Browser,
  url: string,
  name: string,
  prepare: (page: Page) => Promise<unknown>,
): Promise<void> {
  if (!camera.wants(name)) return;
  for (const size of [WIDE, NARROW].filter(({ width }) => camera.wants(name, width))) {
    const page = await openWindow(browser, url, size);
    await prepare(page);
    await photograph(page, camera, name);
    await page.close();
  }
}

async function fill(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1800, height: 1100 } });
  await page.goto(url);
  for (const [prompt, size, count] of CLICKS) {
    await ask(page, prompt, size, count);
    await page.getByRole('button', { name: 'Stop' }).first().waitFor();
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden', timeout: 60_000 });
  }
  await page.close();
}

/** An edit of one image, ready to send. */
async function prepareEdit(page: Page, baseUrl: string): Promise<void> {
  const { bytes } = await draw(baseUrl, { prompt: 'A sunlit courtyard with cobalt walls', model: 'gpt-image-2' });
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add images from files' }).click();
  await (await chooser).setFiles({ name: 'courtyard.png', mimeType: 'image/png', buffer: bytes });
  await page
    .getByRole('list', { name: /^References/u })
    .getByRole('img')
    .or(page.locator('img[src*="/input-thumbnail/"]'))
    .first()
    .waitFor();
  await page
    .getByRole('textbox', { name: 'Prompt', exact: true })
    .fill('The same courtyard at night, one lamp in the arch');
}

/** A batch of three prompts with two images each. */
async function prepareBatch(page: Page): Promise<void> {
  await page
    .getByRole('textbox', { name: 'Prompt', exact: true })
    .fill('An isometric cottage with pines, {morning|dusk|night}');
  await page.getByRole('switch', { name: 'Vary' }).click();
  await page.getByRole('button', { name: /^Vary/u }).click();
  await page.getByRole('group', { name: 'Qualities' }).getByRole('checkbox', { name: 'High', exact: true }).click();
}

/** Jobs in every section of Activity: running, queued, needs attention. */
async function fillQueue(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole('heading').first().waitFor();
  const prompts = [
    'A fountain in the style of a named living artist [demo:moderation]',
    'North face at first light, wind-blown snow off the ridge [demo:cut]',
    ...CLICKS.slice(0, 7).map(([prompt]) => prompt),
  ];
  for (const prompt of prompts) {
    const parameters = {
      prompt,
      model: 'gpt-image-2.6-sunburst',
      quality: 'high',
      n: 1,
      stream: true,
      partial_images: 3,
    };
    const request = { operation: 'create', profileId: 'environment', parameters };
    await page.evaluate(
      ([id, payload]) => window.studio.call('jobs.create', { id, request: payload }),
      [uuid(), request],
    );
  }
  await page.close();
}

function environmentOf(baseUrl: string): Record<string, string> {
  return { OPENAI_API_KEY: 'sk-demo-0123456789abcdef', OPENAI_BASE_URL: baseUrl };
}

/** Fills in the form and sends it. */
async function ask(page: Page, prompt: string, size: string, count: number): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  await page.getByRole('combobox', { name: 'Size' }).click();
  await page.getByRole('option', { name: size }).first().click();
  const countField = page.getByRole('spinbutton', { name: 'Count' });
  await countField.fill(String(count));
  await countField.blur();
  await page.getByRole('button', { name: count === 1 ? 'Create 1 image' : `Create ${count} images` }).click();
}

/** Stops and dismisses jobs of the previous screenshot. A button may disappear before it is pressed. */
async function endJobs(page: Page): Promise<void> {
  for (const name of ['Stop', 'Dismiss']) {
    const button = page.getByRole('button', { name });
    while ((await button.count()) > 0)
      await button
        .first()
        .click({ timeout: 1000 })
        .catch(() => undefined);
  }
}

async function open(page: Page, view: string): Promise<void> {
  await page.getByRole('link', { name: view, exact: true }).click();
}

await main();
