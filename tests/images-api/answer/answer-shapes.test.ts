import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { ImageCall } from '../../../electron/images-api/request/build-request.ts';
import { startRecordingServer, type RecordingServer } from '../../fakes/recording-server.ts';
import { smallPng } from '../../library/test-library.ts';
import { attempt, create, createFolder, sha256, stream, type Outcome } from '../test-calls.ts';

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const png = await smallPng();
const other = await smallPng();
const third = await smallPng();
const b64 = png.toString('base64');
const otherB64 = other.toString('base64');

/** Responds with a document in which URL stands for the absolute URL of the first image, and HOST for its host. */
async function answer(
  value: unknown,
  { streamed = false, call }: { streamed?: boolean; call?: ImageCall } = {},
): Promise<Outcome & { gets: string[] }> {
  await server?.close();
  const files: Record<string, Buffer> = { '/files/1.png': png, '/files/2.png': other, '/v1/images/below.png': third };
  server = await startRecordingServer(({ method, path }) => {
    if (method === 'GET')
      return files[path] ? { headers: { 'content-type': 'image/png' }, body: files[path] } : { status: 404 };
    const text = JSON.stringify(value)
      .replaceAll('HOST', `127.0.0.1:${server?.port}`)
      .replaceAll('URL', `http://127.0.0.1:${server?.port}/files/1.png`);
    return streamed ? { headers: { 'content-type': 'text/event-stream' }, body: `data: ${text}\n\n` } : { body: text };
  });
  const outcome = await attempt(server.baseUrl, call ?? (streamed ? stream : create));
  expect(server.begun.filter((method) => method === 'POST')).toHaveLength(1);
  return { ...outcome, gets: server.requests.filter(({ method }) => method === 'GET').map(({ path }) => path) };
}

const ONE: Record<string, unknown> = {
  'a list of addresses': { data: [{ url: 'URL' }] },
  'a path': { data: [{ url: '/files/1.png' }] },
  'a relative path that means the server’s root': { data: [{ url: 'files/1.png' }] },
  'an address without a scheme': { data: [{ url: '//HOST/files/1.png' }] },
  'a path in a list': { data: ['/files/1.png'] },
  'a relative path in a list': { images: ['files/1.png'] },
  images: { images: [{ url: 'URL' }], seed: 7 },
  'an object in data': { created: 1, data: { url: 'URL' } },
  'strings in data': { created: 1, data: ['URL'] },
  'base64 strings in data': { created: 1, data: [b64] },
  'a string in data': { data: b64 },
  wrapped: { code: 200, msg: 'ok', data: { created: 1, data: [{ url: 'URL' }] } },
  'wrapped base64': { code: 0, message: 'success', result: { images: [b64] } },
  'output of a string': { output: 'URL' },
  'output of a list': { id: 'p1', status: 'succeeded', output: ['URL'], urls: { get: 'http://HOST/other' } },
  results: { results: [{ image: b64 }] },
  artifacts: { artifacts: [{ base64: b64, finishReason: 'SUCCESS', seed: 1 }] },
  predictions: { predictions: [{ bytesBase64Encoded: b64, mimeType: 'image/png' }] },
  b64: { data: [{ b64 }] },
  image_base64: { image_base64: b64 },
  image_url: { data: [{ image_url: 'URL' }] },
  'image_url as an object': { data: [{ image_url: { url: 'URL' } }] },
  'image as an object': { images: [{ image: { b64_json: b64 } }] },
  'an image data address': { image: `data:image/png;base64,${b64}` },
  'an address under b64_json': { data: [{ b64_json: 'URL' }] },
  'base64 under url': { data: [{ url: b64 }] },
  'an address and base64 of one image': { data: [{ url: 'URL', b64_json: b64 }] },
  'an address and damaged base64': { data: [{ url: 'URL', b64_json: `!${b64}` }] },
  'the same address twice': { data: [{ url: 'URL' }, { url: 'URL' }], images: ['URL'] },
  'two lists': { images: ['URL'], data: [{ b64_json: b64 }] },
  'a copy of the list as a field': { data: [{ b64_json: b64 }], image: b64 },
  'an echoed input': { image: otherB64, input: { image: otherB64 }, data: [{ url: 'URL' }] },
  'an echoed input address': { image: 'http://HOST/files/2.png', data: [{ url: 'URL' }] },
  'a thumbnail': {
    data: [{ thumbnail: `data:image/png;base64,${otherB64}`, thumbnail_url: '/files/2.png', url: 'URL' }],
  },
  'an object that says that it is an input': {
    images: [
      { type: 'input_image', url: '/files/2.png' },
      { type: 'output', url: 'URL' },
    ],
  },
  'a mask': { mask: { url: '/files/2.png' }, mask_image: otherB64, images: [{ url: 'URL' }] },
  'deep in unknown names': {
    candidates: [{ content: { parts: [{ text: 'Here' }, { inlineData: { mimeType: 'image/png', data: b64 } }] } }],
  },
  'an empty error beside it': { error: {}, data: [{ b64_json: b64 }] },
  'an address elsewhere': { links: { self: 'http://HOST/files/2.png' }, url: 'URL' },
};

