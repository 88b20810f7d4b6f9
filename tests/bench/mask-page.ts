import { createServer } from 'node:http';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { build, type Rollup } from 'vite';
import { findBrowser, NO_BROWSER } from '../browser.ts';

const ENTRY = resolve(import.meta.dirname, '../renderer/canvas/mask/bench-page.ts');

/** Builds the bench's page, serves it on loopback, and opens it in a real browser. */
export async function withMaskPage(run: (page: Page) => Promise<void>): Promise<void> {
  const browser = await findBrowser();
  if (!browser) throw new Error(NO_BROWSER);
  const files = await buildPage();
  const server = createServer((request, response) => {
    const body = files.get(request.url ?? '');
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': request.url === '/' ? 'text/html' : 'text/javascript' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const { executablePath, args, env } = browser;
  const chrome = await chromium.launch({ executablePath, args, env });
  try {
    const page = await chrome.newPage({ viewport: { width: 1400, height: 800 } });
    page.setDefaultTimeout(600_000);
    await page.goto(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`);
    await page.waitForFunction('window.bench');
    await run(page);
  } finally {
    await chrome.close();
    server.close();
  }
}

/** Each file by its address, as the app's own build makes it, workers included. */
async function buildPage(): Promise<Map<string, string>> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    root: resolve(import.meta.dirname, '../..'),
    base: '/',
    build: {
      write: false,
      target: 'chrome140',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: ENTRY, output: { entryFileNames: 'page.js' } },
    },
  })) as Rollup.RolldownOutput;
  const files = new Map([
    ['/', '<!doctype html><title>bench</title><body><script type="module" src="/page.js"></script>'],
  ]);
  for (const file of built.output) {
    const text = file.type === 'chunk' ? file.code : Buffer.from(file.source).toString();
    files.set(`/${file.fileName}`, text);
  }
  return files;
}
