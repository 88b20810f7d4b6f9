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

/** Nothing that a person or a record gets to see holds the password or the key. */
function expectNoSecrets(outcome: Outcome): void {
  const told = JSON.stringify(outcome.error) + String(outcome.cause) + JSON.stringify(outcome.cause);
  expect(told).not.toMatch(/canary/u);
  expect(told).not.toContain(Buffer.from(CREDENTIALS).toString('base64'));
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
    'a large answer arrives whole, and the proxy reads nothing of it (TLS to it: %s)',
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

  test('name and password go to the proxy, and to nobody else', async () => {
    const proxy = await startProxy({ credentials: CREDENTIALS });
    expect(await through(baseUrl, withCredentials(proxy), stream)).toMatchObject({ error: null });
    expect(arrived.join('')).not.toMatch(/proxy-authorization/iu);
    expect(posts).toBe(1);
  });

  test('a proxy that wants another password refuses before anything is sent', async () => {
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
  ])('a proxy with %j is told, and nothing is sent', async (options, sentence) => {
    const proxy = await startProxy(options);
    const outcome = await through(baseUrl, withCredentials(proxy));
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(outcome.error?.message).toMatch(sentence);
    expect(outcome.error?.message).toMatch(/ Not billed\.$/u);
    expectNoSecrets(outcome);
    expect(posts).toBe(0);
  });

  test('a proxy that is not there, or says nothing, is told', async () => {
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

  test('a certificate that nobody vouches for is refused behind a proxy too', async () => {
    setDefaultCACertificates(trusted);
    const proxy = await startProxy();
    const outcome = await through(baseUrl, proxy.address);
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(outcome.error?.message).toContain('certificate');
    expect(posts).toBe(0);
  });

  test('a server that breaks off behind the proxy may have billed, and gets one POST', async () => {
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

  test('a stop while the tunnel is asked for sends nothing', async () => {
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

  test('the list of models goes through it', async () => {
    const proxy = await startProxy();
    await expect(
      listModels({ ...connectTo(baseUrl), proxy: proxy.address }, new AbortController().signal),
    ).rejects.toThrow();
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('http, by the whole address', () => {
  const image = Buffer.from('an image');
  const answer = { body: JSON.stringify({ data: [{ b64_json: image.toString('base64') }] }) };

  test('one POST arrives as it was, without what was for the proxy', async () => {
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

  test('its refusal is told as its own, and costs nothing', async () => {
    const server = await serve(answer);
    const proxy = await startProxy({ credentials: 'me:other' });
    const outcome = await through(server.baseUrl, withCredentials(proxy));
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none', server: { status: 407 } });
    expect(outcome.error?.message).toContain('proxy');
    expectNoSecrets(outcome);
    expect(server.begun).toEqual([]);
  });

  test.each(['canary-echo-7d', 'short'])('one that repeats what it was sent gives away no %s', async (password) => {
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
    const told = JSON.stringify([outcome.error, outcome.documents]);
    expect(told).not.toContain(`me:${password}`);
    expect(told).not.toContain(Buffer.from(`me:${password}`).toString('base64'));
  });

  test('a proxy that cannot reach the server may have reached it: that is told too', async () => {
    const server = await serve(answer);
    const proxy = await startProxy({ refuse: 502 });
    expect((await through(server.baseUrl, proxy.address)).error).toMatchObject({
      code: 'server-failed',
      billing: 'possible',
    });
  });
});

describe('an image that is answered by address', () => {
  const image = Buffer.from('an image from elsewhere');

  test('comes through the proxy too, without the key', async () => {
    const files = await serve({ headers: { 'content-type': 'image/png' }, body: image });
    const server = await serve({ body: JSON.stringify({ data: [{ url: 'http://images.invalid/a.png?sig=1' }] }) });
    const proxy = await startProxy({ names: { 'images.invalid': files.port } });
    const outcome = await through(server.baseUrl, proxy.address);
    expect(outcome).toMatchObject({ error: null, images: [image] });
    expect(proxy.asked[1]).toBe('GET http://images.invalid/a.png?sig=1');
    expect(JSON.stringify(files.requests[0]?.headers)).not.toContain(KEY);
  });

  test('one on this computer never goes through it, and a private one is not fetched for a server elsewhere', async () => {
    const files = await serve({ headers: { 'content-type': 'image/png' }, body: image });
    const own = `http://127.0.0.1:${files.port}/a.png`;
    const server = await serve({ body: JSON.stringify({ data: [{ url: own }] }) });
    const proxy = await startProxy({ names: { 'api.invalid': server.port } });
    expect(await through(server.baseUrl, proxy.address)).toMatchObject({ error: null, images: [image] });
    expect(proxy.asked).toHaveLength(1);
    // The same answer from a name that only the proxy knows: where that server is, nobody here can say.
    const outcome = await through('http://api.invalid/v1', proxy.address);
    expect(outcome.error).toMatchObject({ code: 'connection-lost', billing: 'billed' });
    expect(outcome.error?.message).toContain('local network');
    expect(files.requests).toHaveLength(1);
  });

  test('a proxy that opens no way there is named', async () => {
    const server = await serve({ body: JSON.stringify({ data: [{ url: 'https://images.invalid/a.png' }] }) });
    const proxy = await startProxy();
    const outcome = await through(server.baseUrl, proxy.address);
    expect(outcome.error).toMatchObject({ code: 'connection-lost', billing: 'billed' });
    expect(outcome.error?.message).toMatch(/the proxy 127\.0\.0\.1:\d+ didn’t connect \(502\)/u);
  });
});
