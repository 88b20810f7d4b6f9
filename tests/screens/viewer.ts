import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { writeFamilies, type Families } from './families.ts';
import { NARROW, openWindow, photograph, settled, type Camera } from './looks.ts';

const MAKE = resolve(import.meta.dirname, '../../build/make-library/main.ts');
const MEDIUM = { width: 1440, height: 900 };
const HUGE = { width: 2560, height: 1440 };

type Scene = (page: Page, families: Families) => Promise<unknown>;

/** The screens of one image and of several beside each other, and what is done before each is photographed. */
const SCENES: Readonly<Record<string, Scene>> = {
  'viewer-image': (page, { small }) => openViewer(page, small),
  async 'viewer-menu'(page, { partial }) {
    await openViewer(page, partial);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menu').waitFor();
  },
  async 'viewer-diff'(page, { small }) {
    await openViewer(page, small);
    await page.getByRole('tree', { name: 'Family' }).getByRole('treeitem').nth(2).hover();
    await page.getByRole('tooltip').waitFor();
  },
  async 'viewer-similar'(page, { small }) {
    await openViewer(page, small);
    await chooseTab(page, 'Similar');
    await page.getByRole('button', { name: /in library$/u }).waitFor();
  },
  async 'viewer-same-prompt'(page, { small }) {
    await openViewer(page, small);
    await chooseTab(page, 'Similar');
    await page.getByRole('radio', { name: 'Same prompt' }).click();
    await page.getByRole('button', { name: /in library$/u }).waitFor();
    await page.getByRole('tabpanel').getByRole('button').first().hover();
    await page.getByRole('tooltip').waitFor();
  },
  async 'viewer-marks'(page, { small }) {
    await openViewer(page, small);
    await page.getByRole('heading', { name: 'Yours' }).scrollIntoViewIfNeeded();
    await page.getByRole('textbox', { name: 'Note' }).scrollIntoViewIfNeeded();
  },
  'family-view': (page, { small }) => openFamily(page, small),
  'family-200': (page, { large }) => openFamily(page, large),
  culling: (page) => cull(page, 3),
  async 'culling-rejected'(page) {
    await cull(page, 2);
    // In the second window it is rejected already.
    if ((await page.getByRole('button', { name: 'Reject' }).getAttribute('aria-pressed')) === 'false') {
      await page.keyboard.press('x');
      await page.keyboard.press('ArrowLeft');
    }
    await page.getByText('Rejected', { exact: true }).waitFor();
  },
  async 'culling-summary'(page) {
    await select(page, 5);
    await page.keyboard.press('k');
    await page.getByRole('main', { name: 'Culling' }).getByRole('heading', { name: '1 of 5' }).waitFor();
    for (const key of ['4', 'f', 'x', 'ArrowRight', '2']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Start again' }).waitFor();
  },
  async 'survey-2'(page) {
    await survey(page, 3);
    await page.keyboard.press('Delete');
    await page.getByText('1 removed', { exact: true }).waitFor();
  },
  'survey-3': (page) => survey(page, 3),
  'survey-5': (page) => survey(page, 5),
  'survey-9': (page) => survey(page, 9),
  'survey-16': (page) => survey(page, 16),
};

/** Photographs the viewer, culling and survey with a made library. */
export async function shootViewer(browser: Browser, camera: Camera): Promise<void> {
  const wanted = Object.entries(SCENES).filter(([name]) => camera.wants(name));
  if (wanted.length === 0) return;
  const { home, remove } = await makeHome();
  const folder = join(home, 'made');
  await promisify(execFile)(process.execPath, [MAKE, '--count', '2000', '--dir', folder, '--thumbnails', '48']);
  const families = await writeFamilies(folder);
  const environment = { OPENAI_API_KEY: 'sk-demo-0123456789abcdef', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
  const host = await startLoopbackHost({ home, args: ['--library', folder], environment });
  try {
    for (const size of [NARROW, MEDIUM, HUGE])
      for (const [name, prepare] of wanted.filter(([name]) => camera.wants(name, size.width))) {
        const page = await openWindow(browser, host.url, size);
        await page.getByRole('link', { name: 'Library' }).click();
        await page.getByRole('gridcell').first().waitFor();
        await prepare(page, families);
        await settled(page);
        await photograph(page, camera, name);
        await page.close();
      }
  } finally {
    await host.stop();
    await remove();
  }
}

async function openViewer(page: Page, image: string): Promise<void> {
  await page.evaluate((id) => (location.hash = `#/library/${id}`), image);
  await page.getByRole('button', { name: 'Use prompt' }).waitFor();
  await page.locator('img[src*="/original/"]').first().waitFor();
}

async function chooseTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click();
}

async function openFamily(page: Page, image: string): Promise<void> {
  await openViewer(page, image);
  await chooseTab(page, 'Family');
  await page.getByRole('button', { name: 'Open family' }).click();
  await page.getByRole('dialog', { name: 'Family' }).getByRole('treeitem').first().waitFor();
}

/** Opens culling at an image of the grid, of those of the made library, and rates some before it. */
async function cull(page: Page, at: number): Promise<void> {
  await page.getByRole('gridcell').nth(at).focus();
  await page.keyboard.press('k');
  await page.getByRole('main', { name: 'Culling' }).getByRole('img').first().waitFor();
  for (const key of ['ArrowLeft', '4', 'f']) await page.keyboard.press(key);
}

async function select(page: Page, count: number): Promise<void> {
  const cells = page.getByRole('gridcell');
  await cells.first().click({ modifiers: ['ControlOrMeta'] });
  await page.keyboard.down('Shift');
  for (let more = 1; more < count; more += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.up('Shift');
  await page.getByText(`${count} selected`).first().waitFor();
}

async function survey(page: Page, count: number): Promise<void> {
  await select(page, count);
  await page.keyboard.press('v');
  await page
    .getByRole('main', { name: 'Survey' })
    .getByRole('group')
    .nth(count - 1)
    .waitFor();
}
