import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { receiveInput } from '../../electron/studio/routes/receive-input.ts';
import { rawRequest, requestText, type ResponseText } from './raw-request.ts';
import { startHost, type RunningHost } from './small-studio.ts';

/** Instead of 256 MB. */
const LIMIT = 400_000;
let host: RunningHost;
let library: Library;
const log: unknown[] = [];

beforeAll(async () => {
  host = await startHost({
    upload: (request) => receiveInput(library, request, (_sentence, thrown) => log.push(thrown), LIMIT),
  });
  library = await openLibrary(join(host.folder, 'library'));
});
afterAll(async () => {
  library.close();
  await host.stop();
});

const kept = (): string[][] => [
  readdirSync(join(library.folder, 'incoming')),
  readdirSync(join(library.folder, 'originals')),
];

function png(edge = 40): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: edge, height: edge, channels: 3, background: '#456', noise } })
    .png()
    .toBuffer();
}

function headers(replaced: Record<string, string[]> = {}): [string, string][] {
  const all: Record<string, string[]> = {
    host: [`127.0.0.1:${host.server.port}`],
    origin: [`http://127.0.0.1:${host.server.port}`],
    'sec-fetch-site': ['same-origin'],
    'content-type': ['application/octet-stream'],
    'x-emulsion-token': [host.tokens.session],
    ...replaced,
  };
  return Object.entries(all).flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
}

const attempt = (replaced: Record<string, string[]>, line = 'POST /inputs?name=a.png'): Promise<ResponseText> =>
  rawRequest(host.server.port, requestText(line, headers(replaced), 'bytes'));

function send(body: Uint8Array<ArrayBuffer> | ReadableStream, query = '?name=a.png'): Promise<Response> {
  const all = Object.fromEntries(headers().filter(([name]) => name !== 'host'));
  const init = { method: 'POST', headers: all, body, duplex: 'half' } as RequestInit;
  return fetch(`http://127.0.0.1:${host.server.port}/inputs${query}`, init);
}

describe('a request that isn’t from our page is rejected', () => {
  const next = (): string => String(host.server.port + 1);
  test.each<[string, () => Record<string, string[]>]>([
    ['another host', () => ({ host: ['evil.example'] })],
    ['a host that resolves to us', () => ({ host: [`evil.example:${host.server.port}`] })],
    ['another port', () => ({ host: [`127.0.0.1:${next()}`] })],
    ['two hosts', () => ({ host: [`127.0.0.1:${host.server.port}`, 'evil.example'] })],
    ['another origin', () => ({ origin: ['http://evil.example'] })],
    ['a neighbour’s origin', () => ({ origin: [`http://127.0.0.1:${next()}`] })],
    ['no origin of its own', () => ({ origin: ['null'] })],
    ['a cross-site page', () => ({ 'sec-fetch-site': ['cross-site'] })],
    ['a same-site page', () => ({ 'sec-fetch-site': ['same-site'] })],
    ['no token', () => ({ 'x-emulsion-token': [] })],
    ['a wrong token', () => ({ 'x-emulsion-token': ['a'.repeat(43)] })],
    ['the images’ token', () => ({ 'x-emulsion-token': [host.tokens.images] })],
    ['two tokens', () => ({ 'x-emulsion-token': [host.tokens.session, host.tokens.session] })],
  ])('%s', async (_who, replaced) => {
    const before = host.uploads.length;
    expect((await attempt(replaced())).status).toBe(403);
    expect(host.uploads).toHaveLength(before);
  });

  test.each(['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'image/png', ''])(
    'a form that any site could send: %s',
    async (type) => {
      const answer = await attempt({ 'content-type': type === '' ? [] : [type] });
      expect(answer.status).toBe(415);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'bad-payload' } });
      expect(kept()).toEqual([[], []]);
    },
  );

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s', async (method) => {
    expect((await attempt({}, `${method} /inputs?name=a.png`)).status).toBe(405);
  });

  test.each(['/inputs/', '/inputs/../api', '/inputsx', '/INPUTS', '/%69nputs'])('POST %s', async (path) => {
    const before = host.uploads.length;
    expect([404, 405]).toContain((await attempt({}, `POST ${path}`)).status);
    expect(host.uploads).toHaveLength(before);
  });
});

describe('a file from our page', () => {
  test('is stored, and its name is used only as a name', async () => {
    for (const [query, name] of [
      ['?name=sunset.png', 'sunset.png'],
      [`?name=${encodeURIComponent('../../etc/passwd')}`, 'passwd'],
      [`?name=${encodeURIComponent('C:\\temp\\katze.png')}`, 'katze.png'],
      [`?name=${encodeURIComponent('a\u0000b\r\nc\u202e.png')}`, 'a b c .png'],
      ['?name=..', '..'],
      ['', 'Image'],
      [`?name=${'x'.repeat(5000)}`, 'x'.repeat(200)],
    ] as const) {
      const answer = await send(new Uint8Array(await png()), query);
      expect.soft([answer.status, await answer.json()], query).toMatchObject([200, { ok: { name, format: 'png' } }]);
    }
    const names = readdirSync(join(library.folder, 'originals'), { recursive: true }).map(String);
    expect(names.every((name) => /^[0-9a-f]{2}(?:[/\\][0-9a-f]{62}\.png)?$/u.test(name))).toBe(true);
  });

  test('is rejected with a sentence if it isn’t an image', async () => {
    const answer = await send(new Uint8Array(randomBytes(1000)));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ error: { code: 'input-invalid', billing: 'none' } });
  });

  test('is rejected with a sentence if it’s too large, with or without a content length', async () => {
    const before = kept();
    const large = new Uint8Array(randomBytes(LIMIT + 1));
    const said = await send(large);
    expect([said.status, await said.json()]).toMatchObject([413, { error: { code: 'input-invalid' } }]);
    const chunks = new ReadableStream({
      start(controller) {
        controller.enqueue(large);
        controller.close();
      },
    });
    const unsaid = await send(chunks);
    expect([unsaid.status, await unsaid.json()]).toMatchObject([413, { error: { field: 'size' } }]);
    expect(kept()).toEqual(before);
  });

  test('leaves nothing if it’s truncated', async () => {
    const before = kept();
    const uploads = host.uploads.length;
    const bytes = await png(200);
    const socket = connect({ host: '127.0.0.1', port: host.server.port });
    const all: [string, string][] = [...headers(), ['content-length', String(bytes.length)]];
    const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.write(`POST /inputs?name=cut.png HTTP/1.1\r\n${head}\r\n`);
    socket.write(bytes.subarray(0, bytes.length / 2));
    const incoming = (): string[] => readdirSync(join(library.folder, 'incoming'));
    await expect.poll(() => [host.uploads.length - uploads, incoming().length]).toEqual([1, 1]);
    socket.resetAndDestroy();
    await expect.poll(incoming).toEqual([]);
    expect(kept()).toEqual(before);
    expect(log).toEqual([]);
  });
});
