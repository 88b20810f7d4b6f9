import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import fc from '../fast-check.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { rawRequest, requestText } from './raw-request.ts';
import { startHost, type RunningHost } from './small-studio.ts';

const BYTES = randomBytes(3_000_000);
let host: RunningHost;
let cancelled = vi.fn<() => void>();

/** Responds like the studio: complete, or endlessly. */
function image(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (pathname === '/images/original/none') return new Response(null, { status: 404 });
  if (pathname === '/images/original/endless') {
    return new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => cancelled(),
      }),
    );
  }
  const bytes = BYTES.subarray(0, Number(/\/size-(\d+)$/u.exec(pathname)?.[1] ?? BYTES.length));
  const headers = { 'content-type': 'image/png', 'cache-control': 'private, immutable' };
  const body = request.method === 'HEAD' ? null : bytes;
  return new Response(body, { headers: { ...headers, 'content-length': String(bytes.length) } });
}
beforeAll(async () => {
  host = await startHost({ image });
});
afterAll(() => host.stop());

const ask = (rest: string, init: RequestInit = {}, token = host.tokens.images): Promise<Response> =>
  fetch(`http://127.0.0.1:${host.server.port}/images/${token}${rest}`, init);

describe('images', () => {
  test('are served complete, from the studio’s path', async () => {
    const answer = await ask('/original/abc-1');
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('cache-control')).toBe('private, immutable');
    expect(Buffer.from(await answer.arrayBuffer()).equals(BYTES)).toBe(true);
    expect(new URL(host.images.at(-1)!.url).pathname).toBe('/images/original/abc-1');
  });

  test.each([0, 1, 262_144, 262_145])('of %i bytes are served complete', async (size) => {
    const answer = await ask(`/original/size-${size}`);
    expect(answer.headers.get('content-length')).toBe(String(size));
    expect(Buffer.from(await answer.arrayBuffer()).equals(BYTES.subarray(0, size))).toBe(true);
  });

  test('pass on HEAD, but no headers', async () => {
    const head = await ask('/original/abc', {
      method: 'HEAD',
      headers: { range: 'bytes=10-19', 'if-none-match': '"a"' },
    });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '3000000', '']);
    expect([...host.images.at(-1)!.headers]).toEqual([]);
  });

  test('are 404 if missing', async () => {
    expect((await ask('/original/none')).status).toBe(404);
  });

  test('require the right token', async () => {
    const before = host.images.length;
    for (const token of ['', 'x', host.tokens.session, `${host.tokens.images}x`, host.tokens.images.slice(1)]) {
      expect((await ask('/original/abc', {}, token)).status).toBe(403);
    }
    for (const site of ['cross-site', 'same-site']) {
      expect((await ask('/original/abc', { headers: { 'sec-fetch-site': site } })).status).toBe(403);
    }
    expect((await ask('/original/abc', { method: 'POST' })).status).toBe(405);
    expect(host.images).toHaveLength(before);
  });

  test('pass only plain names to the studio', async () => {
    const step = fc.constantFrom('..', '.', '', '%2e%2e', '..%2f', '\\', '%00', 'original', 'a-1', '*', ';', '%41');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (parts) => {
        const before = host.images.length;
        const target = `/images/${host.tokens.images}/${parts.join('/')}`;
        await rawRequest(host.server.port, requestText(`HEAD ${target}`, [['host', `127.0.0.1:${host.server.port}`]]));
        for (const { url } of host.images.slice(before)) {
          expect(new URL(url).pathname).toMatch(/^\/images(?:\/[A-Za-z0-9-]+)+$/u);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('are read only while the client is connected', async () => {
    cancelled = vi.fn<() => void>();
    const request = get({
      host: '127.0.0.1',
      port: host.server.port,
      path: `/images/${host.tokens.images}/original/endless`,
    });
    const before = process.memoryUsage().rss;
    await new Promise<void>((done) => {
      request.once('response', (response) => {
        response.once('data', () => {
          response.pause();
          done();
        });
      });
    });
    // Without backpressure, these loop turns would read gigabytes.
    for (let setOnline = 0; setOnline < 2000; setOnline++) await new Promise((done) => setImmediate(done));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    request.on('error', () => undefined).destroy();
    await expect.poll(() => cancelled.mock.calls).not.toEqual([]);
  });
});
