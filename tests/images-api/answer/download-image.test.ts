import { setTimeout as pass } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../electron/images-api/transport/limits.ts';
import { downloadImage } from '../../../electron/images-api/answer/download-image.ts';
import { ImageFile } from '../../../electron/images-api/answer/image-file.ts';
import { isPrivateAddress } from '../../../electron/images-api/transport/private-address.ts';
import { startRecordingServer, type RecordingServer, type Script } from '../../fakes/recording-server.ts';
import { attempt, create, KEY, createFolder, sinksIn, stream } from '../test-calls.ts';

const servers: RecordingServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const imageBytes = Buffer.from('the bytes of an image');

/** Hosts the images; the API server below responds with their URLs. */
async function host(script: Parameters<typeof startRecordingServer>[0]): Promise<RecordingServer> {
  const server = await startRecordingServer(script);
  servers.push(server);
  return server;
}

const answerWith = (...urls: string[]): Script => ({
  body: JSON.stringify({ created: 1, data: urls.map((url) => ({ url, revised_prompt: 'r' })) }),
});
const image: Script = { headers: { 'content-type': 'image/png' }, body: imageBytes };

describe('a response with image URLs', () => {
  test('is downloaded at once, without the key', async () => {
    const files = await host(image);
    const api = await host(
      answerWith(`http://127.0.0.1:${files.port}/a.png?sig=1`, `http://127.0.0.1:${files.port}/b.png`),
    );
    const outcome = await attempt(api.baseUrl, {
      ...create,
      parameters: { ...create.parameters, n: 2 },
    } as typeof create);
    expect(outcome).toMatchObject({ error: null, images: [imageBytes, imageBytes], result: { images: 2 } });
    expect(files.requests.map(({ method, path }) => [method, path])).toEqual([
      ['GET', '/a.png?sig=1'],
      ['GET', '/b.png'],
    ]);
    const sent = JSON.stringify(files.requests.map(({ headers }) => headers));
    expect(sent).not.toContain(KEY);
    expect(sent).not.toMatch(/authorization|cookie|openai/iu);
  });

  test('is downloaded from a stream too', async () => {
    const files = await host(image);
    const event = { type: 'image_generation.completed', url: `http://127.0.0.1:${files.port}/a.png` };
    const api = await host({
      headers: { 'content-type': 'text/event-stream' },
      body: [`data: ${JSON.stringify(event)}\n\n`, { hang: true }],
    });
    expect(await attempt(api.baseUrl, stream)).toMatchObject({ error: null, images: [imageBytes] });
  });

  test('follows a few redirects', async () => {
    const files = await host(({ path }) =>
      path === '/0' ? image : { status: 302, headers: { location: `/${Number(path.slice(1)) - 1}` } },
    );
    const few = await host(answerWith(`http://127.0.0.1:${files.port}/5`));
    expect(await attempt(few.baseUrl)).toMatchObject({ error: null, images: [imageBytes] });
    const many = await host(answerWith(`http://127.0.0.1:${files.port}/6`));
    expect((await attempt(many.baseUrl)).error).toMatchObject({ code: 'connection-lost' });
  });

  test('that fails for one image keeps the others and reports the URL of the lost one', async () => {
    const files = await host(({ path }) => (path === '/gone' ? { status: 404, body: 'no' } : image));
    const lost = `http://127.0.0.1:${files.port}/gone`;
    const api = await host(answerWith(lost, `http://127.0.0.1:${files.port}/there`));
    const outcome = await attempt(api.baseUrl);
    expect(outcome.error).toMatchObject({ code: 'connection-lost', billing: 'billed', server: { message: lost } });
    expect(outcome.arrivals.at(-1)).toMatchObject({ type: 'image', position: 1 });
    expect(outcome.files).toHaveLength(1);
  });

  test('resets the idle timeout while its images arrive', async () => {
    // Each download takes longer than the idle limit, but is never idle for that long.
    const drip = Array.from({ length: 6 }, (_, at) => [
      { wait: () => pass(300) },
      imageBytes.subarray(at * 5, at * 5 + 5),
    ]);
    const files = await host({ ...image, body: [...drip.flat(), imageBytes.subarray(30)] });
    const api = await host(answerWith(`http://127.0.0.1:${files.port}/a`, `http://127.0.0.1:${files.port}/b`));
    const outcome = await attempt(api.baseUrl, create, { idleMs: 1500 });
    expect(outcome).toMatchObject({ error: null, images: [imageBytes, imageBytes] });
  });

  test('that is stopped reports the URLs that were not downloaded', async () => {
    const files = await host(({ path }) => (path === '/a' ? image : { ...image, body: ['the', { hang: true }] }));
    const at = `127.0.0.1:${files.port}`;
    const api = await host(
      answerWith(`http://${at}/a`, `http://name:secret@${at}/b?sig=a%2Fb`, `http://${at}/c?key=${KEY}`),
    );
    const controller = new AbortController();
    const outcome = await attempt(
      api.baseUrl,
      create,
      {},
      {
        signal: controller.signal,
        onEvent: ({ type }) => {
          if (type === 'image') setImmediate(() => controller.abort());
        },
      },
    );
    expect(outcome.error).toMatchObject({
      code: 'cancelled',
      billing: 'billed',
      server: { status: 200, message: `http://${at}/b?sig=a%2Fb\nhttp://${at}/c?key=[key removed]` },
    });
    expect(outcome.error?.message).toMatch(/The URLs of 2 images are in Details.* Billed\.$/su);
  });

  test('that is truncated reports the URLs received', async () => {
    const url = `http://127.0.0.1:9/a?sig=1`;
    const [begin = ''] = JSON.stringify({ data: [{ url, revised_prompt: 'r' }] }).split('"}]');
    const api = await host({ body: [begin.replaceAll('/', '\\/'), { destroy: 'end' }] });
    const { error } = await attempt(api.baseUrl);
    expect(error).toMatchObject({ code: 'connection-lost', billing: 'billed', server: { message: url } });
    for (const other of ['{"data":[{"url":"http://127.0.0.1/\\q"},', '{"error":{"url":"https://127.0.0.1/help"}']) {
      const broken = await host({ body: [other, { destroy: 'end' }] });
      expect((await attempt(broken.baseUrl)).error).toMatchObject({ code: 'connection-lost', billing: 'possible' });
    }
  });

  test('of compressed images is stored decompressed', async () => {
    const files = await host({
      headers: { ...image.headers, 'content-encoding': 'gzip' },
      body: gzipSync(imageBytes),
    });
    const api = await host(answerWith(`http://127.0.0.1:${files.port}/a`));
    expect(await attempt(api.baseUrl)).toMatchObject({ error: null, images: [imageBytes] });
  });

  test('that is stopped at its first image is reported as billed', async () => {
    const controller = new AbortController();
    const files = await host(() => {
      controller.abort();
      return { before: [{ hang: true }] };
    });
    const address = `http://127.0.0.1:${files.port}/a`;
    const api = await host(answerWith(address));
    const outcome = await attempt(api.baseUrl, create, {}, { signal: controller.signal });
    expect(outcome.error).toMatchObject({ code: 'cancelled', billing: 'billed', server: { message: address } });
    expect(outcome.error?.message).toMatch(/The image’s URL is in Details.* Billed\.$/su);
  });

  test('that fails for several images reports all their URLs', async () => {
    const files = await host(({ path }) => (path === '/there' ? image : { status: 404, body: 'no' }));
    const url = (name: string): string => `http://127.0.0.1:${files.port}/${name}`;
    const event = { type: 'image_generation.completed', data: ['1', 'there', '2'].map((name) => ({ url: url(name) })) };
    const call = { ...stream, parameters: { ...stream.parameters, n: 3 } } as typeof stream;
    for (const script of [
      answerWith(url('1'), url('there'), url('2')),
      { body: `data: ${JSON.stringify(event)}\n\n` },
    ]) {
      const outcome = await attempt((await host(script)).baseUrl, call);
      expect(outcome.error).toMatchObject({ code: 'connection-lost', server: { message: `${url('1')}\n${url('2')}` } });
      expect(outcome.images).toEqual([imageBytes]);
    }
  });

  test('ignores a partial image that cannot be downloaded', async () => {
    const files = await host(({ path }) => (path === '/a' ? image : { ...image, body: ['the', { destroy: 'reset' }] }));
    const url = (name: string): string => `http://127.0.0.1:${files.port}/${name}`;
    const partial = { type: 'image_generation.partial_image', partial_image_index: 0, url: url('gone') };
    const body = `data: ${JSON.stringify(partial)}\n\n`;
    const cut = await attempt((await host({ body })).baseUrl, stream);
    expect(cut).toMatchObject({ error: { code: 'answer-cut', billing: 'possible' }, files: [] });
    expect(cut.error?.message).not.toContain('Details');
    const done = `data: ${JSON.stringify({ type: 'image_generation.completed', url: url('a') })}\n\n`;
    const whole = await attempt((await host({ body: body + done })).baseUrl, stream);
    expect(whole).toMatchObject({ error: null, images: [imageBytes], parts: [] });
  });

  test.each<[string, string, Script]>([
    ['a web page', '/x', { headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['nothing', '/x', { headers: { 'content-type': 'image/png' }, body: '' }],
    ['a short body', '/x', { headers: { 'content-length': '900' }, body: ['abc', { destroy: 'end' }] }],
    ['a redirect to a file', '/x', { status: 302, headers: { location: 'file:///etc/passwd' } }],
    ['a redirect to nowhere', '/x', { status: 302 }],
    ['silence', '/x', { before: [{ hang: true }] }],
  ])('that leads to %s', async (_name, path, script) => {
    const files = await host(script);
    const api = await host(answerWith(`http://127.0.0.1:${files.port}${path}`));
    const outcome = await attempt(api.baseUrl, create, { downloadMs: 300 });
    expect(outcome.error).toMatchObject({ code: 'connection-lost', billing: 'billed' });
    expect(outcome.images).toEqual([]);
    expect(api.begun).toEqual(['POST']);
  });

  test.each(['ftp://127.0.0.1/a', 'file:///etc/passwd', 'javascript:1'])(
    'with the URL %s is not downloaded',
    async (url) => {
      const api = await host(answerWith(url));
      const outcome = await attempt(api.baseUrl);
      expect(outcome.error).toMatchObject({ code: 'connection-lost', billing: 'billed', server: { message: url } });
      expect(outcome.files).toEqual([]);
    },
  );

  test.each([
    ['data:image/svg+xml,<svg/>', '<svg/>'],
    ['data:image/svg+xml;utf8,%3Csvg%20id=%22%C3%BC%22/%3E', '<svg id="ü"/>'],
  ])('that contains the image is decoded: %s', async (url, expected) => {
    const api = await host(answerWith(url));
    expect(await attempt(api.baseUrl)).toMatchObject({ error: null, images: [Buffer.from(expected)] });
  });

  test('with an image that is too large is aborted', async () => {
    const files = await host({ headers: { 'content-type': 'image/png' }, body: Buffer.alloc(300_000) });
    const api = await host(answerWith(`http://127.0.0.1:${files.port}/x`));
    const outcome = await attempt(api.baseUrl, create, { maxImageBytes: 100_000 });
    expect(outcome.error).toMatchObject({ code: 'answer-too-large' });
    expect(outcome.images).toEqual([]);
  });
});

describe('private addresses', () => {
  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '[::1]',
    '::',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
  ])('%s is private', (address) => expect(isPrivateAddress(address)).toBe(true));

  test.each([
    '1.1.1.1',
    '172.32.0.1',
    '192.169.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
    'example.com',
  ])('%s is not private', (address) => expect(isPrivateAddress(address)).toBe(false));

  test.each([
    'http://127.0.0.1:PORT/x',
    'http://localhost:PORT/x',
    'http://[::ffff:127.0.0.1]:PORT/x',
    'http://2130706433:PORT/x',
    'http://0x7f.1:PORT/x',
  ])('a server on the internet cannot make us request %s', async (form) => {
    const files = await host(image);
    const { folder, remove } = await createFolder();
    const file = await ImageFile.create(sinksIn(folder), { kind: 'image', position: 0 }, { maxBytes: 1000 });
    const options = {
      limits: DEFAULT_LIMITS,
      signal: new AbortController().signal,
      allowPrivate: false,
      proxy: null,
      touch: () => undefined,
    };
    await expect(downloadImage(form.replace('PORT', String(files.port)), file, options)).rejects.toMatchObject({
      code: 'connection-lost',
      message: expect.stringContaining('local network') as string,
    });
    expect(files.begun).toEqual([]);
    await file.abandon(false);
    await remove();
  });
});
