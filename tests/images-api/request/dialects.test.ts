import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Parameters } from '../../../electron/contract/catalogue/parameters.ts';
import { omitUnsupportedParameters } from '../../../electron/contract/rules/omit-parameters.ts';
import {
  DIALECTS,
  modelOnServer,
  resolveServer,
  SERVER_KINDS,
  type ServerKind,
} from '../../../electron/contract/catalogue/servers.ts';
import { listModels } from '../../../electron/images-api/client.ts';
import {
  PLAIN_CONNECTION,
  type Connection,
  type ImageCall,
  type InputFile,
} from '../../../electron/images-api/request/build-request.ts';
import { startRecordingServer, type RecordingServer, type Script } from '../../fakes/recording-server.ts';
import { smallPng } from '../../library/test-library.ts';
import { attempt, KEY, createFolder } from '../test-calls.ts';

/*
 * The requests that each kind of server gets, and its responses and errors. The fake servers follow the table of server facts,
 * stable-diffusion.cpp's routes_openai.cpp, and the validation errors of FastAPI, which LiteLLM and vLLM-Omni return.
 */

const PNG = await smallPng(20);
const ANSWER = { created: 1, data: [{ b64_json: PNG.toString('base64') }] };

async function serve(script: Script | ((request: { path: string }) => Script)): Promise<RecordingServer> {
  const server = await startRecordingServer(script);
  onTestFinished(() => server.close());
  return server;
}

const at = (server: RecordingServer, kind: ServerKind, more: Partial<Connection> = {}): Connection => ({
  ...PLAIN_CONNECTION,
  baseUrl: server.baseUrl,
  apiKey: KEY,
  server: resolveServer({ server: kind, found: null, overrides: {} }),
  ...more,
});

/** A call as the queue makes it: without parameters that the server does not support. */
const settle = <P extends Parameters>(call: 'create' | 'edit', parameters: P, { server }: Connection): P =>
  omitUnsupportedParameters(call, parameters, server).sent;

const PARAMETERS = {
  prompt: 'a fox',
  model: 'gpt-image-2',
  n: 1,
  size: '1024x1024',
  quality: 'low',
  output_format: 'png',
  stream: true,
  partial_images: 2,
} as const;

const createOn = (connection: Connection, model: string = PARAMETERS.model): ImageCall => ({
  operation: 'create',
  parameters: settle('create', { ...PARAMETERS, model }, connection),
});

async function editOn(connection: Connection, images: number, mask = true): Promise<ImageCall> {
  const { folder, remove } = await createFolder();
  onTestFinished(remove);
  const file = async (role: InputFile['role'], name: string): Promise<InputFile> => {
    await writeFile(path.join(folder, name), PNG);
    return { role, path: path.join(folder, name), fileName: name, mediaType: 'image/png', bytes: PNG.length };
  };
  const names = Array.from({ length: images }, (_, index) => `${index}.png`);
  const inputs = await Promise.all(names.map((name) => file('image', name)));
  if (mask) inputs.push(await file('mask', 'mask.png'));
  return { operation: 'edit', parameters: settle('edit', PARAMETERS, connection), inputs };
}

const filesOf = (server: RecordingServer): string[] =>
  server.requests.at(-1)?.files.map(({ field, fileName }) => `${field}=${fileName}`) ?? [];

describe('OpenAI', () => {
  test('gets the request unchanged', async () => {
    const server = await serve({ body: JSON.stringify(ANSWER), headers: { 'x-request-id': 'req_1' } });
    const connection = at(server, 'openai', { organisation: 'org-1', project: 'proj_1' });
    const made = await attempt(server.baseUrl, createOn(connection), {}, { connection });
    expect(made).toMatchObject({ error: null, result: { requestId: 'req_1', images: 1 } });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/images/generations',
      headers: { authorization: `Bearer ${KEY}`, 'openai-organization': 'org-1', 'openai-project': 'proj_1' },
      json: PARAMETERS,
    });
    await attempt(server.baseUrl, await editOn(connection, 2), {}, { connection });
    expect(filesOf(server)).toEqual(['image[]=0.png', 'image[]=1.png', 'mask=mask.png']);
    expect(modelOnServer('gpt-image-2', connection.server).operations).toEqual(['create', 'edit']);
  });
});

