import { createServer, type Server } from 'node:http';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostBridge } from '../../electron/contract/api.ts';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { writeRedirectPage } from '../../electron/loopback/redirect-page.ts';
import { findBrowser } from '../browser.ts';
import { startHost, type RunningHost } from './small-studio.ts';

const found = await findBrowser();

/** Globals of the page for the scripts below. */
declare const window: { studio: HostBridge; studioWasThere: string; seen: StudioEvent[]; listening: number };
declare const document: {
  createElement(tag: string): { src: string; onload: () => void; onerror: () => void };
  body: { append(element: unknown): void };
};

describe.runIf(found)('in a real browser', () => {
  let browser: Browser;
  let host: RunningHost;
  let page: Page;
  beforeAll(async () => {
    const { executablePath, args, env } = found!;
    const rules = '--host-resolver-rules=MAP rebound.example 127.0.0.1';
    browser = await chromium.launch({ executablePath, args: [...args, rules], env });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    host = await startHost();
    page = await (await browser.newContext()).newPage();
  });
  afterEach(async () => {
    await page.context().close();
    await host.stop();
  });

  const call = (): Promise<unknown> => page.evaluate(() => window.studio.call('settings.get', {}));
  const listen = (): Promise<void> =>
    page.evaluate(() => {
      window.seen = [];
      window.studio.subscribe((event) => window.seen.push(event));
    });
  const seen = (): Promise<StudioEvent[]> => page.evaluate(() => window.seen);
  const last = async (): Promise<StudioEvent | undefined> => (await seen()).at(-1);

  test('loads before the page, removes the token from the URL and stores it', async () => {
    await page.goto(host.server.url);
    expect(await page.evaluate(() => window.studioWasThere)).toBe('function');
    expect(page.url()).toBe(`http://127.0.0.1:${host.server.port}/`);
    expect(await call()).toEqual({ ok: { theme: 'system' } });
    await page.reload();
    expect(await call()).toEqual({ ok: { theme: 'system' } });
    const tab = await page.context().newPage();
    await tab.goto(`http://127.0.0.1:${host.server.port}/#/library`);
    expect(await tab.evaluate(() => window.studio.call('settings.get', {}))).toEqual({ ok: { theme: 'system' } });
    expect(tab.url()).toContain('#/library');
  });

  test('accepts the page’s upload only with the bridge’s headers', async () => {
    await page.goto(host.server.url);
    const send = (known: boolean): Promise<unknown> =>
      page.evaluate(async (withHeaders) => {
        const own: Record<string, string> = withHeaders ? window.studio.uploadHeaders : {};
        const headers = { 'content-type': 'application/octet-stream', ...own };
        const answer = await fetch('/inputs?name=a.png', { method: 'POST', headers, body: 'bytes' });
        return [answer.status, await answer.json()];
      }, known);
    expect(await send(true)).toEqual([200, { ok: { bytes: 5 } }]);
    expect(await send(false)).toMatchObject([403, { error: { code: 'bad-sender' } }]);
    expect(host.uploads).toEqual(['http://emulsion/inputs?name=a.png']);
  });

  test('without a token every call explains where to find the URL', async () => {
    await page.goto(`http://127.0.0.1:${host.server.port}/`);
    const outcome = {
      error: {
        code: 'bad-sender',
        message: 'Open Emulsion with the address shown in the terminal.',
        billing: 'none',
      },
    };
    expect(await call()).toEqual(outcome);
    await listen();
    expect(host.calls).toEqual([]);
    // The correct URL pasted into the same tab changes only the fragment.
    await page.goto(host.server.url);
    await expect.poll(call).toEqual({ ok: { theme: 'system' } });
  });

  test('a wrong token gives the same message', async () => {
    await page.goto(`http://127.0.0.1:${host.server.port}/#${'A'.repeat(43)}`);
    expect(await call()).toMatchObject({ error: { code: 'bad-sender' } });
  });

  test('delivers events in order, including one right after a response', async () => {
    await page.goto(host.server.url);
    await listen();
    await call();
    for (const jobId of ['1', '2', 'ä\n3'] as JobId[]) host.emit({ type: 'job-dismissed', jobId });
    await expect.poll(seen).toEqual([
      { type: 'connection', online: true },
      { type: 'job-dismissed', jobId: '1' },
      { type: 'job-dismissed', jobId: '2' },
      { type: 'job-dismissed', jobId: 'ä\n3' },
    ]);
  });

  test('an open tab reconnects after a restart of the host, with connection events', async () => {
    await page.goto(host.server.url);
    await listen();
    await call();
    const { port } = host.server;
    await host.server.close();
    await expect.poll(last).toEqual({ type: 'connection', online: false });
    expect(await call()).toEqual({
      error: {
        code: 'host-lost',
        message: 'Emulsion isn’t responding. If it has quit, start it again with npm start.',
        billing: 'possible',
      },
    });
    const again = await startHost({ port, folder: host.folder });
    await expect.poll(last).toEqual({ type: 'connection', online: true });
    expect(await call()).toEqual({ ok: { theme: 'system' } });
    again.emit({ type: 'library' });
    await expect.poll(last).toEqual({ type: 'library' });
    expect((await seen()).filter(({ type }) => type === 'connection')).toHaveLength(3);
    await again.stop();
  });

  test('reports a listener’s error without affecting other listeners or the connection', async () => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(host.server.url);
    // Both in one call: the connection may be open before another one starts.
    await page.evaluate(() => {
      window.seen = [];
      window.studio.subscribe((event) => {
        throw new Error(`listener of ${event.type}`);
      });
      window.studio.subscribe((event) => window.seen.push(event));
    });
    await call();
    host.emit({ type: 'library' });
    host.emit({ type: 'library' });
    await expect.poll(seen).toEqual([{ type: 'connection', online: true }, { type: 'library' }, { type: 'library' }]);
    await expect.poll(() => faults).toEqual(['listener of connection', 'listener of library', 'listener of library']);
  });

  test('repeated reconnects leak no listeners', async () => {
    await page.addInitScript(() => {
      let listening = 0;
      const { addEventListener: add, removeEventListener: remove } = AbortSignal.prototype;
      AbortSignal.prototype.addEventListener = function (this: AbortSignal, ...args: Parameters<typeof add>) {
        listening += 1;
        Object.assign(window, { listening });
        add.apply(this, args);
      };
      AbortSignal.prototype.removeEventListener = function (this: AbortSignal, ...args: Parameters<typeof remove>) {
        listening -= 1;
        Object.assign(window, { listening });
        remove.apply(this, args);
      };
    });
    await page.goto(host.server.url);
    await listen();
    await call();
    let failed = 0;
    page.on('requestfailed', () => (failed += 1));
    await host.server.close();
    await expect.poll(() => failed).toBeGreaterThanOrEqual(4);
    // One of the pause; a next attempt may just have added its own.
    expect(await page.evaluate(() => window.listening)).toBeLessThanOrEqual(2);
  });

  test('the opened page redirects to the studio', async () => {
    const { address, remove } = await writeRedirectPage(host.folder, host.server.port, host.server.url);
    await page.goto(address);
    await page.waitForURL(`http://127.0.0.1:${host.server.port}/`);
    expect(await call()).toEqual({ ok: { theme: 'system' } });
    await remove();
  });

  test('holds no connection without listeners', async () => {
    await page.goto(host.server.url);
    const requests: string[] = [];
    page.on('requestfailed', (request) => requests.push(request.url()));
    await page.evaluate(async () => {
      const stop = window.studio.subscribe(() => undefined);
      await window.studio.call('settings.get', {});
      stop();
    });
    await expect.poll(() => requests).toEqual([`http://127.0.0.1:${host.server.port}/api/events`]);
  });

  test('serves nothing to a rebound host name', async () => {
    const answer = await page.goto(`http://rebound.example:${host.server.port}/#${host.tokens.session}`);
    expect(answer?.status()).toBe(403);
    const status = await page.evaluate(async (token) => {
      const headers = { 'content-type': 'application/json', 'x-emulsion-token': token };
      return (await fetch('/api/settings.get', { method: 'POST', headers, body: '{}' })).status;
    }, host.tokens.session);
    expect(status).toBe(403);
    expect(host.calls).toEqual([]);
  });

  describe('a page from another origin', () => {
    let foreign: Server;
    beforeEach(async () => {
      foreign = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Foreign</title>');
      });
      await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
      await page.goto(`http://127.0.0.1:${(foreign.address() as { port: number }).port}/`);
    });
    afterEach(() => {
      foreign.closeAllConnections();
      foreign.close();
    });

    test('cannot call, read, frame or embed, even with both tokens', async () => {
      const base = `http://127.0.0.1:${host.server.port}`;
      const { session, images } = host.tokens;
      const results = await page.evaluate(
        async ({ base, session, images }) => {
          const end = (promise: Promise<unknown>): Promise<string> => promise.then(String, () => 'refused');
          const headers = { 'content-type': 'application/json', 'x-emulsion-token': session };
          const load = (tag: 'img' | 'script', src: string): Promise<string> =>
            new Promise((done) => {
              const element = document.createElement(tag);
              element.onload = () => done('loaded');
              element.onerror = () => done('refused');
              element.src = src;
              document.body.append(element);
            });
          return {
            withToken: await end(fetch(`${base}/api/settings.get`, { method: 'POST', headers, body: '{}' })),
            simple: await end(fetch(`${base}/api/settings.get`, { method: 'POST', mode: 'no-cors', body: '{}' })),
            page: await end(fetch(`${base}/`)),
            image: await load('img', `${base}/images/${images}/original/1`),
            script: await load('script', `${base}/assets/main-1a2b.js`),
          };
        },
        { base, session, images },
      );
      expect(results).toEqual({
        withToken: 'refused',
        simple: 'refused',
        page: 'refused',
        image: 'refused',
        script: 'refused',
      });
      await page.evaluate((src) => {
        const frame = document.createElement('iframe');
        frame.src = src;
        document.body.append(frame);
      }, host.server.url);
      await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/u);
      expect(host.calls).toEqual([]);
      expect(host.images).toEqual([]);
    });
  });
});
