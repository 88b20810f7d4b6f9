import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoApi, type DemoApi } from '../../electron/demo-api/server.ts';
import { sampleMaskPng, samplePng } from './sample-images.ts';

let api: DemoApi;
let validImage: Buffer;
beforeAll(async () => {
  api = await startDemoApi({ pace: 0 });
  validImage = await samplePng(1024, 1024);
});
afterAll(() => api.close());

interface Said {
  status: number;
  error: { message: string; type: string; code: string | null; param: string | null };
}

async function said(response: Response): Promise<Said> {
  expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/u);
  const body = (await response.json()) as Pick<Said, 'error'>;
  expect(Object.keys(body.error).sort()).toEqual(['code', 'message', 'param', 'type']);
  return { status: response.status, error: body.error };
}

const post = async (path: string, body: string | FormData, headers: Record<string, string> = {}): Promise<Said> =>
  said(await fetch(api.baseUrl + path, { method: 'POST', body, headers }));

const create = (parameters: Record<string, unknown>): Promise<Said> =>
  post('/images/generations', JSON.stringify({ model: 'gpt-image-2.6-flare', prompt: 'a', ...parameters }));

describe('a create is refused', () => {
  it.each([
    [{ colour: 'red' }, 'unknown_parameter', 'colour'],
    [{ response_format: 'b64_json' }, 'unknown_parameter', 'response_format'],
    [{ style: 'vivid' }, 'unknown_parameter', 'style'],
    [{ prompt: undefined }, 'missing_required_parameter', 'prompt'],
    [{ prompt: '  ' }, 'invalid_value', 'prompt'],
    [{ prompt: 'x'.repeat(32_001) }, 'invalid_value', 'prompt'],
    [{ prompt: 7 }, 'invalid_type', 'prompt'],
    [{ n: 11 }, 'invalid_value', 'n'],
    [{ n: 2, stream: true }, 'invalid_value', 'n'],
    [{ size: '1000x1000' }, 'invalid_value', 'size'],
    [{ size: '3840x3840' }, 'invalid_value', 'size'],
    [{ quality: 'hd' }, 'invalid_value', 'quality'],
    [{ quality: 'best' }, 'invalid_value', 'quality'],
    [{ model: 'gpt-image-2', background: 'transparent' }, 'invalid_value', 'background'],
    [{ background: 'transparent', output_format: 'jpeg' }, 'invalid_value', 'background'],
    [{ partial_images: 2 }, 'invalid_value', 'partial_images'],
    [{ stream: true, partial_images: 4 }, 'invalid_value', 'partial_images'],
    [{ output_compression: 50 }, 'invalid_value', 'output_compression'],
    [{ frame_count: 3 }, 'invalid_value', 'frame_count'],
    [{ output_format: 'gif', frame_count: 17 }, 'invalid_value', 'frame_count'],
    [{ output_format: 'gif', size: '1024x1024' }, 'invalid_value', 'size'],
    [{ output_format: 'gif', stream: true }, 'invalid_value', 'stream'],
    [{ output_format: 'svg', n: 2 }, 'invalid_value', 'n'],
    [{ model: 'gpt-image-1.5', output_format: 'svg' }, 'invalid_value', 'output_format'],
    [{ model: 'dall-e-3', stream: true }, 'unknown_parameter', 'stream'],
  ])('for %j', async (parameters, code, param) => {
    const { status, error } = await create(parameters);
    expect([status, error.type, error.code, error.param]).toEqual([400, 'invalid_request_error', code, param]);
    expect(error.message).not.toBe('');
  });

  it('for an unknown model', async () => {
    expect(await create({ model: 'gpt-image-9' })).toMatchObject({
      status: 404,
      error: { code: 'model_not_found', param: 'model' },
    });
  });

  it('for a body that isn’t a JSON object, or is too long', async () => {
    for (const body of ['{', '[]', 'null', '']) expect((await post('/images/generations', body)).status).toBe(400);
    const long = await post('/images/generations', JSON.stringify({ prompt: 'x'.repeat(3_000_000) }));
    expect(long).toMatchObject({ status: 413, error: { code: 'request_too_large' } });
  });
});

