import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OpenAI, toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callImagesApi, listModels } from '../../electron/images-api/client.ts';
import {
  PLAIN_CONNECTION,
  type Connection,
  type ImageCall,
  type InputFile,
} from '../../electron/images-api/request/build-request.ts';
import { startRecordingServer, type RecordedRequest, type RecordingServer } from '../fakes/recording-server.ts';
import { createFolder, sinksIn } from './test-calls.ts';

/*
 * The same call by the official client (openai 7.57.0) and by ours, compared on a recording server. Method, path, the relevant headers and
 * every field have to be equal.
 */

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const b64_json = PNG.toString('base64');
const events = `data: ${JSON.stringify({ type: 'image_generation.completed', b64_json })}\n\n`;

let server: RecordingServer;
let folder: string;
let remove: () => Promise<void>;
let sdk: OpenAI;
let connection: Connection;
let files: Record<'first' | 'second' | 'mask' | 'markup', string>;

beforeAll(async () => {
  server = await startRecordingServer(({ path: url, json, fields }) => {
    if (url.endsWith('/models')) return { body: '{"object":"list","data":[{"id":"gpt-image-2","object":"model"}]}' };
    const streams =
      (json as { stream?: boolean } | undefined)?.stream ??
      fields.some(([name, value]) => name === 'stream' && value === 'true');
    if (streams) return { headers: { 'content-type': 'text/event-stream' }, body: events };
    return { body: JSON.stringify({ created: 1, data: [{ b64_json }] }) };
  });
  ({ folder, remove } = await createFolder());
  const place = async (name: string, bytes: Buffer): Promise<string> => {
    await writeFile(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  files = {
    first: await place('first "image".png', PNG),
    second: await place('second.png', Buffer.concat([PNG, Buffer.alloc(300_000, 7)])),
    mask: await place('mask.png', PNG),
    markup: await place('markup.png', PNG),
  };
  const account = { apiKey: 'sk-wire', organization: 'org-wire', project: 'proj_wire' };
  sdk = new OpenAI({ ...account, baseURL: server.baseUrl, maxRetries: 0 });
  connection = {
    ...PLAIN_CONNECTION,
    baseUrl: server.baseUrl,
    apiKey: account.apiKey,
    organisation: account.organization,
    project: account.project,
  };
});

afterAll(async () => {
  await server.close();
  await remove();
});

const input = (role: InputFile['role'], file: keyof typeof files): InputFile => ({
  role,
  path: files[file],
  fileName: path.basename(files[file]),
  mediaType: 'image/png',
  bytes: 1,
});

const upload = (file: keyof typeof files) =>
  toFile(createReadStream(files[file]), path.basename(files[file]), { type: 'image/png' });

/** The parts of a request that are compared. */
function essence(request: RecordedRequest) {
  const { authorization, accept, 'openai-organization': organisation, 'openai-project': project } = request.headers;
  const byName = (left: readonly string[], right: readonly string[]): number =>
    left.join('\0').localeCompare(right.join('\0'));
  return {
    method: request.method,
    path: request.path,
    headers: { authorization, accept, organisation, project },
    contentType: request.headers['content-type']?.replace(/boundary=.*/u, 'boundary'),
    json: request.json,
    fields: [...request.fields].sort(byName),
    files: request.files
      .map(({ field, fileName, mediaType, bytes }) => [field, fileName, mediaType, bytes.toString('base64')])
      .sort(byName),
  };
}

/** Options that are the same for all of our calls. */
const rest = () => ({
  connection,
  openSink: sinksIn(folder),
  signal: new AbortController().signal,
  onEvent: () => undefined,
});

async function compare(call: ImageCall, bySdk: () => Promise<unknown>): Promise<RecordedRequest> {
  server.requests.length = 0;
  const answer = await bySdk();
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
    for await (const event of answer as AsyncIterable<unknown>) expect(event).toBeTypeOf('object');
  }
  await callImagesApi({ ...rest(), call });
  const [theirs, ours] = server.requests;
  if (!theirs || !ours || server.requests.length !== 2) throw new Error('Two requests were expected.');
  const sdks = essence(theirs);
  // FormData of the SDK turns each line break into CR LF; we send text as it is typed.
  expect(essence(ours)).toEqual({
    ...sdks,
    fields: sdks.fields.map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]),
  });
  expect(ours.headers['content-length']).toBe(String(ours.body.length));
  expect(ours.headers['transfer-encoding']).toBeUndefined();
  return ours;
}

