import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { startRecordingServer } from '../fakes/recording-server.ts';
import { create, environmentFor, expect, test } from './fixtures.ts';
import { imageCells, openImage } from './library-cells.ts';

const STILL = fileURLToPath(new URL('../../electron/demo-api/photos/still-celadon.jpg', import.meta.url));
/** A PNG of one pixel, base64. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function open(page: Page, view: string): Promise<void> {
  await page.getByRole('link', { name: view, exact: true }).click();
}

const prompt = (page: Page) => page.getByRole('textbox', { name: 'Prompt', exact: true });

/** The finished image: in its job's notice or, after a fast answer, only in the list of recent images. */
const made = (page: Page, name: string) =>
  page.getByText('Created 1 image').or(page.getByRole('main').getByRole('link', { name })).first();

test('an edit of a file sends its exact bytes once, and its record names the input', async ({ page, host }) => {
  const server = await startRecordingServer((request) =>
    request.method === 'GET' ? { body: '{"data":[]}' } : { body: JSON.stringify({ data: [{ b64_json: PIXEL }] }) },
  );
  try {
    await page.goto((await host({ environment: environmentFor(server) })).url);
    await page.locator('input[type=file]').first().setInputFiles(STILL);
    await expect(page.getByRole('button', { name: /^Reference 1 of 1: still-celadon\.jpg/u })).toBeVisible();
    await prompt(page).fill('The same at dusk');
    await page.getByRole('button', { name: /^Create 1 image/u }).click();
    await expect(made(page, 'The same at dusk')).toBeVisible();
    const posts = server.requests.filter(({ method }) => method === 'POST');
    expect(posts.map(({ path }) => path)).toEqual(['/v1/images/edits']);
    expect(posts[0]?.files.map(({ field, mediaType }) => [field, mediaType])).toEqual([['image', 'image/jpeg']]);
    expect(Object.fromEntries(posts[0]?.fields ?? [])).toMatchObject({ prompt: 'The same at dusk' });
    await open(page, 'Library');
    await openImage(page, 'The same at dusk');
    await expect(page.getByRole('tab', { name: /^Inputs/u })).toBeVisible();
  } finally {
    await server.close();
  }
});

test('markup from a file is sent with its image, and is still there after a reload', async ({ page, host }) => {
  const server = await startRecordingServer((request) =>
    request.method === 'GET' ? { body: '{"data":[]}' } : { body: JSON.stringify({ data: [{ b64_json: PIXEL }] }) },
  );
  try {
    await page.goto((await host({ environment: environmentFor(server) })).url);
    const still = { width: 64, height: 64, channels: 3, background: '#876' } as const;
    const marks = { ...still, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } as const;
    const png = (create: typeof still | typeof marks) => sharp({ create }).png().toBuffer();
    const file = async (name: string, create: typeof still | typeof marks) => ({
      name,
      mimeType: 'image/png',
      buffer: await png(create),
    });
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles(await file('still.png', still));
    const overlay = page.locator('[data-drop="markup"] input[type=file]');
    await overlay.setInputFiles(await file('marks.png', marks));
    await expect(page.getByRole('button', { name: 'Remove markup' })).toBeVisible();
    await prompt(page).fill('A ball here');
    await page.reload();
    await expect(page.getByRole('button', { name: 'Remove markup' })).toBeVisible();
    await page.getByRole('button', { name: /^Create 1 image/u }).click();
    await expect(made(page, 'A ball here')).toBeVisible();
    const [post, ...more] = server.requests.filter(({ method }) => method === 'POST');
    expect(more).toEqual([]);
    expect(post?.files.map(({ field, mediaType }) => [field, mediaType])).toEqual([
      ['image', 'image/png'],
      ['markup', 'image/png'],
    ]);
  } finally {
    await server.close();
  }
});

test('a batch shows its count and price before it is sent, and its matrix afterwards', async ({ page, host, demo }) => {
  await page.goto((await host({ environment: environmentFor(await demo()) })).url);
  await prompt(page).fill('A {red|blue} kite over the sea');
  await page.getByRole('switch', { name: 'Vary' }).click();
  await page.getByRole('button', { name: /^Vary/u }).click();
  const qualities = page.getByRole('group', { name: 'Qualities' });
  await qualities.getByRole('checkbox', { name: 'Low', exact: true }).check();
  await expect(page.getByRole('status', { name: 'Estimated cost' })).toHaveText(/\$/u);
  await page.getByRole('button', { name: /^Create 4 images/u }).click();
  const links = page.getByRole('main').getByRole('link', { name: /kite over the sea/u });
  await expect(links).toHaveCount(4, { timeout: 45_000 });
  await open(page, 'Activity');
  await page.getByRole('button', { name: 'Show as grid' }).first().click();
  const matrix = page.getByRole('table');
  await expect(matrix.getByRole('columnheader')).not.toHaveCount(0);
  await expect(matrix.locator('img')).toHaveCount(4);
  const loaded = (images: HTMLElement[]) =>
    images.every((image) => image instanceof HTMLImageElement && image.complete);
  await expect.poll(() => matrix.locator('img').evaluateAll(loaded)).toBe(true);
});

test('the monthly cap needs confirmation before it is exceeded, and nothing is sent without it', async ({
  page,
  host,
  demo,
}) => {
  await page.goto((await host({ environment: environmentFor(await demo()) })).url);
  await open(page, 'Spending');
  await page.getByRole('switch', { name: 'Monthly cap' }).click();
  const amount = page.getByRole('textbox', { name: 'Ask at' });
  await amount.fill('0.001');
  await amount.press('Enter');
  await open(page, 'Create');
  await create(page, 'A dune that costs too much');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(/cap/u);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Created 1 image')).toBeHidden();
  await open(page, 'Library');
  await expect(imageCells(page, 'A dune that costs too much')).toHaveCount(0);

  await open(page, 'Create');
  await page.getByRole('button', { name: /^Create 1 image/u }).click();
  await dialog.getByRole('button', { name: /^Create 1 image/u }).click();
  await expect(made(page, 'A dune that costs too much')).toBeVisible();
  await open(page, 'Spending');
  await expect(page.getByRole('table', { name: /model/iu })).toContainText('gpt-image-2.6-sunburst');
});