describe('Azure, deployments', () => {
  const azure = (server: RecordingServer, more: Partial<Connection> = {}): Connection =>
    at(server, 'azure-deployments', {
      baseUrl: `http://127.0.0.1:${server.port}`,
      apiVersion: '2025-04-01-preview',
      deployments: { 'gpt-image-2': 'paint room' },
      organisation: 'org-1',
      ...more,
    });

  test('gets its own path, query and header, with and without /openai in the base URL', async () => {
    const server = await serve({ body: JSON.stringify(ANSWER), headers: { 'apim-request-id': 'apim-7' } });
    for (const base of ['', '/openai', '/openai/', '/gateway/openai']) {
      const connection = azure(server, { baseUrl: `http://127.0.0.1:${server.port}${base}` });
      const made = await attempt(server.baseUrl, createOn(connection), {}, { connection });
      expect(made).toMatchObject({ error: null, result: { requestId: 'apim-7' } });
    }
    const paths = server.requests.map((request) => request.path);
    const place = 'openai/deployments/paint%20room/images/generations?api-version=2025-04-01-preview';
    expect(paths).toEqual([`/${place}`, `/${place}`, `/${place}`, `/gateway/${place}`]);
    const { headers, json } = server.requests[0]!;
    expect(headers).toMatchObject({ 'api-key': KEY });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('openai-organization');
    expect(json).toEqual(PARAMETERS);
  });

  test('a model without an entry is its own deployment, and edits use theirs', async () => {
    const server = await serve({ body: JSON.stringify(ANSWER) });
    const connection = azure(server, { deployments: {} });
    await attempt(server.baseUrl, await editOn(connection, 1), {}, { connection });
    expect(server.requests[0]?.path).toBe(
      '/openai/deployments/gpt-image-2/images/edits?api-version=2025-04-01-preview',
    );
    expect(filesOf(server)).toEqual(['image=0.png', 'mask=mask.png']);
  });

  test.each(['.', '..'])('a deployment named %s is refused: it would change the path', async (name) => {
    const server = await serve({ body: JSON.stringify(ANSWER) });
    const connection = azure(server, { deployments: { 'gpt-image-2': name } });
    const { error } = await attempt(server.baseUrl, createOn(connection), {}, { connection });
    expect(error).toMatchObject({ code: 'profile-invalid', billing: 'none' });
    expect(server.begun).toEqual([]);
  });

  test('its models are listed', async () => {
    const server = await serve({ body: '{"data":[{"id":"gpt-image-2"}]}' });
    const { models } = await listModels(azure(server), new AbortController().signal);
    expect(models).toEqual(['gpt-image-2']);
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/openai/models?api-version=2025-04-01-preview' });
  });

  test.each([
    [
      'its filter',
      400,
      {
        code: 'contentFilter',
        message: 'Your task failed as a result of our safety system.',
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: {
            violence: { filtered: true, severity: 'medium' },
            hate: { filtered: false, severity: 'safe' },
            jailbreak: { detected: true, filtered: true },
          },
        },
      },
      'moderation-blocked',
      /safety system refused/,
      /content_filter=\[violence \(medium\), jailbreak\]/,
    ],
    [
      'a missing deployment',
      404,
      { code: 'DeploymentNotFound', message: 'Not there.' },
      'request-refused',
      /no such deployment for the model gpt-image-2/,
      /Not there/,
    ],
    [
      'an old api-version',
      404,
      { code: '404', message: 'Resource not found' },
      'endpoint-missing',
      /api-version/,
      /Resource not found/,
    ],
    [
      'a wrong key',
      401,
      { code: '401', message: 'Access denied due to invalid subscription key.' },
      'key-refused',
      /didn’t accept/,
      /Access denied/,
    ],
    ['too many requests', 429, { code: '429', message: 'Slow down.' }, 'rate-limited', /in 17 seconds/, /Slow down/],
  ])('reports %s', async (_what, status, error, code, sentence, words) => {
    const headers = { 'retry-after': '17', 'apim-request-id': 'apim-9' };
    const server = await serve({ status, headers, body: JSON.stringify({ error }) });
    const connection = azure(server);
    const { error: report } = await attempt(server.baseUrl, createOn(connection), {}, { connection });
    expect(report).toMatchObject({ code, billing: 'none', server: { status, requestId: 'apim-9' } });
    expect(report?.message).toMatch(sentence);
    expect(report?.server?.message).toMatch(words);
    expect(server.begun).toEqual(['POST']);
  });

  test('a request without a model is not sent: it has no URL', async () => {
    const server = await serve({});
    const connection = azure(server);
    const call: ImageCall = { operation: 'create', parameters: { prompt: 'x' } };
    const { error } = await attempt(server.baseUrl, call, {}, { connection });
    expect(error).toMatchObject({ code: 'profile-invalid', billing: 'none' });
    expect(server.begun).toEqual([]);
  });
});

