import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { listModels } from '../../../electron/images-api/client.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../../fakes/certificate.ts';
import { startProxyServer, type ProxyOptions, type ProxyServer } from '../../fakes/proxy-server.ts';
import { startRecordingServer, type RecordingServer, type Script } from '../../fakes/recording-server.ts';
import { attempt, connectTo, create, KEY, stream, type Outcome } from '../test-calls.ts';

const CREDENTIALS = 'me:canary-p@ss-61b0';
const withCredentials = (proxy: ProxyServer): string =>
  proxy.address.replace('://', `://me:${encodeURIComponent('canary-p@ss-61b0')}@`);
const trusted = getCACertificates();

async function startProxy(options?: ProxyOptions): Promise<ProxyServer> {
  const proxy = await startProxyServer(options);
  onTestFinished(() => proxy.close());
  return proxy;
}

async function serve(script: Script | ((request: { path: string }) => Script)): Promise<RecordingServer> {
  const server = await startRecordingServer(script);
  onTestFinished(() => server.close());
  return server;
}

const through = (baseUrl: string, proxy: string, call = create, limits = {}): Promise<Outcome> =>
  attempt(baseUrl, call, limits, { connection: { ...connectTo(baseUrl), proxy } });

/** Errors and their causes contain neither password nor key. */
function expectNoSecrets(outcome: Outcome): void {
  const text = JSON.stringify(outcome.error) + String(outcome.cause) + JSON.stringify(outcome.cause);
  expect(text).not.toMatch(/canary/u);
  expect(text).not.toContain(Buffer.from(CREDENTIALS).toString('base64'));
}

