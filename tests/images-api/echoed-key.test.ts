import { afterEach, describe, expect, test } from 'vitest';
import { listModels } from '../../electron/images-api/client.ts';
import { startRecordingServer, type RecordingServer } from '../fakes/recording-server.ts';
import { attempt, connectTo, create, KEY, stream, type Outcome } from './test-calls.ts';

/*
 * A server that echoes the key in fields about the image. These fields go to the library's database, its sidecars and the page.
 */

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const MASK = '[key removed]';
const BEARER = Buffer.from(`Bearer ${KEY}`).toString('base64');
const b64_json = Buffer.from('an image').toString('base64');
const fields = {
  background: KEY,
  output_format: `png ${KEY}`,
  quality: KEY.toUpperCase(),
  size: `1024x1024 for ${KEY}`,
  safety_identifier: encodeURIComponent(KEY),
  usage: { input_tokens: 1, note: KEY, [KEY]: 1, input_tokens_details: { account: [KEY, { deep: BEARER }] } },
  svg_usage: { [`of ${KEY}`]: { by: KEY } },
};

function expectNoKey(value: unknown): void {
  const text = JSON.stringify(value);
  expect(text.toLowerCase()).not.toContain(KEY);
  expect(text).not.toContain(BEARER.slice(12, -4));
}

function expectCleanAnswer({ error, arrivals, result }: Outcome): void {
  expect(error).toBeNull();
  expectNoKey([arrivals, result]);
  expect(result?.answer).toMatchObject({
    background: MASK,
    output_format: `png ${MASK}`,
    quality: MASK,
    size: `1024x1024 for ${MASK}`,
    safety_identifier: MASK,
    usage: { input_tokens: 1, note: MASK, [MASK]: 1, input_tokens_details: { account: [MASK, {}] } },
    svg_usage: { [`of ${MASK}`]: { by: MASK } },
  });
}

describe('a key that the server echoes is removed', () => {
  test('from a response and its revised prompts', async () => {
    const revised_prompt = `a fox\nwith ${KEY}, ${BEARER}`;
    server = await startRecordingServer({ body: JSON.stringify({ ...fields, data: [{ b64_json, revised_prompt }] }) });
    const outcome = await attempt(server.baseUrl, create);
    expectCleanAnswer(outcome);
    const [, image] = outcome.arrivals;
    expect(image).toMatchObject({
      type: 'image',
      revisedPrompt: expect.stringMatching(/^a fox\nwith \[key removed\], /u) as string,
    });
  });

  test('from a stream and its revised prompt', async () => {
    const event = { type: 'image_generation.completed', ...fields, b64_json, revised_prompt: `${KEY} a fox` };
    server = await startRecordingServer({
      headers: { 'content-type': 'text/event-stream' },
      body: `data: ${JSON.stringify(event)}\n\n`,
    });
    const outcome = await attempt(server.baseUrl, stream);
    expectCleanAnswer(outcome);
    expect(outcome.arrivals.at(-1)).toMatchObject({ type: 'image', revisedPrompt: `${MASK} a fox` });
  });

  test('from the names of models', async () => {
    const body = JSON.stringify({
      data: [{ id: `gpt-${KEY}` }, { id: 'gpt-image-2' }, KEY, { name: `\u001b${BEARER}` }],
    });
    server = await startRecordingServer({ body });
    const { models } = await listModels(connectTo(server.baseUrl), new AbortController().signal);
    expectNoKey(models);
    expect(models.slice(0, 3)).toEqual([`gpt-${MASK}`, 'gpt-image-2', MASK]);
    expect(models).toHaveLength(4);
  });
});

test('the rest of a response is unchanged, at any length', async () => {
  const revised_prompt = `${'a fox in the snow, '.repeat(500)}\t`;
  const usage = { input_tokens: 1, input_tokens_details: { text_tokens: 1, cached: null, kinds: ['text', true] } };
  server = await startRecordingServer({
    body: JSON.stringify({ created: 5, size: '1024x1024', usage, data: [{ b64_json, revised_prompt }] }),
  });
  const outcome = await attempt(server.baseUrl, create);
  expect(outcome.result?.answer).toEqual({ created: 5, size: '1024x1024', usage });
  expect(outcome.arrivals.at(-1)).toMatchObject({ revisedPrompt: revised_prompt });
});

test.each(['local', 'none', 'ollama', 'not-needed', 'EMPTY'])(
  '“%s” stands for no key, and the word stays',
  async (apiKey) => {
    server = await startRecordingServer({ body: JSON.stringify({ data: [{ id: `model-${apiKey}` }] }) });
    const connection = { ...connectTo(server.baseUrl), apiKey };
    expect((await listModels(connection, new AbortController().signal)).models).toEqual([`model-${apiKey}`]);
  },
);

test('a short key that is not a placeholder is removed', async () => {
  server = await startRecordingServer({ body: JSON.stringify({ data: [{ id: 'model-k3y9' }] }) });
  const connection = { ...connectTo(server.baseUrl), apiKey: 'k3y9' };
  expect((await listModels(connection, new AbortController().signal)).models).toEqual([`model-${MASK}`]);
});
