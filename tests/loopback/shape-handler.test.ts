import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawRequest, requestText } from './raw-request.ts';
import { startHost, type RunningHost } from './small-studio.ts';

let host: RunningHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host.stop());

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${host.server.port}${path}`, {
    headers: { 'x-emulsion-token': host.tokens.session },
    ...init,
  });

test('a view’s shape comes from the studio, with the session’s token only', async () => {
  expect(await (await ask('/index/1a-2/shape')).json()).toBe('/index/1a-2/shape');
  for (const token of ['', 'x', host.tokens.images, `${host.tokens.session}x`])
    expect.soft((await ask('/index/1a-2/shape', { headers: { 'x-emulsion-token': token } })).status).toBe(403);
  expect((await ask('/index/1a-2/shape', { headers: {} })).status).toBe(403);
  const foreign = {
    'x-emulsion-token': host.tokens.session,
    'sec-fetch-site': 'cross-site',
    origin: 'https://a.example',
  };
  expect((await ask('/index/1a-2/shape', { headers: foreign })).status).toBe(403);
});

test('nothing else is below its path', async () => {
  expect((await ask('/index/1a-2/shape', { method: 'POST' })).status).toBe(405);
  for (const path of [
    '/index/',
    '/index/x',
    '/index/x/rows',
    '/index/A/shape',
    '/index/x/shape?a',
    `/index/${'x'.repeat(65)}/shape`,
  ])
    expect.soft((await ask(path)).status, path).toBe(404);
  const headers: [string, string][] = [
    ['host', `127.0.0.1:${host.server.port}`],
    ['x-emulsion-token', host.tokens.session],
  ];
  for (const path of ['/index/../shape', '/index/../../library.db', '/index/%2e%2e/shape', '/index//shape'])
    expect.soft((await rawRequest(host.server.port, requestText(`GET ${path}`, headers))).status, path).toBe(404);
});
