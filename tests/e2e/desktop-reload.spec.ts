import { startRecordingServer } from '../fakes/recording-server.ts';
import { WHERE } from './desktop-app.ts';
import { expect, test } from './desktop-fixtures.ts';
import { environmentFor } from './fixtures.ts';

/** One white pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==';

test(`a click in whose middle the page is reloaded is one request, or none, and the page says which (${WHERE})`, async ({
  launch,
}) => {
  const server = await startRecordingServer(({ method }) =>
    method === 'POST' ? { body: JSON.stringify({ created: 1, data: [{ b64_json: PNG }] }) } : { body: '{"data":[]}' },
  );
  const posts = (): number => server.requests.filter(({ method }) => method === 'POST').length;
  try {
    const { page } = await launch({ environment: environmentFor(server) });
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Two pears');
    const button = page.getByRole('button', { name: /^Create 1 image/u });
    await expect(button).toBeEnabled();
    const reloaded = page.waitForEvent('load');
    const stored = await button.evaluate(async (element) => {
      (element as HTMLButtonElement).click();
      // The click is stored before the host can have answered.
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      const keys = Object.keys(localStorage).filter((key) => key.startsWith('emulsion.submission.'));
      setTimeout(() => location.reload());
      return keys.length;
    });
    expect(stored).toBe(1);
    await reloaded;
    const left = (): Promise<number> =>
      page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('emulsion.submission.')).length);
    await expect.poll(left, { timeout: 20_000 }).toBe(0);
    await expect(
      page
        .getByRole('link', { name: 'Two pears' })
        .or(page.getByText(/so it wasn’t sent/u))
        .first(),
    ).toBeVisible();
    await expect(page.getByText('Emulsion couldn’t confirm that this request was accepted.')).toBeHidden();
    await expect(page.getByRole('link', { name: 'Two pears' })).toHaveCount(posts());
    expect(posts()).toBeLessThanOrEqual(1);
  } finally {
    await server.close();
  }
});
