import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawVariation } from '../../electron/demo-api/drawing/variation.ts';
import { pixelsOf } from '../../electron/demo-api/drawing/pixels.ts';
import { startDemoApi, type DemoApi } from '../../electron/demo-api/server.ts';
import { bytesOf } from './sample-images.ts';

let api: DemoApi;
beforeAll(async () => {
  api = await startDemoApi({ pace: 0 });
});
afterAll(() => api.close());

interface Answer {
  data: { b64_json: string }[];
}

async function photoPixels(prompt: string): Promise<Buffer> {
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

/** Where it is light and where it is dark, and no more. */
const impression = (file: Buffer): Promise<Buffer> =>
  sharp(file).flatten().greyscale().resize(16, 16, { fit: 'fill' }).raw().toBuffer();

/**
 * 0 for the same arrangement of light and dark, 1 for nothing in common, 2 for its negative (one minus the correlation at 16×16).
 * Another brightness, contrast or tint is no distance; a variation may be mirrored, so the nearer way round counts.
 */
async function distance(one: Buffer, other: Buffer): Promise<number> {
  const seen = await impression(one);
  const ways = [await impression(other), await impression(await sharp(other).flop().png().toBuffer())];
  return Math.min(...ways.map((way) => 1 - correlation(seen, way)));
}

function correlation(left: Buffer, right: Buffer): number {
  const mean = (values: Buffer): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [leftMean, rightMean] = [mean(left), mean(right)];
  let [both, ofLeft, ofRight] = [0, 0, 0];
  for (const [at, value] of left.entries()) {
    const [x, y] = [value - leftMean, (right[at] ?? 0) - rightMean];
    both += x * y;
    ofLeft += x * x;
    ofRight += y * y;
  }
  return both / Math.sqrt(ofLeft * ofRight);
}

/** Chance would let one stray now and then: the same ones each time, and their sum counts. */
const SEEDS = [1, 2, 3, 4, 5, 6];

async function drawn(input: Buffer, seed: number): Promise<Buffer> {
  const { data, width, height, channels } = await drawVariation(await pixelsOf(sharp(input)), 256, 256, seed);
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}

describe('variations', () => {
  const PROMPTS = ['alps seed:3', 'a red flower seed:3', 'the sea seed:3', 'a courtyard, cobalt seed:3'];

  it('are kin: they are nearer to their input than to any other plate', async () => {
    const plates = await Promise.all(PROMPTS.map(photoPixels));
    for (const [at, input] of plates.entries()) {
      const sums = plates.map(() => 0);
      for (const seed of SEEDS) {
        const variation = await drawn(input, seed);
        for (const [index, other] of plates.entries())
          sums[index] = (sums[index] ?? 0) + (await distance(variation, other));
      }
      expect(sums.indexOf(Math.min(...sums)), `${PROMPTS[at]}: ${sums.join(' ')}`).toBe(at);
    }
  });

  it('differ from each other and from their input', async () => {
    const input = await photoPixels('alps seed:3');
    const [one, two, ...more] = await variations(input, 2);
    if (!one || !two || more.length > 0) throw new Error('Two were asked for.');
    for (const [left, right] of [
      [one, two],
      [one, input],
      [two, input],
    ] as const)
      expect(await distance(left, right)).toBeGreaterThan(0.001);
  });
});
