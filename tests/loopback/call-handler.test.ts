import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHost, type RunningHost } from './small-studio.ts';

let host: RunningHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host.stop());

function post(endpoint: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<Response> {
  return fetch(`http://127.0.0.1:${host.server.port}/api/${endpoint}`, {
    method: 'POST',
    headers: { 'content-type': type, 'x-emulsion-token': host.tokens.session },
    body,
  });
}

describe('calls', () => {
  test('pass endpoint and payload to the studio and return its outcome', async () => {
    const answer = await post('settings.get', JSON.stringify({ a: ['ä', 1] }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ ok: { theme: 'system' } });
    expect(host.calls.at(-1)).toEqual({ endpoint: 'settings.get', payload: { a: ['ä', 1] } });
  });

  test('an unknown endpoint is a contract error', async () => {
    for (const name of ['nothing.here', '', 'settings.get/', 'settings.get?x=1', '__proto__']) {
      expect(await (await post(name, '{}')).json()).not.toHaveProperty('ok');
    }
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/json-patch+json',
    '',
  ])('a form of another site is rejected: content type %j is 415', async (type) => {
    const before = host.calls.length;
    const answer = await post('settings.get', Buffer.from('{}'), type || 'x/y');
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ error: { code: 'bad-payload', billing: 'none' } });
    expect(host.calls).toHaveLength(before);
  });

  test.each(['', '{', 'undefined', '{"a":1}}', new Uint8Array([0x22, 0xff, 0x22])])(
    'invalid JSON is 400: %j',
    async (body) => {
      const before = host.calls.length;
      const answer = await post('settings.get', body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { code: 'bad-payload' } });
      expect(host.calls).toHaveLength(before);
    },
  );

  test('accept 2 MB but not one byte more', async () => {
    const json = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2));
    expect((await post('settings.get', json(2 * 1024 * 1024))).status).toBe(200);
    const before = host.calls.length;
    const answer = await post('settings.get', json(2 * 1024 * 1024 + 1));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      error: { code: 'bad-payload', message: expect.stringContaining('2 MB') as string },
    });
    expect((await post('settings.get', json(20 * 1024 * 1024))).status).toBe(413);
    expect(host.calls).toHaveLength(before);
  });

  test('measure a body without a content length while reading', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        if (sent > 5 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const answer = await fetch(`http://127.0.0.1:${host.server.port}/api/settings.get`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-emulsion-token': host.tokens.session },
      body: endless,
      duplex: 'half',
    });
    expect(answer.status).toBe(413);
  });
});