describe('an edit is refused', () => {
  const form = (parts: Record<string, string | Buffer>): FormData => {
    const data = new FormData();
    for (const [name, part] of Object.entries({ model: 'gpt-image-2.6-flare', prompt: 'a', ...parts })) {
      if (typeof part === 'string') data.set(name, part);
      else data.set(name, new Blob([new Uint8Array(part)]), 'x');
    }
    return data;
  };
  const edit = (parts: Record<string, string | Buffer>): Promise<Said> => post('/images/edits', form(parts));

  it('without an image, or with an invalid one', async () => {
    expect((await edit({})).error).toMatchObject({ code: 'missing_required_parameter', param: 'image' });
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>');
    for (const image of [
      Buffer.from('no image'),
      svg,
      Buffer.alloc(0),
      validImage.subarray(0, validImage.length / 2),
    ]) {
      expect(await edit({ image })).toMatchObject({
        status: 400,
        error: { code: 'invalid_image_file', param: 'image' },
      });
    }
  });

  it('for an image with too many pixels', async () => {
    const image = await sharp({ create: { width: 12_000, height: 9000, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    expect(await edit({ image })).toMatchObject({ status: 400, error: { param: 'image' } });
  });

  it('for a mask of another size, without alpha, or too large', async () => {
    const small = await sampleMaskPng(512, 512, { left: 0, top: 0, width: 9, height: 9 });
    expect((await edit({ image: validImage, mask: small })).error).toMatchObject({ param: 'mask' });
    expect((await edit({ image: validImage, mask: validImage })).error).toMatchObject({
      code: 'invalid_mask_image_format',
      param: 'mask',
    });
    const heavy = Buffer.concat([validImage.subarray(0, 8), Buffer.alloc(4 * 1024 * 1024)]);
    expect((await edit({ image: validImage, mask: heavy })).error).toMatchObject({
      code: 'image_too_large',
      param: 'mask',
    });
  });

  it('for mask and markup together, and for a 17th image', async () => {
    const mask = await sampleMaskPng(1024, 1024, { left: 0, top: 0, width: 9, height: 9 });
    expect((await edit({ image: validImage, mask, markup: mask })).error).toMatchObject({ param: 'markup' });
    const many = form({});
    for (let count = 0; count < 17; count++) many.append('image[]', new Blob([new Uint8Array(validImage)]), 'x');
    expect(await post('/images/edits', many)).toMatchObject({ status: 400, error: { param: 'image' } });
  });

  it('for an unknown field or file', async () => {
    expect((await edit({ image: validImage, depth: '3' })).error).toMatchObject({
      code: 'unknown_parameter',
      param: 'depth',
    });
    expect((await edit({ image: validImage, depth: validImage })).error).toMatchObject({
      code: 'unknown_parameter',
      param: 'depth',
    });
    expect((await edit({ image: validImage, '__proto__[x]': '1' })).error).toMatchObject({ code: 'unknown_parameter' });
    expect((await edit({ image: validImage, n: 'two' })).error).toMatchObject({ code: 'invalid_type', param: 'n' });
  });

  it('as a variation that isn’t square, or with another model', async () => {
    const wide = form({ image: await samplePng(512, 256) });
    wide.delete('prompt');
    wide.set('model', 'dall-e-2');
    expect((await post('/images/variations', wide)).error).toMatchObject({ param: 'image' });
    wide.set('model', 'gpt-image-2');
    expect((await post('/images/variations', wide)).error).toMatchObject({ param: 'model' });
  });

  it('if it isn’t a form', async () => {
    expect((await post('/images/edits', '{}', { 'content-type': 'application/json' })).error).toMatchObject({
      code: 'invalid_content_type',
    });
  });
});

describe('other requests', () => {
  it('have their own responses', async () => {
    expect(await said(await fetch(`${api.baseUrl}/images/nothing`))).toMatchObject({
      status: 404,
      error: { code: 'unknown_url' },
    });
    expect(await post('/chat/completions', '{}')).toMatchObject({ status: 404 });
    expect(await said(await fetch(`${api.baseUrl}/models/nothing`))).toMatchObject({
      status: 404,
      error: { code: 'model_not_found' },
    });
    const wrong = await fetch(`${api.baseUrl}/images/generations`);
    expect(wrong.headers.get('allow')).toBe('POST');
    expect(await said(wrong)).toMatchObject({ status: 405 });
    const keyed = { 'api-key': 'sk-wrong-1' };
    expect(await post('/images/generations', '{}', keyed)).toMatchObject({
      status: 401,
      error: { code: 'invalid_api_key' },
    });
  });
});
