import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoApi, type DemoApi } from '../../electron/demo-api/server.ts';
import { bytesOf } from './sample-pictures.ts';

let api: DemoApi;
beforeAll(async () => {
  api = await startDemoApi({ pace: 0 });
});
afterAll(() => api.close());

interface Answer {
  data: { b64_json: string }[];
}

async function plate(prompt: string): Promise<Buffer> {
  const body = JSON.stringify({ model: 'gpt-image-2.5-flare', quality: 'low', size: '1024x1024', prompt });
  const response = await fetch(`${api.baseUrl}/images/generations`, { method: 'POST', body });
  const { data } = (await response.json()) as Answer;
  return bytesOf(data[0]?.b64_json);
}

async function variations(image: Buffer, n: number): Promise<Buffer[]> {
  const form = new FormData();
  const fields = { model: 'dall-e-2', n: String(n), size: '256x256', response_format: 'b64_json' };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('image', new Blob([new Uint8Array(image)]), 'image.png');
  const response = await fetch(`${api.baseUrl}/images/variations`, { method: 'POST', body: form });
  const { data } = (await response.json()) as Answer;
  return data.map(({ b64_json }) => bytesOf(b64_json));
}

/** Where the light and the colours are, and no more. */
const impression = (file: Buffer): Promise<Buffer> =>
  sharp(file).removeAlpha().resize(16, 16, { fit: 'fill' }).raw().toBuffer();

/** The mean difference at 16×16, in steps of 255; a variation may be mirrored, so the nearer way round counts. */
async function distance(one: Buffer, other: Buffer): Promise<number> {
  const seen = await impression(one);
  const ways = [await impression(other), await impression(await sharp(other).flop().png().toBuffer())];
  return Math.min(
    ...ways.map((way) => seen.reduce((sum, value, at) => sum + Math.abs(value - (way[at] ?? 0)), 0) / seen.length),
  );
}

describe('variations', () => {
  const PROMPTS = ['alps seed:3', 'a red flower seed:3', 'the sea seed:3', 'a courtyard, cobalt seed:3'];

  it('are kin: each is nearer to its input than to any other plate', async () => {
    const plates = await Promise.all(PROMPTS.map(plate));
    for (const [at, input] of plates.entries()) {
      for (const variation of await variations(input, 3)) {
        const distances = await Promise.all(plates.map((other) => distance(variation, other)));
        expect(distances.indexOf(Math.min(...distances)), `${PROMPTS[at]}: ${distances.join(' ')}`).toBe(at);
      }
    }
  });

  it('differ from each other and from their input', async () => {
    const input = await plate('alps seed:3');
    const [one, two, ...more] = await variations(input, 2);
    if (!one || !two || more.length > 0) throw new Error('Two were asked for.');
    for (const [left, right] of [
      [one, two],
      [one, input],
      [two, input],
    ] as const)
      expect(await distance(left, right)).toBeGreaterThan(1);
  });
});
