import { create, environmentFor, expect, test } from './fixtures.ts';

const PROMPT = 'A lighthouse above a slate sea, first light';

test('a newcomer makes a first picture with the demo and finds it again after a restart', async ({ page, host }) => {
  const first = await host();
  const port = Number(new URL(first.url).port);
  await page.goto(first.url);

  await expect(page.getByRole('heading', { name: 'Where should pictures be made?' })).toBeVisible();
  await page.getByRole('radio', { name: /Demo server/u }).click();
  await page.getByRole('button', { name: /Start/u }).click();

  await create(page, PROMPT);
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  const partials = page.locator('img[src*="/partial/"]');
  await expect(partials.first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden({ timeout: 30_000 });

  await page.getByRole('link', { name: 'Library', exact: true }).click();
  await expect(page.getByRole('link', { name: PROMPT })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('link', { name: PROMPT })).toBeVisible();

  await first.stop();
  await host({ port });
  await page.reload();
  await page.getByRole('link', { name: PROMPT }).click();
  const record = page.getByRole('complementary', { name: 'Record' });
  await expect(record.getByText(PROMPT)).toBeVisible();
  await expect(record.getByText('gpt-image-2.6-sunburst')).toBeVisible();
  await expect(record.getByText(/^req_/u)).toBeVisible();
});

test('pictures stay findable when their server is gone', async ({ page, host, demo }) => {
  const server = await demo();
  const studio = await host({ environment: environmentFor(server) });
  await page.goto(studio.url);
  await create(page, PROMPT);
  await expect(page.locator('img[src*="/original/"], img[src*="/preview/"]').first()).toBeVisible();
  await create(page, 'A stoneware bottle with an olive branch');
  await page.getByRole('link', { name: 'Library', exact: true }).click();
  await expect(page.getByRole('link', { name: 'A stoneware bottle with an olive branch' })).toBeVisible();
  await server.close();

  await page.reload();
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.fill('olive');
  await expect(page.getByRole('link', { name: PROMPT })).toBeHidden();
  await expect(page.getByRole('link', { name: 'A stoneware bottle with an olive branch' })).toBeVisible();
  await search.fill('light slate');
  await page.getByRole('link', { name: PROMPT }).click();
  const picture = page.locator('img[src*="/original/"]').first();
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(1024);
});

test('a job can be stopped, and says what is known about money', async ({ page, host, demo }) => {
  const server = await demo({ scenario: 'silent' });
  const studio = await host({ environment: environmentFor(server) });
  await page.goto(studio.url);
  await create(page, PROMPT);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  await expect(page.getByText(/may have been billed|may be billed/u).first()).toBeVisible();
});

test('a refusal is told in a sentence that stays until it is dismissed, and the job is kept', async ({
  page,
  host,
  demo,
}) => {
  const server = await demo({ scenario: 'moderation' });
  const studio = await host({ environment: environmentFor(server) });
  await page.goto(studio.url);
  await create(page, PROMPT);
  const alert = page.getByRole('alert').filter({ hasText: /billed/u });
  await expect(alert).toBeVisible();
  await expect(alert).not.toContainText(/at .*\.js:\d+/u);

  await page.reload();
  await expect(alert).toBeVisible();
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toBeHidden();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toBeVisible();
  await expect(alert).toBeHidden();
});
