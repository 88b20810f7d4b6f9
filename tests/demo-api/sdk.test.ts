/* eslint-disable @typescript-eslint/no-deprecated -- what OpenAI retired is what compatible servers speak */
import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODELS } from '../../electron/contract/catalogue/models.ts';
import { startDemoApi, type DemoApi } from '../../electron/demo-api/server.ts';
import { bytesOf, detailOf, sampleMaskPng, samplePng } from './sample-images.ts';

let api: DemoApi;
let client: OpenAI;
beforeAll(async () => {
  api = await startDemoApi({ pace: 0 });
  client = new OpenAI({ baseURL: api.baseUrl, apiKey: 'sk-any', maxRetries: 0 });
});
afterAll(() => api.close());

const model = 'gpt-image-2.6-sunburst';
const usage = {
  input_tokens: expect.any(Number),
  input_tokens_details: { text_tokens: expect.any(Number), image_tokens: expect.any(Number) },
  output_tokens: expect.any(Number),
  output_tokens_details: { text_tokens: 0, image_tokens: expect.any(Number) },
  total_tokens: expect.any(Number),
};

describe('the official client', () => {
  it('lists and finds models', async () => {
    const names = [];
    for await (const entry of client.models.list()) names.push(entry.id);
    expect(names).toEqual(MODELS.map(({ name }) => name));
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
  });

  it('creates, with every field of the response', async () => {
    const answer = await client.images.generate({ model, prompt: 'a vase', n: 2, quality: 'low', user: 'someone' });
    expect(answer).toMatchObject({
      created: expect.any(Number),
      background: 'opaque',
      output_format: 'png',
      quality: 'low',
      safety_identifier: 'someone',
      size: '1024x1024',
      usage,
    });
    expect(answer.usage!.total_tokens).toBe(answer.usage!.input_tokens + answer.usage!.output_tokens);
    expect(answer.data).toHaveLength(2);
    const [one, two] = answer.data!.map(({ b64_json }) => bytesOf(b64_json));
    expect(one!.equals(two!)).toBe(false);
    expect(await sharp(one).metadata()).toMatchObject({ format: 'png', width: 1024, height: 1024 });
    expect(answer.data![0]).not.toHaveProperty('revised_prompt');
  });

  it('creates in a stream: increasingly fine partial images, then the image', async () => {
    const stream = await client.images.generate({
      model,
      prompt: 'alps',
      stream: true,
      partial_images: 3,
      quality: 'high',
    });
    const details: number[] = [];
    for await (const event of stream) {
      details.push(await detailOf(bytesOf(event.b64_json)));
      expect(event).toMatchObject({
        background: 'opaque',
        created_at: expect.any(Number),
        output_format: 'png',
        quality: 'high',
        size: '1024x1024',
      });
      if (event.type === 'image_generation.partial_image') expect(event.partial_image_index).toBe(details.length - 1);
      else expect(event).toMatchObject({ type: 'image_generation.completed', usage });
    }
    expect(details).toHaveLength(4);
    expect(details).toEqual(details.toSorted((a, b) => a - b));
  });

  it('edits, with and without a stream', async () => {
    const image = await samplePng(1024, 1024);
    const request = {
      model,
      prompt: 'celadon glaze',
      image: [await toFile(image, 'a.png', { type: 'image/png' }), await toFile(image, 'b.png', { type: 'image/png' })],
      mask: await toFile(await sampleMaskPng(1024, 1024, { left: 200, top: 200, width: 300, height: 300 }), 'm.png', {
        type: 'image/png',
      }),
      svg: null,
    };
    const answer = await client.images.edit(request);
    expect(answer).toMatchObject({ size: '1024x1024', output_format: 'png', usage });
    expect(answer.usage!.input_tokens_details.image_tokens).toBe(3 * (65 + 129));

    const types = [];
    for await (const event of await client.images.edit({ ...request, stream: true, partial_images: 1 })) {
      types.push(event.type);
      expect((await sharp(bytesOf(event.b64_json)).metadata()).width).toBe(1024);
    }
    expect(types).toEqual(['image_edit.partial_image', 'image_edit.completed']);
  });

  it('creates variations, as base64 and as URL', async () => {
    const image = await samplePng(512, 512);
    const request = { model: 'dall-e-2', size: '256x256', n: 2 } as const;
    const inline = await client.images.createVariation({
      ...request,
      image: await toFile(image, 'a.png'),
      response_format: 'b64_json',
    });
    expect(await sharp(bytesOf(inline.data![1]!.b64_json)).metadata()).toMatchObject({ width: 256, height: 256 });

    const hosted = await client.images.createVariation({ ...request, image: await toFile(image, 'a.png') });
    const url = hosted.data![0]!.url!;
    expect(new URL(url).origin).toBe(new URL(api.baseUrl).origin);
    const downloaded = await fetch(url);
    expect(downloaded.headers.get('content-type')).toBe('image/png');
    expect(await sharp(Buffer.from(await downloaded.arrayBuffer())).metadata()).toMatchObject({
      width: 256,
      height: 256,
    });
    expect(hosted).not.toHaveProperty('usage');
  });

  it('receives a revised prompt from dall-e-3 only', async () => {
    const answer = await client.images.generate({
      model: 'dall-e-3',
      prompt: 'the sea',
      size: '1792x1024',
      style: 'vivid',
    });
    expect(answer.data![0]).toEqual({ url: expect.any(String), revised_prompt: expect.stringContaining('the sea') });
  });

  it('maps errors to its own classes', async () => {
    const wrong = new OpenAI({ baseURL: api.baseUrl, apiKey: 'sk-wrong-canary', maxRetries: 0 });
    const error = await wrong.images.generate({ model, prompt: 'a' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key', requestID: expect.stringMatching(/^req_/u) });
    expect(JSON.stringify(error)).not.toContain('canary');
  });
});
