import { startRecordingServer, type RecordingServer } from '../fakes/recording-server.ts';
import { environmentFor, expect, test, type StartHost } from './fixtures.ts';
import type { Page, Request } from '@playwright/test';

async function openOn(server: RecordingServer, host: StartHost, page: Page): Promise<void> {
  const studio = await host({ environment: environmentFor(server) });
  await page.goto(studio.url);
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Two pears');
}

/** One white pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==';

const posts = ({ requests }: RecordingServer): number => requests.filter(({ method }) => method === 'POST').length;

test.describe('one click', () => {
  let server: RecordingServer;
  test.beforeEach(async () => {
    server = await startRecordingServer(({ method }) =>
      method === 'POST' ? { body: JSON.stringify({ created: 1, data: [{ b64_json: PNG }] }) } : { body: '{"data":[]}' },
    );
  });
  test.afterEach(() => server.close());

  for (const pause of [80, 300]) {
    test(`ten impatient clicks, ${pause} ms apart, are one request; a later one is another`, async ({ page, host }) => {
      await openOn(server, host, page);
      const button = page.getByRole('button', { name: /^Create 1 image/u });
      await expect(button).toBeEnabled();
      const pauses = await button.evaluate(async (element, milliseconds) => {
        const clicks: number[] = [];
        for (let click = 0; click < 10; click += 1) {
          clicks.push(performance.now());
          (element as HTMLButtonElement).click();
          await new Promise((resolve) => setTimeout(resolve, milliseconds));
        }
        return clicks.slice(1).map((at, index) => at - (clicks[index] ?? at));
      }, pause);
      // Where the machine stood still in between, a click may have come late enough to be one of its own.
      const most = 1 + pauses.filter((length) => length >= 1000).length;
      // The row of what runs says so for a moment, then the finished request stands in the list.
      await expect(
        page
          .getByText('Created 1 image')
          .or(page.getByRole('link', { name: 'Two pears' }))
          .first(),
      ).toBeVisible();
      const sent = posts(server);
      expect(sent).toBeLessThanOrEqual(most);
      // A second without a click has passed.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
      await button.click();
      await expect.poll(() => posts(server)).toBe(sent + 1);
    });
  }

  test('whose answer is cut is one request, and never “not billed”', async ({ page, host, complaints }) => {
    await openOn(server, host, page);
    await page.route('**/api/jobs.create', async (route) => {
      await route.fetch();
      await route.abort();
    });
    const button = page.getByRole('button', { name: /^Create 1 image/u });
    await button.click();
    await expect(page.getByRole('link', { name: 'Two pears' }).first()).toBeVisible();
    await expect(page.getByText('Emulsion couldn’t confirm that this request was accepted.')).toBeHidden();
    await expect(page.getByText(/not billed|nothing was sent/iu)).toHaveCount(0);
    expect(posts(server)).toBe(1);
    complaints.length = 0;
  });

  test('that is on its way while the page is reloaded is one request with the next click', async ({
    page,
    host,
    complaints,
  }) => {
    await openOn(server, host, page);
    const onItsWay = Promise.withResolvers<Request>();
    await page.route('**/api/jobs.create', (route) => onItsWay.resolve(route.request()), { times: 1 });
    await page.route('**/api/jobs.get', (route) => route.abort());
    const button = page.getByRole('button', { name: /^Create 1 image/u });
    await button.click();
    const first = await onItsWay.promise;
    const headers = await first.allHeaders();
    await page.reload();
    const unknown = page.getByText('Emulsion couldn’t confirm that this request was accepted.');
    await expect(unknown).toBeVisible();
    await button.click();
    await expect(unknown).toBeHidden();
    await expect.poll(() => posts(server)).toBe(1);
    // The first click arrives at last.
    const arrived = await page.request.post(first.url(), { headers, data: first.postData() ?? '' });
    expect(await arrived.json()).toMatchObject({ ok: { request: { parameters: { prompt: 'Two pears' } } } });
    await expect(page.getByRole('link', { name: 'Two pears' })).toHaveCount(1);
    await expect(page.getByText(/not billed|wasn’t sent/iu)).toHaveCount(0);
    expect(posts(server)).toBe(1);
    complaints.length = 0;
  });

  test('whose job was created while the page was reloaded shows its job, and says nothing', async ({ page, host }) => {
    await openOn(server, host, page);
    const onItsWay = Promise.withResolvers<Request>();
    await page.route('**/api/jobs.create', (route) => onItsWay.resolve(route.request()), { times: 1 });
    await page.getByRole('button', { name: /^Create 1 image/u }).click();
    const first = await onItsWay.promise;
    const headers = await first.allHeaders();
    const { origin } = new URL(page.url());
    await page.goto('about:blank');
    await page.request.post(first.url(), { headers, data: first.postData() ?? '' });
    await expect.poll(() => posts(server)).toBe(1);
    const asked = page.waitForResponse('**/api/jobs.get');
    await page.goto(origin);
    await asked;
    await expect(page.getByRole('link', { name: 'Two pears' })).toHaveCount(1);
    await expect(page.getByText('Emulsion couldn’t confirm that this request was accepted.')).toBeHidden();
    await expect(page.getByText(/not billed|wasn’t sent/iu)).toHaveCount(0);
    expect(posts(server)).toBe(1);
  });

  test('that is lost on its way is said to be unknown, then not to have been accepted', async ({
    page,
    host,
    complaints,
  }) => {
    await openOn(server, host, page);
    await page.route('**/api/jobs.*', (route) => route.abort());
    const button = page.getByRole('button', { name: /^Create 1 image/u });
    await button.click();
    await expect(page.getByText('Emulsion couldn’t confirm that this request was accepted.')).toBeVisible();
    await expect(page.getByText(/Checking… It may have been billed/u)).toBeVisible();
    await page.unroute('**/api/jobs.*');
    await expect(page.getByText(/so it wasn’t sent/u)).toBeVisible();
    await button.click();
    await expect.poll(() => posts(server)).toBe(1);
    await expect(page.getByText(/so it wasn’t sent/u)).toBeHidden();
    complaints.length = 0;
  });
});