describe('Azure, v1', () => {
  test.each([
    ['', null, '/openai/v1/images/generations'],
    ['/openai', null, '/openai/v1/images/generations'],
    ['/openai/v1/', 'preview', '/openai/v1/images/generations?api-version=preview'],
    ['/gateway/v1', null, '/gateway/v1/images/generations'],
  ])('the base URL %j with api-version %j', async (base, apiVersion, expected) => {
    const server = await serve({ body: JSON.stringify(ANSWER) });
    const baseUrl = `http://127.0.0.1:${server.port}${base}`;
    const connection = at(server, 'azure-v1', { baseUrl, apiVersion, deployments: { 'gpt-image-2': 'paint' } });
    expect(await attempt(baseUrl, createOn(connection), {}, { connection })).toMatchObject({ error: null });
    expect(server.requests[0]).toMatchObject({
      path: expected,
      headers: { 'api-key': KEY },
      // On this route the deployment is the model.
      json: { ...PARAMETERS, model: 'paint' },
    });
  });
});

describe('stable-diffusion.cpp', () => {
  test('gets no stream, quality or partial images, and images as image[]', async () => {
    const server = await serve({ body: JSON.stringify({ ...ANSWER, output_format: 'png' }) });
    const connection = at(server, 'stable-diffusion-cpp');
    const made = await attempt(server.baseUrl, createOn(connection, 'anything'), {}, { connection });
    expect(made).toMatchObject({ error: null, result: { images: 1, requestId: null } });
    expect(made.result?.answer.usage).toBeUndefined();
    expect(server.requests[0]?.json).toEqual({
      prompt: 'a fox',
      model: 'anything',
      n: 1,
      size: '1024x1024',
      output_format: 'png',
    });
    await attempt(server.baseUrl, await editOn(connection, 1), {}, { connection });
    expect(filesOf(server)).toEqual(['image[]=0.png', 'mask=mask.png']);
    expect(server.requests[1]?.fields.map(([name]) => name)).toEqual(['prompt', 'model', 'n', 'size', 'output_format']);
  });

  test('says why each parameter is omitted', () => {
    const { server } = at({ baseUrl: '' } as RecordingServer, 'stable-diffusion-cpp');
    const { omitted } = omitUnsupportedParameters(
      'create',
      { ...PARAMETERS, response_format: 'b64_json', model: 'x' },
      server,
    );
    expect(omitted.map(({ field }) => field)).toEqual(['quality', 'stream', 'partial_images', 'response_format']);
    expect(omitted[0]?.reason).toBe('stable-diffusion.cpp has no quality setting');
  });

  test.each([
    [400, { error: 'prompt required' }, 'request-refused', 'prompt required'],
    [500, { error: 'generate_image returned no results' }, 'server-failed', 'generate_image returned no results'],
    [500, { error: 'server_error', message: 'bad allocation' }, 'server-failed', 'bad allocation'],
  ])('its %i %j is read', async (status, body, code, words) => {
    const server = await serve({ status, body: JSON.stringify(body) });
    const connection = at(server, 'stable-diffusion-cpp');
    const { error } = await attempt(server.baseUrl, createOn(connection), {}, { connection });
    expect(error).toMatchObject({ code, server: { status, message: words } });
  });
});

describe('LiteLLM', () => {
  /** FastAPI's error for a list of one. */
  const litellm = (request: { files: { field: string }[]; json: unknown }): Script => {
    const images = request.files.filter(({ field }) => field.startsWith('image'));
    if (request.json !== undefined || images.length !== 1 || images[0]?.field === 'image')
      return { body: JSON.stringify(ANSWER), headers: { 'x-litellm-call-id': 'call-1' } };
    const detail = [{ type: 'missing', loc: ['body', 'image'], msg: 'Field required', input: null }];
    return { status: 422, body: JSON.stringify({ detail }) };
  };

  test('gets no stream, and one image as image', async () => {
    const server = await startRecordingServer(litellm);
    onTestFinished(() => server.close());
    const connection = at(server, 'litellm');
    const made = await attempt(server.baseUrl, createOn(connection), {}, { connection });
    expect(made).toMatchObject({ error: null, result: { images: 1 } });
    expect(server.requests[0]?.json).not.toHaveProperty('stream');
    for (const images of [1, 2]) {
      expect(await attempt(server.baseUrl, await editOn(connection, images), {}, { connection })).toMatchObject({
        error: null,
      });
    }
    expect(filesOf(server)).toEqual(['image[]=0.png', 'image[]=1.png', 'mask=mask.png']);
  });

  test('its error for a list of one names the field', async () => {
    const server = await startRecordingServer(litellm);
    onTestFinished(() => server.close());
    const plain = at(server, 'litellm');
    const connection = { ...plain, server: { ...plain.server, imageField: 'image[]' as const } };
    const { error } = await attempt(server.baseUrl, await editOn(connection, 1), {}, { connection });
    expect(error).toMatchObject({
      code: 'request-refused',
      server: { status: 422, message: 'image: Field required', param: 'image' },
    });
  });
});