describe.each([false, true])('one image is found (streamed: %s)', (streamed) => {
  test.each(Object.entries(ONE))('%s', async (_name, value) => {
    const outcome = await answer(value, { streamed });
    expect(outcome).toMatchObject({ error: null, images: [png], result: { images: 1 } });
    expect(outcome.gets.filter((path) => path === '/files/2.png')).toEqual([]);
  });
});

test('several images keep their places', async () => {
  const outcome = await answer({ data: [{ url: 'URL' }, { b64_json: otherB64 }, { url: 'below.png' }] });
  expect(outcome).toMatchObject({ error: null, images: [other, png, third], result: { images: 3 } });
  const places = outcome.arrivals.flatMap((arrival) => (arrival.type === 'image' ? [arrival.position] : []));
  expect(places).toEqual([1, 0, 2]);
});

test('bytes that are not the answer’s are handed over, and a second copy is removed', async () => {
  const outcome = await answer({ image: otherB64, data: [{ b64_json: b64 }], images: [{ b64_json: b64 }] });
  expect(outcome).toMatchObject({ error: null, images: [png], parts: [] });
  expect(outcome.arrivals.filter(({ type }) => type === 'unfinished-file')).toHaveLength(1);
});

test('what is no image is none', async () => {
  for (const value of [
    { data: ['a few words'], result: 'success', output: 'https' },
    { input: { image: b64 }, mask: b64, error: null, preview: { b64_json: b64 } },
    { status: { url: '/files/1.png' }, links: ['URL'] },
  ]) {
    const outcome = await answer(value);
    expect(outcome).toMatchObject({ error: { code: 'answer-empty' }, images: [], gets: [] });
  }
});

const chat = (content: string): object => ({ choices: [{ message: { role: 'assistant', content } }] });
const PROMPTS: Record<string, [prompt: string, content: string]> = {
  'an address': ['Like ![this](http://127.0.0.1/files/2.png)', 'You said: Like ![this](http://127.0.0.1/files/2.png)'],
  'an address in JSON': ['{"url":"http:\\/\\/127.0.0.1/a.png"}', '{"url":"http://127.0.0.1/a.png"}'],
  'an address alone': ['http://127.0.0.1/files/2.png', 'http://127.0.0.1/files/2.png'],
  pixels: [`Like ![this](data:image/png;base64,${otherB64})`, `Like ![this](data:image/png;base64,${otherB64})`],
  'pixels in JSON': [`{"b64_json":"${otherB64}"}`, `{"b64_json":"${otherB64}"}`],
};
test.each(Object.entries(PROMPTS))('%s of the prompt is no image', async (_name, [prompt, content]) => {
  const outcome = await answer(chat(content), { call: { operation: 'create', parameters: { model: 'm', prompt } } });
  expect(outcome).toMatchObject({ error: { code: 'answer-empty' }, images: [], gets: [] });
});

test('an input that a text repeats is no image', async () => {
  const { folder, remove } = await createFolder();
  const path = `${folder}/input.png`;
  await writeFile(path, other);
  const input = {
    role: 'image',
    path,
    fileName: 'input.png',
    mediaType: 'image/png',
    bytes: other.length,
  } as const;
  const call: ImageCall = { operation: 'edit', parameters: { model: 'm', prompt: 'a fox' }, inputs: [input] };
  const text = `![before](data:image/png;base64,${otherB64}) ![copy](http://HOST/files/2.png) ![after](URL)`;
  const outcome = await answer(chat(text), { call });
  await remove();
  expect(outcome).toMatchObject({ error: null, images: [png], result: { images: 1 } });
});

test('a text is searched only if there is no image in a place of its own', async () => {
  const outcome = await answer({ ...chat('![](http://HOST/files/2.png)'), data: [{ url: 'URL' }] });
  expect(outcome).toMatchObject({ error: null, images: [png], gets: ['/files/1.png'] });
});

test('links and words in a text are no images', async () => {
  for (const text of [
    'See http://HOST/files/2.png',
    '[a](http://HOST/files/2.png)',
    '![](files/2.png)',
    'http://HOST/x',
  ]) {
    const outcome = await answer(chat(text));
    expect(outcome).toMatchObject({ error: { code: 'answer-empty' }, images: [], gets: [] });
  }
});

test('documents hold no pixels of images inside a text', async () => {
  const outcome = await answer(chat(`A fox: ![](data:image/png;base64,${b64})`));
  const text = JSON.stringify(outcome.documents);
  expect(outcome.images).toEqual([png]);
  expect(text).toContain(sha256(png));
  expect(text).toContain('A fox: ![]((image, ');
  expect(text).not.toContain(b64.slice(0, 20));
});

test('usage is read from an answer that was encoded twice', async () => {
  const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  const body = JSON.stringify({ data: [{ b64_json: b64 }], usage });
  expect((await answer(body)).result?.answer).toMatchObject({ usage });
  expect((await answer({ statusCode: 200, body })).result?.answer).toMatchObject({ usage });
  const failed = await answer(JSON.stringify({ error: { message: 'no more foxes' } }));
  expect(failed.error).toMatchObject({ code: 'server-failed' });
});

test('usage and metadata are read from a wrapped answer', async () => {
  const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
  const outcome = await answer({ code: 200, data: { created: 5, data: [{ b64_json: b64 }], usage } });
  expect(outcome.result?.answer).toMatchObject({ created: 5, usage });
});
