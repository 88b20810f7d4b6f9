import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { create, expect, test } from './fixtures.ts';
import { openImage } from './library-cells.ts';

/** A server that answers image requests with one SVG and counts all other requests. */
async function hostileServer(
  drawing: (own: string) => string,
): Promise<{ baseUrl: string; asked: string[]; close(): void }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.method !== 'POST') {
        asked.push(request.url ?? '');
        response.writeHead(404).end();
        return;
      }
      const b64_json = Buffer.from(drawing(`http://127.0.0.1:${port}`)).toString('base64');
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: [{ b64_json }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, asked, close: () => server.close() };
}

const DRAWING = (
  own: string,
): string => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="60" height="40"
  onload="fetch('${own}/onload')"><script>fetch('${own}/script'); top.document.title = 'taken'</script>
  <style>@import url('${own}/style'); rect { fill: url('${own}/paint#a') }</style>
  <rect width="60" height="40" fill="#f00"/><use xlink:href="${own}/use#a"/>
  <a href="${own}/link"><text onclick="fetch('${own}/click')">a</text></a></svg>`;

test('a hostile SVG is shown, rendered and read, and nothing in it runs or is fetched', async ({ page, host }) => {
  const server = await hostileServer(DRAWING);
  try {
    const { url } = await host({
      environment: { OPENAI_API_KEY: 'sk-x-0123456789abcdef', OPENAI_BASE_URL: server.baseUrl },
    });
    await page.goto(url);
    const strangers: string[] = [];
    page.on('request', (request) => {
      const { protocol, host: asked } = new URL(request.url());
      if (protocol.startsWith('http') && asked !== new URL(url).host) strangers.push(request.url());
    });
    await create(page, 'A red sign');
    await page.getByRole('link', { name: 'Library', exact: true }).click();
    await openImage(page, 'A red sign');
    await page.getByRole('tab', { name: 'Source' }).click();
    await expect(page.getByRole('region', { name: 'SVG source' })).toContainText('top.document.title');
    await expect(page.locator('.stage img[alt="A red sign"][src*="/original/"]')).toBeVisible();

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as PNG' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^\d{4}-\d{2}-\d{2} A red sign\.png$/u);
    const png = await readFile(await download.path());
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 2048, height: 1365 });

    expect(await page.locator('svg:not(.lucide), iframe, object, embed').count()).toBe(0);
    await expect(page).not.toHaveTitle(/taken/u);
    expect([...server.asked, ...strangers]).toEqual([]);
  } finally {
    server.close();
  }
});
