import { once } from 'node:events';
import { appendFile, chmod, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { unreachableError } from '../../../electron/images-api/errors/network-errors.ts';
import type { ImageCall } from '../../../electron/images-api/request/build-request.ts';
import { listModels } from '../../../electron/images-api/client.ts';
import { startRecordingServer, type RecordingServer } from '../../fakes/recording-server.ts';
import { stopTime } from '../stopped-time.ts';
import { attempt, connectTo, create, createFolder, sinksIn, stream } from '../test-calls.ts';

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const b64 = Buffer.from('an image').toString('base64');
const whole = JSON.stringify({ data: [{ b64_json: b64 }] });

/** A closed port on loopback. */
async function closedPort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

describe('before anything is sent', () => {
  test('a refused connection costs nothing', async () => {
    const outcome = await attempt(`http://127.0.0.1:${await closedPort()}/v1`);
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(outcome.error?.message).toMatch(/refuses connections.* Not billed\.$/u);
    expect(outcome.cause).toMatchObject({ code: 'ECONNREFUSED' });
    expect(outcome.arrivals).toEqual([]);
  });

  test('an unknown name costs nothing', async () => {
    // `.invalid` never resolves (RFC 2606).
    const outcome = await attempt('http://studio.invalid/v1');
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(outcome.error?.message).toContain('studio.invalid');
  });

  test('https to a server without TLS costs nothing and the error says what to check', async () => {
    server = await startRecordingServer({ body: whole });
    const outcome = await attempt(server.baseUrl.replace('http:', 'https:'));
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(outcome.error?.message).toContain('http://');
    expect(server.requests).toEqual([]);
  });

  test('a server that accepts and never starts TLS times out', async () => {
    const mute = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const outcome = await attempt(`https://127.0.0.1:${(mute.address() as AddressInfo).port}/v1`, create, {
      connectMs: 100,
    });
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    mute.close();
  });

  test('a stop before the start sends nothing', async () => {
    server = await startRecordingServer({ body: whole });
    const outcome = await attempt(server.baseUrl, create, {}, { signal: AbortSignal.abort() });
    expect(outcome.error).toMatchObject({ code: 'cancelled', billing: 'none' });
    expect(server.begun).toEqual([]);
  });

  test('a stop while connecting sends nothing and takes effect at once', async () => {
    const mute = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const controller = new AbortController();
    mute.once('connection', () => controller.abort());
    const outcome = await attempt(
      `https://127.0.0.1:${(mute.address() as AddressInfo).port}/v1`,
      create,
      {},
      { signal: controller.signal },
    );
    expect(outcome.error).toMatchObject({ code: 'cancelled', billing: 'none' });
    mute.close();
  });

  test('a profile that cannot be used sends nothing', async () => {
    const outcome = await attempt('not an address');
    expect(outcome.error).toMatchObject({ code: 'profile-invalid', billing: 'none' });
  });
});

describe('no connection to a server', () => {
  const codes = [
    ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EPROTO'],
    'ESOMETHING',
  ];
  const sentence = (code: string, address: string): string =>
    unreachableError(Object.assign(new Error(code), { code }), address).message;

  test.each(codes)('of OpenAI (%s) does not suggest a wrong base URL', (code) => {
    const own = sentence(code, 'https://api.openai.com/v1/images/generations');
    expect(own).toMatch(/^api\.openai\.com can’t be reached: .* Check (your network connection|the computer’s date)/u);
    expect(own).not.toMatch(/base URL/iu);
  });

  test.each(codes)('other than OpenAI (%s) suggests a wrong base URL', (code) => {
    for (const address of ['https://api.opemai.com/v1/models', 'http://api.openai.com/v1/models'])
      expect(sentence(code, address)).toMatch(/can’t be reached: .* Check .*base URL.*\. Not billed\.$/u);
  });
});

describe('after the request was sent', () => {
  test('a stop before the head closes the connection and may have been billed', async () => {
    const controller = new AbortController();
    server = await startRecordingServer(() => {
      controller.abort();
      return { before: [{ hang: true }] };
    });
    const outcome = await attempt(server.baseUrl, create, {}, { signal: controller.signal });
    expect(outcome.error).toMatchObject({ code: 'cancelled', billing: 'possible' });
    expect(outcome.error?.notes).toBeUndefined();
    expect(server.begun).toEqual(['POST']);
    await expect.poll(() => server?.connections()).toBe(0);
  });

  test('a stop during the stream keeps the partial images', async () => {
    const partial = `data: {"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"${b64}"}\n\n`;
    server = await startRecordingServer({ body: [`${partial}data: {"b64_json":"AAAA`, { hang: true }] });
    const controller = new AbortController();
    const outcome = await attempt(
      server.baseUrl,
      stream,
      {},
      {
        signal: controller.signal,
        onEvent: (arrival) => {
          if (arrival.type === 'partial') setImmediate(() => controller.abort());
        },
      },
    );
    expect(outcome.error).toMatchObject({ code: 'cancelled', billing: 'possible' });
    expect(outcome.error?.message).toMatch(/^You stopped this after it was sent\./u);
    expect(outcome.error?.notes).toEqual(['kept']);
    expect(outcome.files).toHaveLength(2);
    expect(outcome.parts).toHaveLength(1);
  });

  test('silence within the idle limit is accepted, and comments reset it', async () => {
    const time = stopTime();
    const comment = ': keepalive\n\n';
    // Together twice as long as the limit.
    const silence = (comments: number) => time.passes(400, comments * comment.length);
    const body = [
      ...[0, 1, 2].flatMap((comments) => [silence(comments), comment]),
      silence(3),
      `data: {"type":"image_generation.completed","b64_json":"${b64}"}\n\n`,
    ];
    server = await startRecordingServer({ headers: { 'content-type': 'text/event-stream' }, body });
    const outcome = await attempt(server.baseUrl, stream, { idleMs: 800 }, { traffic: time.traffic });
    expect(outcome.error).toBeNull();
    expect(outcome.images).toHaveLength(1);
  });

  test('the total limit ends even an active response', async () => {
    // Active for far longer than the limit; without the limit it would complete.
    const time = stopTime();
    const drip = Array.from({ length: 100 }, () => [': keepalive\n\n', time.passes(20)]).flat();
    const image = `data: {"type":"image_generation.completed","b64_json":"${b64}"}\n\n`;
    server = await startRecordingServer({
      headers: { 'content-type': 'text/event-stream' },
      body: [...drip, image],
    });
    const outcome = await attempt(server.baseUrl, stream, { totalMs: 300 });
    expect(outcome.error).toMatchObject({ code: 'timed-out', billing: 'possible' });
    expect(outcome.error?.message).toContain('didn’t finish within');
    expect(outcome.images).toEqual([]);
  });

  test('the request id of a failure is kept', async () => {
    server = await startRecordingServer({
      headers: { 'x-request-id': 'req_42' },
      body: ['{"data":[', { destroy: 'end' }],
    });
    const outcome = await attempt(server.baseUrl);
    expect(outcome.error).toMatchObject({ code: 'connection-lost', server: { requestId: 'req_42', status: 200 } });
    expect(outcome.arrivals).toEqual([{ type: 'head', status: 200, requestId: 'req_42' }]);
  });
});

describe('uploads', () => {
  const edit = (file: string): ImageCall => ({
    operation: 'edit',
    parameters: { prompt: 'x' },
    inputs: [{ role: 'image', path: file, fileName: 'in.png', mediaType: 'image/png', bytes: 1 }],
  });

  test('a missing file sends nothing', async () => {
    server = await startRecordingServer({ body: whole });
    const outcome = await attempt(server.baseUrl, edit(path.join(import.meta.dirname, 'no-such.png')));
    expect(outcome.error).toMatchObject({ code: 'file-missing', billing: 'none' });
    expect(server.begun).toEqual([]);
  });

  test('large files arrive complete', async () => {
    const { folder, remove } = await createFolder();
    const bytes = Buffer.alloc(20_000_000, 'abc');
    await writeFile(path.join(folder, 'in.png'), bytes);
    server = await startRecordingServer({ body: whole });
    const outcome = await attempt(server.baseUrl, edit(path.join(folder, 'in.png')));
    expect(outcome.error).toBeNull();
    expect(server.requests[0]?.files[0]?.bytes.equals(bytes)).toBe(true);
    await remove();
  });

  test.each(['grows', 'shrinks'])('a file that %s during the upload is not sent', async (change) => {
    const { folder, remove } = await createFolder();
    const file = path.join(folder, 'in.png');
    await writeFile(file, Buffer.alloc(8_000_000));
    server = await startRecordingServer({ body: whole });
    const started = attempt(server.baseUrl, edit(file));
    await expect.poll(() => server?.begun, { interval: 1 }).toEqual(['POST']);
    await (change === 'grows' ? appendFile(file, 'more') : truncate(file, 10));
    const outcome = await started;
    // If it was already read completely, the response is valid.
    if (outcome.error) expect(outcome.error).toMatchObject({ code: 'file-missing', billing: 'none' });
    expect(server.begun).toEqual(['POST']);
    await remove();
  });
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a folder that is not writable is reported',
  async () => {
    const { folder, remove } = await createFolder();
    await chmod(folder, 0o500);
    server = await startRecordingServer({ body: whole });
    const outcome = await attempt(server.baseUrl, create, {}, { openSink: sinksIn(folder) });
    expect(outcome.error).toMatchObject({ code: 'disk-unwritable', billing: 'possible' });
    await chmod(folder, 0o700);
    await remove();
  },
);

test('a missing folder is reported', async () => {
  server = await startRecordingServer({ body: whole });
  const outcome = await attempt(
    server.baseUrl,
    create,
    {},
    { openSink: sinksIn(path.join(import.meta.dirname, 'no-such-folder')) },
  );
  expect(outcome.error).toMatchObject({ code: 'disk-unwritable', billing: 'possible' });
  expect(outcome.error?.message).toContain('ENOENT');
});

describe('the list of models', () => {
  const list = (baseUrl: string, limitMs?: number) =>
    listModels(connectTo(baseUrl), new AbortController().signal, limitMs);

  test.each([
    ['OpenAI', '{"object":"list","data":[{"id":"a"},{"id":"b"},{"nameless":1}]}', ['a', 'b']],
    ['names', '{"models":["a",{"name":"b"}]}', ['a', 'b']],
    ['a bare list', '[{"id":"a"}]', ['a']],
    ['nothing', '{"data":[]}', []],
  ])('is read from %s', async (_name, body, models) => {
    server = await startRecordingServer({ body });
    const check = await list(server.baseUrl);
    expect(check.models).toEqual(models);
    expect(check.tookMs).toBeGreaterThan(0);
    expect(server.requests).toMatchObject([{ method: 'GET', path: '/v1/models' }]);
  });

  test('of a million names is limited to two thousand, and each name in length', async () => {
    const names = [`"${'x'.repeat(5000)}"`, ...Array.from({ length: 1_000_000 }, () => '"a"')];
    server = await startRecordingServer({ body: `[${names.join(',')}]` });
    const { models } = await list(server.baseUrl);
    expect(models).toHaveLength(2000);
    expect(models[0]).toHaveLength(256);
  });

  test.each<[string, Parameters<typeof startRecordingServer>[0], string]>([
    [
      'a refused key',
      { status: 401, body: '{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}' },
      'key-refused',
    ],
    ['a web page', { body: '<html><title>Hi</title></html>' }, 'answer-not-json'],
    ['no list', { body: '{"ok":true}' }, 'answer-not-json'],
    ['a broken connection', { body: ['{"data":', { destroy: 'reset' }] }, 'connection-lost'],
    ['silence', { before: [{ hang: true }] }, 'timed-out'],
    ['a redirect', { status: 301, headers: { location: 'https://elsewhere.test/' } }, 'endpoint-missing'],
  ])('with %s, and costs nothing', async (_name, script, code) => {
    server = await startRecordingServer(script);
    await expect(list(server.baseUrl, code === 'timed-out' ? 200 : undefined)).rejects.toMatchObject({
      code,
      report: { billing: 'none', message: expect.stringMatching(/ Not billed\.$/u) as string },
    });
  });
});
