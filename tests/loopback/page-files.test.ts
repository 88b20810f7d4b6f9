import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../fast-check.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPages } from '../../electron/loopback/page-files.ts';
import { rawRequest, requestText } from './raw-request.ts';
import { SECRET } from './small-page.ts';
import { startHost, type RunningHost } from './small-studio.ts';

let host: RunningHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host.stop());

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${host.server.port}${path}`, init);

describe('the page', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/browser-transport.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/assets/main-1a2b.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/main-1a2b.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/inter-9f.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
    ['/icon.svg', 'image/svg+xml', 'no-cache'],
  ])('%s is %s, %s', async (path, type, cache) => {
    const answer = await ask(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toBe(cache);
    const head = await ask(path, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String((await answer.arrayBuffer()).byteLength));
    expect(await head.text()).toBe('');
    const again = await ask(path, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  test('loads the transport before its own script', async () => {
    const html = await (await ask('/')).text();
    const scripts = [...html.matchAll(/<script[^>]*src="([^"]+)"/gu)].map((match) => match[1]);
    expect(scripts).toEqual(['/browser-transport.js', '/assets/main-1a2b.js']);
    expect(html).toContain('<script type="module" src="/browser-transport.js"></script>');
  });

  test.each(['/', '/assets/main-1a2b.js', '/nothing', '/images/x/original/y', '/api/settings.get'])(
    'every response has the security headers: %s',
    async (path) => {
      const { headers } = await ask(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; " +
          "media-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  test('a query is ignored, an unknown URL is 404', async () => {
    expect((await ask('/?a=1')).status).toBe(200);
    for (const path of [
      '/nothing',
      '/assets/',
      '/assets',
      '/index.html/',
      '/constructor',
      '/__proto__',
      '/secret.txt',
    ]) {
      expect((await ask(path)).status, path).toBe(404);
    }
  });

  test('no URL leads out of the folder', async () => {
    const known = new Set([
      '/',
      '/index.html',
      '/browser-transport.js',
      '/assets/main-1a2b.js',
      '/assets/main-1a2b.css',
      '/assets/inter-9f.woff2',
      '/icon.svg',
    ]);
    const step = fc.constantFrom(
      '..',
      '.',
      '',
      '...',
      '%2e%2e',
      '%2E.',
      '..%2f',
      '%252e%252e',
      '..\\',
      '%5c..',
      '%00',
      '..;',
      '%c0%ae%c0%ae',
      'assets',
      'page',
      'secret.txt',
      'settings.json',
      'browser-tokens.json',
      'index.html',
      'etc',
      'passwd',
      'C:',
      '~',
    );
    const path = fc.array(fc.oneof(step, fc.string({ maxLength: 6 }).map(encodeURIComponent)), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(path, async (parts) => {
        const target = `/${parts.join('/')}`;
        const answer = await rawRequest(
          host.server.port,
          requestText(`GET ${target}`, [['host', `127.0.0.1:${host.server.port}`]]),
        );
        expect(answer.body).not.toContain(SECRET);
        expect(answer.body).not.toContain(host.tokens.session);
        if (!known.has(target.split('?', 1)[0] ?? '')) expect([400, 403, 404]).toContain(answer.status);
      }),
      { numRuns: 1000 },
    );
  });

  test('a missing page is an error at startup, not of each request', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'emulsion-page-'));
    try {
      await expect(readPages(empty)).rejects.toMatchObject({ code: 'file-missing' });
      await expect(readPages(join(empty, 'nothing'))).rejects.toMatchObject({ code: 'file-missing' });
    } finally {
      await rm(empty, { recursive: true });
    }
  });
});