const everything = {
  prompt: 'A fox,\n“quoted” — 狐 🦊',
  model: 'gpt-image-2.6-sunburst',
  n: 1,
  size: '1536x1024',
  quality: 'high',
  background: 'opaque',
  output_format: 'webp',
  output_compression: 80,
  complexity: 'low',
  safety_identifier: 'user-1',
} as const;

test('create', async () => {
  const parameters = { ...everything, moderation: 'low' } as const;
  const ours = await compare({ operation: 'create', parameters }, () => sdk.images.generate(parameters));
  expect(ours.path).toBe('/v1/images/generations');
  expect(ours.headers['user-agent']).toMatch(/^Emulsion\//u);
});

test('create, streamed', async () => {
  const parameters = { ...everything, stream: true, partial_images: 3 } as const;
  await compare({ operation: 'create', parameters }, () => sdk.images.generate(parameters));
});

test('create with the older parameters, with stream: false', async () => {
  const parameters = {
    prompt: 'x',
    model: 'dall-e-3',
    n: 2,
    quality: 'hd',
    response_format: 'b64_json',
    size: '1792x1024',
    stream: false,
    style: 'natural',
    user: 'ü/1',
  } as const;
  const ours = await compare({ operation: 'create', parameters }, () => sdk.images.generate(parameters));
  expect(ours.json).toEqual(parameters);
});

const moving = { output_format: 'gif', frame_count: 12, frame_duration_ms: 80, background: 'transparent' } as const;

test('create with frames', async () => {
  const parameters = { prompt: 'x', ...moving } as const;
  const ours = await compare({ operation: 'create', parameters }, () => sdk.images.generate(parameters));
  expect(ours.json).toEqual(parameters);
});

/*
 * The only difference: the official client sends null in a JSON body and rejects it in a form before anything is sent. We omit both: null and
 * a missing parameter mean the same to the API, and some compatible servers reject null.
 */
const nothing = { background: null, n: null, quality: null, stream: null, partial_images: null, svg: null } as const;

test('create with null: the official client sends it, we omit it', async () => {
  const given = { prompt: 'x', size: null } as const;
  server.requests.length = 0;
  await sdk.images.generate({ ...given, ...nothing });
  const parameters = { ...given, ...nothing };
  await callImagesApi({ ...rest(), call: { operation: 'create', parameters } });
  const [theirs, ours] = server.requests;
  if (!theirs || !ours) throw new Error('Two requests were expected.');
  expect(theirs.json).toEqual(parameters);
  expect(ours.json).toEqual({ prompt: 'x' });
  expect({ ...essence(ours), json: null }).toEqual({ ...essence(theirs), json: null });
});

test('create with a nested null: the official client sends it, we omit it', async () => {
  const parameters = { prompt: 'x', svg: { model: 'gpt-6', reasoning: { effort: null } } } as const;
  server.requests.length = 0;
  await sdk.images.generate(parameters);
  await callImagesApi({ ...rest(), call: { operation: 'create', parameters } });
  expect(server.requests.map(({ json }) => json)).toEqual([parameters, { prompt: 'x', svg: { model: 'gpt-6' } }]);
});

test('edit with null: the official client rejects it, we omit it', async () => {
  const inputs = [input('image', 'first')];
  server.requests.length = 0;
  await expect(sdk.images.edit({ prompt: 'x', ...nothing, image: await upload('first') })).rejects.toThrow(/null/u);
  expect(server.requests).toEqual([]);
  await callImagesApi({ ...rest(), call: { operation: 'edit', parameters: { prompt: 'x', ...nothing }, inputs } });
  expect(server.requests.map(({ fields }) => fields)).toEqual([[['prompt', 'x']]]);
});

test('create with nested svg', async () => {
  const parameters = {
    prompt: 'x',
    output_format: 'svg',
    svg: { model: 'gpt-6', reasoning: { effort: 'high' } },
  } as const;
  await compare({ operation: 'create', parameters }, () => sdk.images.generate(parameters));
});

test('edit of one image', async () => {
  const parameters = { ...everything, input_fidelity: 'high' } as const;
  const inputs = [input('image', 'first')];
  const ours = await compare({ operation: 'edit', parameters, inputs }, async () =>
    sdk.images.edit({ ...parameters, image: await upload('first') }),
  );
  expect(ours.files).toMatchObject([
    { field: 'image', fileName: 'first %22image%22.png', mediaType: 'image/png', bytes: PNG },
  ]);
});

test('edit of several images with a mask, streamed', async () => {
  const parameters = { ...everything, stream: true, partial_images: 0 } as const;
  const inputs = [input('image', 'first'), input('image', 'second'), input('mask', 'mask')];
  const ours = await compare({ operation: 'edit', parameters, inputs }, async () =>
    sdk.images.edit({
      ...parameters,
      image: [await upload('first'), await upload('second')],
      mask: await upload('mask'),
    }),
  );
  expect(ours.files.map(({ field }) => field)).toEqual(['image[]', 'image[]', 'mask']);
});

test('edit with markup, a mask, several images and all other fields', async () => {
  const parameters = {
    ...everything,
    ...moving,
    input_fidelity: 'low',
    quality: 'standard',
    response_format: 'b64_json',
    stream: false,
    user: 'ü/1 "&"',
  } as const;
  const inputs = [input('image', 'first'), input('image', 'second'), input('mask', 'mask'), input('markup', 'markup')];
  const ours = await compare({ operation: 'edit', parameters, inputs }, async () =>
    sdk.images.edit({
      ...parameters,
      image: [await upload('first'), await upload('second')],
      mask: await upload('mask'),
      markup: await upload('markup'),
    }),
  );
  expect(Object.fromEntries(ours.fields)).toMatchObject({ stream: 'false', user: 'ü/1 "&"', frame_duration_ms: '80' });
  expect(ours.fields).toHaveLength(Object.keys(parameters).length);
});

test('edit with markup and nested svg', async () => {
  const parameters = {
    prompt: 'x',
    output_format: 'svg',
    svg: { model: 'gpt-6', reasoning: { effort: 'minimal' } },
  } as const;
  const inputs = [input('image', 'first'), input('markup', 'markup')];
  await compare({ operation: 'edit', parameters, inputs }, async () =>
    sdk.images.edit({ ...parameters, image: await upload('first'), markup: await upload('markup') }),
  );
});

test('variation', async () => {
  const parameters = { model: 'dall-e-2', n: 2, response_format: 'b64_json', size: '1024x1024', user: 'u' } as const;
  await compare({ operation: 'variation', parameters, inputs: [input('image', 'first')] }, async () =>
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- retired at OpenAI, but compatible servers still take it
    sdk.images.createVariation({ ...parameters, image: await upload('first') }),
  );
});

test('the list of models', async () => {
  server.requests.length = 0;
  await sdk.models.list();
  const check = await listModels(connection, new AbortController().signal);
  const [theirs, ours] = server.requests;
  if (!theirs || !ours) throw new Error('Two requests were expected.');
  expect(essence(ours)).toEqual(essence(theirs));
  expect(check.models).toEqual(['gpt-image-2']);
});
