import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawRequest, requestText, type ResponseText } from './raw-request.ts';
import { startHost, type RunningHost } from './small-studio.ts';

let host: RunningHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host.stop());

/** A valid call with some headers replaced. An empty list omits one, two values send it twice. */
function call(replaced: Record<string, string[]> = {}, line = 'POST /api/settings.get'): Promise<ResponseText> {
  const headers: Record<string, string[]> = {
    host: [`127.0.0.1:${host.server.port}`],
    origin: [`http://127.0.0.1:${host.server.port}`],
    'sec-fetch-site': ['same-origin'],
    'content-type': ['application/json'],
    'x-emulsion-token': [host.tokens.session],
    ...replaced,
  };
  const list = Object.entries(headers).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return rawRequest(host.server.port, requestText(line, list, '{}'));
}
const fill = (text: string): string =>
  text
    .replaceAll('PORT', String(host.server.port))
    .replaceAll('NEXT', String(host.server.port + 1))
    .replaceAll('TOKEN', host.tokens.session)
    .replaceAll('IMAGES', host.tokens.images);

describe('request guard', () => {
  test.each<Record<string, string[]>>([
    {},
    { host: ['localhost:PORT'], origin: ['http://localhost:PORT'] },
    { origin: [] },
    { origin: [], 'sec-fetch-site': [] },
    { 'sec-fetch-site': ['none'] },
  ])('accepts our own page: %j', async (replaced) => {
    const filled = Object.fromEntries(Object.entries(replaced).map(([name, values]) => [name, values.map(fill)]));
    const before = host.calls.length;
    const answer = await call(filled);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ ok: { theme: 'system' } });
    expect(host.calls).toHaveLength(before + 1);
  });

  test.each([
    ['host', ['evil.example']],
    ['host', ['evil.example:PORT']],
    ['host', ['127.0.0.1']],
    ['host', ['localhost']],
    ['host', ['127.0.0.1:NEXT']],
    ['host', ['127.0.0.1:PORT.evil.example']],
    ['host', ['127.0.0.1.evil.example:PORT']],
    ['host', ['evil.example#127.0.0.1:PORT']],
    ['host', ['127.0.0.1:PORT@evil.example']],
    ['host', ['user@127.0.0.1:PORT']],
    ['host', ['127.0.0.2:PORT']],
    ['host', ['127.1:PORT']],
    ['host', ['2130706433:PORT']],
    ['host', ['0x7f000001:PORT']],
    ['host', ['0.0.0.0:PORT']],
    ['host', ['[::1]:PORT']],
    ['host', ['LOCALHOST:PORT']],
    ['host', ['localhost.:PORT']],
    ['host', ['localhost:0PORT']],
    ['host', ['']],
    ['origin', ['null']],
    ['origin', ['']],
    ['origin', ['http://evil.example']],
    ['origin', ['https://127.0.0.1:PORT']],
    ['origin', ['http://127.0.0.1']],
    ['origin', ['http://127.0.0.1:NEXT']],
    ['origin', ['http://localhost:PORT']],
    ['origin', ['http://127.0.0.1:PORT/']],
    ['origin', ['http://127.0.0.1:PORT.evil.example']],
    ['origin', ['HTTP://127.0.0.1:PORT']],
    ['origin', ['http://127.0.0.1:PORT', 'http://evil.example']],
    ['origin', ['file://']],
    ['sec-fetch-site', ['cross-site']],
    ['sec-fetch-site', ['same-site']],
    ['sec-fetch-site', ['same-origin', 'cross-site']],
    ['x-emulsion-token', []],
    ['x-emulsion-token', ['']],
    ['x-emulsion-token', ['TOKENx']],
    ['x-emulsion-token', ['IMAGES']],
    ['x-emulsion-token', ['TOKEN, TOKEN']],
    ['x-emulsion-token', ['TOKEN', 'TOKEN']],
    ['x-emulsion-token', ['A'.repeat(43)]],
  ])('rejects %s %j with 403 without calling the studio', async (name, values) => {
    const before = host.calls.length;
    const answer = await call({ [name]: values.map(fill) });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('theme');
    expect(answer.head.toLowerCase()).not.toContain('access-control');
    expect(host.calls).toHaveLength(before);
  });

  test('rejects two or no Host headers first', async () => {
    const ours = `127.0.0.1:${host.server.port}`;
    expect((await call({ host: [ours, 'evil.example'] })).status).toBe(403);
    expect((await call({ host: ['evil.example', ours] })).status).toBe(403);
    expect((await call({ host: [] })).status).toBe(400);
  });

  test.each(['/', '/index.html', '/assets/main-1a2b.js', '/api/events', '/images/IMAGES/original/1', '/nothing'])(
    'serves nothing of %s to a rebound host name',
    async (path) => {
      const answer = await rawRequest(
        host.server.port,
        requestText(`GET ${fill(path)}`, [
          ['host', `rebound.example:${host.server.port}`],
          ['x-emulsion-token', host.tokens.session],
        ]),
      );
      expect(answer.status).toBe(403);
      expect(answer.body).not.toMatch(/html|script|studio/u);
    },
  );

  test('rejects an absolute URL in the request line', async () => {
    for (const target of [`http://evil.example/api/settings.get`, `//evil.example/api/settings.get`]) {
      expect((await call({}, `POST ${target}`)).status).toBe(403);
    }
  });

  test('rejects a preflight, so no other origin can call', async () => {
    const answer = await call({ origin: ['http://evil.example'] }, 'OPTIONS /api/settings.get');
    expect(answer.status).toBe(403);
    expect((await call({}, 'OPTIONS /api/settings.get')).status).toBe(405);
    expect((await call({}, 'GET /api/settings.get')).status).toBe(405);
    expect((await call({}, 'DELETE /')).status).toBe(405);
    expect((await call({}, 'PUT /index.html')).status).toBe(405);
  });

  test('listens on 127.0.0.1 only', async () => {
    const { networkInterfaces } = await import('node:os');
    const others = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).flatMap(({ address, internal }) => (internal ? [] : [address])),
    );
    for (const address of ['::1', ...others]) {
      const { connect } = await import('node:net');
      const reached = await new Promise<boolean>((done) => {
        const socket = connect({ host: address, port: host.server.port, timeout: 2000 });
        const end = (open: boolean) => () => {
          socket.destroy();
          done(open);
        };
        socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
      });
      expect(reached, address).toBe(false);
    }
  });
});