describe('https, through a tunnel', () => {
  const image = randomBytes(3_000_000);
  const event = { type: 'image_generation.completed', b64_json: image.toString('base64') };
  let server: Server;
  let baseUrl: string;
  let posts = 0;
  let arrived: string[] = [];

  beforeEach(async () => {
    posts = 0;
    arrived = [];
    server = createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (request, response) => {
      posts += 1;
      arrived.push(JSON.stringify(request.headers));
      request.resume();
      request.on('end', () => response.end(`data: ${JSON.stringify(event)}\n\n`));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    baseUrl = `https://localhost:${(server.address() as AddressInfo).port}/v1`;
    setDefaultCACertificates([TEST_CERTIFICATE]);
  });

  afterEach(async () => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  test.each([false, true])(
    'a large response arrives complete, and the proxy cannot read it (TLS to it: %s)',
    async (secure) => {
      const proxy = await startProxy({ secure });
      const outcome = await through(baseUrl, proxy.address, stream);
      expect(outcome.error).toBeNull();
      expect(outcome.images[0]?.equals(image)).toBe(true);
      expect(posts).toBe(1);
      const { port } = server.address() as AddressInfo;
      expect(proxy.asked).toEqual([`CONNECT localhost:${port}`]);
      expect(proxy.headers[0]).not.toHaveProperty('authorization');
      expect(proxy.headers[0]).not.toHaveProperty('proxy-authorization');
      expect(proxy.passed().length).toBeGreaterThan(100);
      for (const secret of [KEY, 'a fox', 'authorization']) expect(proxy.passed().includes(secret), secret).toBe(false);
    },
  );

  test('name and password are sent to the proxy only', async () => {
    const proxy = await startProxy({ credentials: CREDENTIALS });
    expect(await through(baseUrl, withCredentials(proxy), stream)).toMatchObject({ error: null });
    expect(arrived.join('')).not.toMatch(/proxy-authorization/iu);
    expect(posts).toBe(1);
  });

  test('a proxy that needs another password refuses before anything is sent', async () => {
    const proxy = await startProxy({ credentials: 'me:other' });
    const outcome = await through(baseUrl, withCredentials(proxy));
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none', server: { status: 407 } });
    expect(outcome.error?.message).toMatch(
      new RegExp(
        `^The proxy 127\\.0\\.0\\.1:${proxy.port} requires a valid user name and password\\..* Not billed\\.$`,
        'u',
      ),
    );
    expectNoSecrets(outcome);
    expect([posts, proxy.asked.length]).toEqual([0, 1]);
  });

  test.each([
    [{ refuse: 403 }, /refused to connect to localhost:\d+ \(403\)/],
    [{ refuse: 502 }, /refused to connect to localhost:\d+ \(502\)/],
    [{ garbage: 'SSH-2.0-nope\r\n\r\n' }, /can’t be used/],
  ])('a proxy with %j is reported, and nothing is sent', async (options, sentence) => {
    const proxy = await startProxy(options);
    const outcome = await through(baseUrl, withCredentials(proxy));
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(outcome.error?.message).toMatch(sentence);
    expect(outcome.error?.message).toMatch(/ Not billed\.$/u);
    expectNoSecrets(outcome);
    expect(posts).toBe(0);
  });

  test('a proxy that is down or silent is reported', async () => {
    const probe = createTcpServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const gone = await through(baseUrl, `http://127.0.0.1:${port}`);
    expect(gone.error?.message).toMatch(/^The proxy .+ can’t be used: it refuses connections\./u);
    const mute = await startProxy({ mute: true });
    const silent = await through(baseUrl, mute.address, create, { connectMs: 100 });
    expect(silent.error?.message).toMatch(/^The proxy .+ can’t be used: it doesn’t respond\./u);
    for (const { error } of [gone, silent])
      expect(error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(posts).toBe(0);
  });

  test('an untrusted certificate is rejected behind a proxy too', async () => {
    setDefaultCACertificates(trusted);
    const proxy = await startProxy();
    const outcome = await through(baseUrl, proxy.address);
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(outcome.error?.message).toContain('certificate');
    expect(posts).toBe(0);
  });

  test('a server that disconnects behind the proxy may have billed, and gets one POST', async () => {
    server.removeAllListeners('request');
    server.on('request', (request) => {
      posts += 1;
      request.socket.destroy();
    });
    const proxy = await startProxy();
    const outcome = await through(baseUrl, proxy.address);
    expect(outcome.error).toMatchObject({ code: 'connection-lost', billing: 'possible' });
    expect([posts, proxy.asked.length]).toEqual([1, 1]);
  });

  test('a stop while the tunnel is opened sends nothing', async () => {
    const mute = await startProxy({ mute: true });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const outcome = await attempt(
      baseUrl,
      create,
      {},
      {
        connection: { ...connectTo(baseUrl), proxy: mute.address },
        signal: controller.signal,
      },
    );
    expect(outcome.error).toMatchObject({ code: 'cancelled', billing: 'none' });
    expect(posts).toBe(0);
  });

  test('the list of models uses it', async () => {
    const proxy = await startProxy();
    await expect(
      listModels({ ...connectTo(baseUrl), proxy: proxy.address }, new AbortController().signal),
    ).rejects.toThrow();
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('http, by the absolute URL', () => {
  const image = Buffer.from('an image');
  const answer = { body: JSON.stringify({ data: [{ b64_json: image.toString('base64') }] }) };

  test('one POST arrives unchanged, without the proxy’s headers', async () => {
    const server = await serve(answer);
    const proxy = await startProxy({ credentials: CREDENTIALS });
    const outcome = await through(server.baseUrl, withCredentials(proxy));
    expect(outcome).toMatchObject({ error: null, images: [image] });
    expect(proxy.asked).toEqual([`POST ${server.baseUrl}/images/generations`]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/images/generations',
      headers: { host: `127.0.0.1:${server.port}`, authorization: `Bearer ${KEY}` },
      json: create.parameters,
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('the proxy’s refusal is reported as the proxy’s, and costs nothing', async () => {
    const server = await serve(answer);
    const proxy = await startProxy({ credentials: 'me:other' });
    const outcome = await through(server.baseUrl, withCredentials(proxy));
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none', server: { status: 407 } });
    expect(outcome.error?.message).toContain('proxy');
    expectNoSecrets(outcome);
    expect(server.begun).toEqual([]);
  });

  test.each(['canary-echo-7d', 'short'])(
    'a proxy that echoes the request does not reveal the password %s',
    async (password) => {
      const proxy = createHttpServer((request, response) => {
        const said = String(request.headers['proxy-authorization']);
        const clear = Buffer.from(said.replace('Basic ', ''), 'base64').toString();
        response.writeHead(400).end(JSON.stringify({ error: { message: `No ${said}, ${clear}` } }));
      });
      await once(proxy.listen(0, '127.0.0.1'), 'listening');
      onTestFinished(() => void proxy.close());
      const address = `http://me:${password}@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const outcome = await through('http://server.invalid/v1', address);
      expect(outcome.documents).toHaveLength(1);
      const text = JSON.stringify([outcome.error, outcome.documents]);
      expect(text).not.toContain(`me:${password}`);
      expect(text).not.toContain(Buffer.from(`me:${password}`).toString('base64'));
    },
  );

  test('a proxy error after sending is reported as possibly billed', async () => {
    const server = await serve(answer);
    const proxy = await startProxy({ refuse: 502 });
    expect((await through(server.baseUrl, proxy.address)).error).toMatchObject({
      code: 'server-failed',
      billing: 'possible',
    });
  });
});

describe('an image given as a URL', () => {
  const image = Buffer.from('an image from elsewhere');

  test('is downloaded through the proxy, without the key', async () => {
    const files = await serve({ headers: { 'content-type': 'image/png' }, body: image });
    const server = await serve({ body: JSON.stringify({ data: [{ url: 'http://images.invalid/a.png?sig=1' }] }) });
    const proxy = await startProxy({ names: { 'images.invalid': files.port } });
    const outcome = await through(server.baseUrl, proxy.address);
    expect(outcome).toMatchObject({ error: null, images: [image] });
    expect(proxy.asked[1]).toBe('GET http://images.invalid/a.png?sig=1');
    expect(JSON.stringify(files.requests[0]?.headers)).not.toContain(KEY);
  });

  test('a loopback URL bypasses the proxy, and a private one is not fetched for a server on the internet', async () => {
    const files = await serve({ headers: { 'content-type': 'image/png' }, body: image });
    const own = `http://127.0.0.1:${files.port}/a.png`;
    const server = await serve({ body: JSON.stringify({ data: [{ url: own }] }) });
    const proxy = await startProxy({ names: { 'api.invalid': server.port } });
    expect(await through(server.baseUrl, proxy.address)).toMatchObject({ error: null, images: [image] });
    expect(proxy.asked).toHaveLength(1);
    // The same response from a name that only the proxy can resolve: the server's location is unknown here.
    const outcome = await through('http://api.invalid/v1', proxy.address);
    expect(outcome.error).toMatchObject({ code: 'connection-lost', billing: 'billed' });
    expect(outcome.error?.message).toContain('local network');
    expect(files.requests).toHaveLength(1);
  });

  test('a proxy that does not connect to the image’s host is named', async () => {
    const server = await serve({ body: JSON.stringify({ data: [{ url: 'https://images.invalid/a.png' }] }) });
    const proxy = await startProxy();
    const outcome = await through(server.baseUrl, proxy.address);
    expect(outcome.error).toMatchObject({ code: 'connection-lost', billing: 'billed' });
    expect(outcome.error?.message).toMatch(/the proxy 127\.0\.0\.1:\d+ didn’t connect \(502\)/u);
  });
});