describe('vLLM-Omni', () => {
  test('gets the mask as mask_image', async () => {
    const server = await serve({ body: JSON.stringify(ANSWER) });
    const connection = at(server, 'vllm-omni');
    await attempt(server.baseUrl, await editOn(connection, 1), {}, { connection });
    expect(filesOf(server)).toEqual(['image=0.png', 'mask_image=mask.png']);
  });

  test.each([
    [400, { detail: 'Invalid size format' }, 'Invalid size format', null],
    [
      422,
      {
        detail: [
          { loc: ['body', 'prompt'], msg: 'Field required' },
          { loc: ['body', 'image'], msg: 'Field required' },
        ],
      },
      'prompt: Field required; image: Field required',
      'prompt',
    ],
    [503, { detail: 'Diffusion engine not initialized' }, 'Diffusion engine not initialized', null],
  ])('its %i %j is read', async (status, body, message, param) => {
    const server = await serve({ status, body: JSON.stringify(body) });
    const connection = at(server, 'vllm-omni');
    const { error } = await attempt(server.baseUrl, createOn(connection), {}, { connection });
    expect(error?.server).toMatchObject({ status, message, param });
  });
});

describe('LocalAI', () => {
  test('gets only supported parameters, and a URL of an image of another size is accepted', async () => {
    const server = await serve((request) =>
      request.path.endsWith('.png')
        ? { body: PNG, headers: { 'content-type': 'image/png' } }
        : { body: JSON.stringify({ created: 1, data: [{ url: `${server.baseUrl}/generated/b64.png` }] }) },
    );
    const connection = at(server, 'localai');
    const made = await attempt(server.baseUrl, createOn(connection, 'stablediffusion'), {}, { connection });
    expect(made).toMatchObject({ error: null, result: { images: 1 } });
    expect(made.images[0]).toEqual(PNG);
    const sent = server.requests[0]?.json;
    expect(sent).not.toHaveProperty('mode');
    expect(sent).not.toHaveProperty('step');
    expect(sent).toMatchObject({ size: '1024x1024' });
    expect(server.begun).toEqual(['POST', 'GET']);
  });
});

describe('a relay', () => {
  test('every image of its stream of partial_succeeded events with URLs is received', async () => {
    const event = (data: object): string => `event: x\ndata: ${JSON.stringify(data)}\n\n`;
    const server = await serve((request) =>
      request.path.endsWith('.png')
        ? { body: PNG, headers: { 'content-type': 'image/png' } }
        : {
            headers: { 'content-type': 'text/event-stream' },
            body: [
              ': keepalive\n\n',
              event({
                type: 'image_generation.partial_succeeded',
                image_index: 0,
                url: `${server.baseUrl}/one.png`,
                size: '512x512',
              }),
              event({ type: 'image_generation.completed', usage: { total_tokens: 3 } }),
              'data: [DONE]\n\n',
            ],
          },
    );
    const connection = at(server, 'relay');
    const made = await attempt(server.baseUrl, createOn(connection), {}, { connection });
    expect(made).toMatchObject({ error: null, result: { images: 1, answer: { usage: { total_tokens: 3 } } } });
  });

  test('a gateway timeout is reported as possibly billed, and nothing is sent again', async () => {
    const server = await serve({ status: 504, body: '<html><title>504 Gateway Time-out</title></html>' });
    const connection = at(server, 'relay');
    const { error } = await attempt(server.baseUrl, createOn(connection), {}, { connection });
    expect(error).toMatchObject({
      code: 'server-failed',
      billing: 'possible',
      server: { message: '504 Gateway Time-out' },
    });
    expect(server.begun).toEqual(['POST']);
  });
});

test('overrides and probe findings take precedence over the table of facts', () => {
  const found = {
    version: 1 as const,
    at: 0,
    spent: true,
    models: null,
    lines: [
      { ability: 'streaming' as const, finding: 'yes' as const, why: 'it did', tookMs: 1 },
      { ability: 'edit' as const, finding: 'no' as const, why: '404', tookMs: 1 },
    ],
  };
  const learnt = resolveServer({ server: 'litellm', found, overrides: { variation: false } });
  expect(learnt).toMatchObject({ streaming: true, operations: ['create'], never: {} });
  expect(resolveServer({ server: 'litellm', found, overrides: { streaming: false, edit: true } })).toMatchObject({
    streaming: false,
    operations: ['create', 'edit', 'variation'],
    never: DIALECTS.litellm.never,
  });
});

test('every kind has a unique name, and its notes are sentences', () => {
  expect(new Set(SERVER_KINDS.map((kind) => DIALECTS[kind].name)).size).toBe(SERVER_KINDS.length);
  for (const { kind, notes } of Object.values(DIALECTS)) {
    expect(DIALECTS[kind].kind).toBe(kind);
    for (const note of notes) expect(note).toMatch(/^[A-Z].+\.$/u);
  }
});
