import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { resolveServer, type ProbeReport } from '../../../electron/contract/catalogue/servers.ts';
import { probeServer } from '../../../electron/images-api/probe/probe-server.ts';
import type { Connection } from '../../../electron/images-api/request/build-request.ts';
import { startProxyServer } from '../../fakes/proxy-server.ts';
import {
  startRecordingServer,
  type RecordedRequest,
  type RecordingServer,
  type Script,
} from '../../fakes/recording-server.ts';
import { connectTo, KEY } from '../test-calls.ts';

type Answer = (request: RecordedRequest) => Script;

async function serve(answer: Answer): Promise<RecordingServer> {
  const server = await startRecordingServer(answer);
  onTestFinished(() => server.close());
  return server;
}

interface Probed {
  report: ProbeReport;
  /** Reports emitted during the probe. */
  reports: ProbeReport[];
}

async function probe(baseUrl: string, more: Partial<Connection> = {}, limitMs = 5000): Promise<Probed> {
  const reports: ProbeReport[] = [];
  const report = await probeServer({
    connection: { ...connectTo(baseUrl), ...more },
    signal: new AbortController().signal,
    onLine: (line) => reports.push(line),
    limitMs,
    now: () => 7,
  });
  return { report, reports };
}

const findings = ({ report }: Probed): string[] =>
  report.lines.map(({ ability, finding, value }) => [ability, finding, value].filter(Boolean).join(' '));
const whyOf = ({ report }: Probed, ability: string): string =>
  report.lines.find((line) => line.ability === ability)?.why ?? '';

const json = (status: number, body: unknown, headers = {}): Script => ({ status, body: JSON.stringify(body), headers });
const missing = (param: string): Script =>
  json(400, {
    error: { message: `Missing required parameter: '${param}'.`, code: 'missing_required_parameter', param },
  });
const MODELS = json(200, { data: [{ id: 'gpt-image-2' }] });

/** Like OpenAI: reports a missing image before a missing prompt, and reads either name. */
const openai: Answer = ({ method, path, files }) => {
  if (method === 'GET') return MODELS;
  if (path.endsWith('/variations'))
    return json(404, { error: { message: 'Invalid URL (POST /v1/images/variations)' } });
  const script = path.endsWith('/generations') || files.length > 0 ? missing('prompt') : missing('image');
  return { ...script, headers: { 'x-request-id': 'req_1' } };
};

/** Like stable-diffusion.cpp: reports a missing prompt first, which says nothing about images. */
const sdcpp: Answer = ({ method, path }) => {
  if (method === 'GET') return json(200, { data: [{ id: 'sd-cpp-local' }] });
  if (path.endsWith('/variations')) return { status: 404, body: '' };
  return json(400, { error: 'prompt required' });
};

/** Like FastAPI: reports everything that is missing in one list. @param reads whether a form has the image */
const fastApi =
  (reads: (fields: string[]) => boolean): Answer =>
  ({ method, path, files }) => {
    if (method === 'GET') return MODELS;
    if (path.endsWith('/variations')) return json(404, { detail: 'Not Found' });
    const lacks = path.endsWith('/edits') && !reads(files.map(({ field }) => field)) ? ['prompt', 'image'] : ['prompt'];
    return json(422, {
      detail: lacks.map((name) => ({ type: 'missing', loc: ['body', name], msg: 'Field required' })),
    });
  };

