import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../../fast-check.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPageHandler } from '../../../electron/desktop/page/protocol.ts';
import { builtPage } from '../../../electron/desktop/page/static-files.ts';

let folder = '';
let answer: (request: Request) => Promise<Response>;
const asked: string[] = [];
const received: { url: string; bytes: number }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-page-'));
  await writeFile(join(folder, 'secret.js'), 'outside');
  const page = join(folder, 'page');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), '<!doctype html>');
  await writeFile(join(page, 'assets', 'index-1a2b.js'), 'run();');
  await writeFile(join(page, 'assets', 'index-1a2b.js.map'), '{}');
  await writeFile(join(page, 'assets', 'inter latin.woff2'), 'font');
  await writeFile(join(page, 'browser-transport.js'), 'loopback only');
  await writeFile(join(page, 'notes.txt'), 'not a part of the page');
  answer = createPageHandler({
    page: await builtPage(page),
    receiveInput: async (request) => {
      received.push({ url: request.url, bytes: (await request.bytes()).length });
      return Response.json({ ok: 'taken' });
    },
    serveViewShape: (request) => Promise.resolve(Response.json(new URL(request.url).pathname)),
    serveImage: (request) => {
      asked.push(request.url);
      return Promise.resolve(
        new Response('pixels', { headers: { 'content-type': 'image/png', 'content-security-policy': 'sandbox' } }),
      );
    },
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const get = (path: string, method = 'GET'): Promise<Response> =>
  answer(new Request(`app://emulsion${path}`, { method }));

test('shapes of views come from the studio', async () => {
  expect(await (await get('/index/1-2/shape')).json()).toBe('/index/1-2/shape');
  expect((await get('/index/1-2/shape', 'POST')).status).toBe(405);
});

describe('the page', () => {
  test('is served with its type, length and policy', async () => {
    const response = await get('/');
    expect(await response.text()).toBe('<!doctype html>');
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'content-length': '15',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; media-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test('is served with all its files, with or without a query', async () => {
    for (const path of [
      '/index.html',
      '/assets/index-1a2b.js',
      '/assets/index-1a2b.js?v=2',
      '/assets/inter%20latin.woff2',
    ]) {
      expect.soft((await get(path)).status, path).toBe(200);
    }
    expect((await get('/assets/index-1a2b.js')).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  test.each([
    '/assets/index-1a2b.js.map',
    '/browser-transport.js',
    '/notes.txt',
    '/assets',
    '/assets/',
    '/secret.js',
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/..%5csecret.js',
    '/assets/..%2f..%2fsecret.js',
    '//secret.js',
    '/%00',
    '/index.html%00.js',
    '/INDEX.HTML',
  ])('is 404 at %s', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  test('serves only its own files for any path', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '%2e%2e',
        '..%2f',
        '..\\',
        '%5c',
        'secret.js',
        'page',
        'assets',
        'index-1a2b.js.map',
        '/',
        '%00',
        '~',
      ),
      fc.string({ maxLength: 6 }).map(encodeURIComponent),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const text = await (await get(`/${parts.join('/')}`)).text();
        expect(text).not.toMatch(/outside|\{\}|loopback|not a part/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('responds to HEAD without a body, and rejects other methods', async () => {
    const head = await get('/', 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '15', '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await get('/', method);
      expect.soft([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
    }
  });

  test('is served at one host only', async () => {
    expect((await answer(new Request('app://other/'))).status).toBe(404);
    expect((await answer(new Request('app://emulsion:81/'))).status).toBe(404);
  });
});

test('images come from the studio, with their own policy and the other headers', async () => {
  const response = await get('/images/thumbnail/0');
  expect(asked).toEqual(['app://emulsion/images/thumbnail/0']);
  expect(await response.text()).toBe('pixels');
  expect(response.headers.get('content-security-policy')).toBe('sandbox');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

describe('upload', () => {
  const post = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    answer(new Request(`app://emulsion${path}`, { method: 'POST', body: 'bytes', headers }));

  test('is passed to the studio, from our page only', async () => {
    received.length = 0;
    const response = await post('/inputs?name=a.png', { origin: 'app://emulsion' });
    expect([response.status, await response.json()]).toEqual([200, { ok: 'taken' }]);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await post('/inputs?name=b.png')).status).toBe(200);
    expect(received.map(({ bytes }) => bytes)).toEqual([5, 5]);
  });

  test.each(['null', 'https://example.org', 'app://other', 'app://emulsion:81', 'app://emulsion.example.org', ''])(
    'is rejected from the origin “%s”',
    async (origin) => {
      received.length = 0;
      expect((await post('/inputs?name=a.png', { origin })).status).toBe(403);
      expect(received).toEqual([]);
    },
  );

  test('has one URL and one method', async () => {
    received.length = 0;
    for (const path of ['/inputs/', '/inputs/x', '/INPUTS', '/images/inputs', '/index.html', '/']) {
      expect.soft((await post(path)).status, path).toBe(405);
    }
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expect.soft((await get('/inputs?name=a.png', method)).status, method).toBe(405);
    }
    expect((await get('/inputs?name=a.png')).status).toBe(404);
    expect(received).toEqual([]);
  });
});
