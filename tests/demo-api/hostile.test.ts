import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoApi, type DemoApi } from '../../electron/demo-api/server.ts';

let api: DemoApi;
beforeAll(async () => {
  api = await startDemoApi({ pace: 0 });
});
afterAll(() => api.close());

/** Sends raw bytes and collects the response until the server closes. */
async function sendRaw(text: string | Buffer, leave: (socket: Socket) => void = () => undefined): Promise<string> {
  const socket = connect(api.port, '127.0.0.1');
  socket.write(text);
  leave(socket);
  let received = '';
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) received += chunk.toString('latin1');
  } catch {
    // A reset connection is a valid response.
  }
  return received;
}

const head = (path: string, length: number, type: string): string =>
  `POST /v1/images/${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
const alive = async (): Promise<boolean> => (await fetch(`${api.baseUrl}/models`)).ok;
const leftovers = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`emulsion-demo-${process.pid}-`));

describe('the server handles', () => {
  it.each([
    ['no boundary', 'multipart/form-data', 'x'],
    ['an empty form', 'multipart/form-data; boundary=b', ''],
    ['noise', 'multipart/form-data; boundary=b', 'noise '.repeat(1000)],
    [
      'a form without an end',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nhalf',
    ],
    ['a part without a name', 'multipart/form-data; boundary=b', '--b\r\n\r\nx\r\n--b--\r\n'],
    [
      'a header without an end',
      'multipart/form-data; boundary=b',
      `--b\r\nContent-Disposition: ${'x'.repeat(200_000)}`,
    ],
    ['another type', 'image/png', 'x'],
  ])('%s', async (_, type, body) => {
    const received = await sendRaw(head('edits', body.length, type) + body);
    expect(received).toMatch(/^HTTP\/1.1 400 /u);
    expect(received).toContain('"type":"invalid_request_error"');
    expect(await alive()).toBe(true);
  });

  it('clients that disconnect midway', async () => {
    const form = '--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n' + 'x'.repeat(100_000);
    for (const path of ['edits', 'variations']) {
      await sendRaw(head(path, 1_000_000, 'multipart/form-data; boundary=b') + form, (socket) => socket.end());
    }
    await sendRaw(head('generations', 1000, 'application/json') + '{"prompt"', (socket) => socket.destroy());
    await sendRaw('GARBAGE\r\n\r\n');
    expect(await alive()).toBe(true);
    await expect.poll(leftovers).toEqual([]);
  });

  it('an image above 50 MB, with an error', async () => {
    const field = (name: string, value = ''): string =>
      `--b\r\nContent-Disposition: form-data; name="${name}"${value && `\r\n\r\n${value}\r\n`}`;
    const form = Buffer.concat([
      Buffer.from(`${field('prompt', 'a')}${field('model', 'gpt-image-2')}${field('image')}; filename="a.png"\r\n\r\n`),
      Buffer.alloc(51 * 1024 * 1024),
      Buffer.from('\r\n--b--\r\n'),
    ]);
    // On a connection of its own: one that was kept may be closed while the form is made.
    const start = Buffer.from(head('edits', form.length, 'multipart/form-data; boundary=b'));
    const received = await sendRaw(Buffer.concat([start, form]));
    expect(received).toMatch(/^HTTP\/1.1 413 /u);
    expect(received).toContain('"code":"image_too_large"');
    expect(received).toContain('"param":"image"');
  });

  it('path traversal', async () => {
    for (const path of [
      '/images/../../package.json',
      '/images/%2e%2e/x',
      '/v1/models/__proto__',
      '/constructor',
      '//',
      '/images/',
    ]) {
      expect(await sendRaw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 404 /u);
    }
  });

  it('connections on 127.0.0.1 only', () => {
    expect(new URL(api.baseUrl).hostname).toBe('127.0.0.1');
  });
});