describe('without spending', () => {
  test('a server like OpenAI', async () => {
    const server = await serve(openai);
    const probed = await probe(server.baseUrl);
    expect(findings(probed)).toEqual([
      'models yes',
      'create yes',
      'edit yes',
      'variation no',
      'imageField yes counted',
      'requestId yes',
      'streaming unknown',
      'usage unknown',
    ]);
    expect(probed.report).toMatchObject({ version: 1, at: 7, spent: false, models: ['gpt-image-2'] });
    expect(whyOf(probed, 'create')).toBe("400: Missing required parameter: 'prompt'.");
    expect(whyOf(probed, 'variation')).toBe('404: Invalid URL (POST /v1/images/variations)');
    expect(whyOf(probed, 'requestId')).toBe('x-request-id');
    // One report for each line.
    expect(probed.reports.map(({ lines }) => lines.length)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('no valid request is sent', async () => {
    const server = await serve(openai);
    await probe(server.baseUrl);
    const posts = server.requests.filter(({ method }) => method === 'POST');
    expect(posts.map(({ path }) => path)).toEqual([
      '/v1/images/generations',
      '/v1/images/edits',
      '/v1/images/variations',
      '/v1/images/edits',
      '/v1/images/edits',
    ]);
    for (const { json: body, fields, files, headers } of posts) {
      expect(headers.authorization).toBe(`Bearer ${KEY}`);
      expect(body ?? {}).toEqual({});
      expect(fields.filter(([name]) => name !== 'user')).toEqual([]);
      for (const { bytes } of files) expect(bytes.toString()).toBe('not an image');
    }
    expect(posts.map(({ files }) => files.map(({ field }) => field))).toEqual([[], [], [], ['image'], ['image[]']]);
  });

  test('stable-diffusion.cpp: its errors prove nothing about images', async () => {
    const probed = await probe((await serve(sdcpp)).baseUrl);
    expect(findings(probed).slice(1, 6)).toEqual([
      'create yes',
      'edit yes',
      'variation no',
      'imageField unknown',
      'requestId no',
    ]);
    expect(whyOf(probed, 'create')).toBe('400: prompt required');
  });

  test.each<[string, (fields: string[]) => boolean, string]>([
    ['only image', (fields) => fields.includes('image'), 'imageField yes image'],
    ['only image[]', (fields) => fields.includes('image[]'), 'imageField yes image[]'],
    ['either', (fields) => fields.length > 0, 'imageField yes counted'],
    [
      'one as image, several as image[]',
      (fields) => fields.includes('image') || fields.length > 1,
      'imageField yes counted',
    ],
    ['neither', () => false, 'imageField unknown'],
  ])('a server that reads %s', async (_what, reads, expected) => {
    const server = await serve(fastApi(reads));
    expect(findings(await probe(server.baseUrl))).toContain(expected);
  });

  test('a server that responds 404 to everything', async () => {
    const server = await serve(() => ({ status: 404, body: '404 page not found' }));
    const probed = await probe(server.baseUrl);
    expect(findings(probed)).toEqual([
      'models no',
      'create no',
      'edit no',
      'variation no',
      'requestId no',
      'streaming unknown',
      'usage unknown',
    ]);
    expect(probed.report.models).toBeNull();
    expect(whyOf(probed, 'models')).toBe('404: 404 page not found');
    expect(server.begun).toEqual(['GET', 'POST', 'POST', 'POST']);
  });

  test('a web page that responds 200 to everything', async () => {
    const page = '<html><title>Welcome</title><body>Hello</body></html>';
    const server = await serve(() => ({ body: page, headers: { 'content-type': 'text/html; charset=utf-8' } }));
    const probed = await probe(server.baseUrl);
    expect(findings(probed).slice(0, 4)).toEqual(['models no', 'create no', 'edit no', 'variation no']);
    expect(whyOf(probed, 'create')).toBe('It returned a web page: Welcome');
    expect(probed.report.spent).toBe(false);
  });

  test.each([
    [401, { error: { message: 'Nope' } }, 'create unknown'],
    [403, { error: { message: 'Nope' } }, 'create unknown'],
    [405, { detail: 'Method Not Allowed' }, 'create no'],
    [501, '', 'create no'],
    [500, { error: 'prompt' }, 'create unknown'],
    [404, { error: { message: 'The model does not exist', code: 'model_not_found' } }, 'create unknown'],
    [422, { detail: [{ loc: ['body', 'prompt'], msg: 'field required' }] }, 'create yes'],
    [400, { error: { message: 'Bad request' } }, 'create unknown'],
  ])('a %i with %j means: %s', async (status, body, expected) => {
    const server = await serve(({ method }) => (method === 'GET' ? MODELS : json(status, body)));
    expect(findings(await probe(server.baseUrl))[1]).toBe(expected);
  });

  test('a server that rate limits gets no further request', async () => {
    const server = await serve(({ method }) => (method === 'GET' ? MODELS : json(429, { error: 'slow down' })));
    expect(findings(await probe(server.baseUrl))).toEqual(['models yes', 'create unknown']);
    expect(server.begun).toEqual(['GET', 'POST']);
  });

  test('Azure is probed through a deployment, with its header', async () => {
    const azure: Answer = ({ method }) =>
      method === 'GET'
        ? MODELS
        : json(404, { error: { code: 'DeploymentNotFound', message: 'No.' } }, { 'apim-request-id': 'a' });
    const server = await serve(azure);
    const probed = await probe(`http://127.0.0.1:${server.port}`, {
      server: resolveServer({ server: 'azure-deployments', found: null, overrides: {} }),
      apiVersion: 'v',
      deployments: { 'gpt-image-2': 'paint' },
    });
    expect(server.requests[1]).toMatchObject({
      path: '/openai/deployments/paint/images/generations?api-version=v',
      headers: { 'api-key': KEY },
    });
    expect(findings(probed)).toContain('create unknown');
    expect(whyOf(probed, 'requestId')).toBe('apim-request-id');
  });

  test('through a proxy', async () => {
    const server = await serve(openai);
    const proxy = await startProxyServer();
    onTestFinished(() => proxy.close());
    expect(findings(await probe(server.baseUrl, { proxy: proxy.address }))).toContain('create yes');
    expect(proxy.asked).toHaveLength(6);
  });

  test('a key that the server echoes is in no line', async () => {
    const server = await serve(({ method }) =>
      method === 'GET' ? MODELS : json(400, { error: `Missing prompt for ${KEY}` }),
    );
    const probed = await probe(server.baseUrl);
    expect(JSON.stringify(probed.report)).not.toContain(KEY);
    expect(whyOf(probed, 'create')).toContain('[key removed]');
  });
});

describe('a probe that ends early', () => {
  test('stops and says so when a server accepts an empty request', async () => {
    const server = await serve(({ method }) =>
      method === 'GET' ? MODELS : json(200, { data: [{ b64_json: 'aGk=' }] }),
    );
    const probed = await probe(server.baseUrl);
    expect(findings(probed)).toEqual(['models yes', 'create unknown']);
    expect(probed.report.spent).toBe(true);
    expect(whyOf(probed, 'create')).toMatch(
      /returned 200 for a request without a prompt.*so the test stopped\. It may have been billed/u,
    );
    expect(server.begun).toEqual(['GET', 'POST']);
  });

  test('stops when a server accepts a form without a prompt and streams', async () => {
    const server = await serve((request) =>
      request.path.endsWith('/edits')
        ? { headers: { 'content-type': 'text/event-stream' }, body: [': working\n\n', { hang: true }] }
        : openai(request),
    );
    const probed = await probe(server.baseUrl);
    expect(findings(probed)).toEqual(['models yes', 'create yes', 'edit unknown']);
    expect(probed.report.spent).toBe(true);
    expect(server.begun).toEqual(['GET', 'POST', 'POST']);
  });

  test('reports possible billing when a server does not respond', async () => {
    const server = await serve(({ method }) => (method === 'GET' ? MODELS : { before: [{ hang: true }] }));
    // Long enough for the answer to GET on a busy machine.
    const probed = await probe(server.baseUrl, {}, 3000);
    expect(probed.report.spent).toBe(true);
    expect(whyOf(probed, 'create')).toMatch(/^It didn’t reject a request without a prompt: The server/u);
    expect(server.begun).toEqual(['GET', 'POST']);
  });

  test('reports a server that is down with a message', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    const attempt = probe(`http://127.0.0.1:${port}/v1`);
    await expect(attempt).rejects.toThrow(/refuses connections.* Not billed\.$/u);
    await expect(attempt).rejects.toBeInstanceOf(StudioError);
  });

  test('ends when the key is rejected', async () => {
    const server = await serve(() => json(401, { error: { message: 'No', code: 'invalid_api_key' } }));
    await expect(probe(server.baseUrl)).rejects.toMatchObject({ code: 'key-refused' });
    expect(server.begun).toEqual(['GET']);
  });

  test('can be stopped', async () => {
    const controller = new AbortController();
    const server = await serve(({ method }) => {
      if (method === 'GET') return MODELS;
      controller.abort();
      return { before: [{ hang: true }] };
    });
    const attempt = probeServer({
      connection: connectTo(server.baseUrl),
      signal: controller.signal,
      onLine: () => undefined,
    });
    await expect(attempt).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.begun).toEqual(['GET', 'POST']);
  });
});
