import sharp, { type Sharp } from 'sharp';
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

const EDGE = 16;

/** The luminance of an image at 16×16, in row order. */
const luminanceOf = (image: Sharp): Promise<Buffer> =>
  image.flatten().greyscale().resize(EDGE, EDGE, { fit: 'fill' }).raw().toBuffer();

/**
 * 0 for the same arrangement of light and dark, 1 for nothing in common, 2 for the negative (one minus the correlation at 16×16).
 * Brightness, contrast and tint don't count; a variation may be mirrored, so the smaller distance of both directions counts.
 */
function distance(one: Buffer, other: Buffer): number {
  return Math.min(1 - correlation(one, other), 1 - correlation(one, mirrored(other)));
}

function mirrored(luminance: Buffer): Buffer {
  return luminance.map((_, at) => luminance[at - (at % EDGE) + (EDGE - 1 - (at % EDGE))] ?? 0) as Buffer;
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

/** Single variations may be far from their input: the seeds are fixed, and the sum of all distances counts. */
const SEEDS = [1, 2, 3, 4, 5, 6];

async function luminanceOfVariation(input: Buffer, seed: number): Promise<Buffer> {
  const { data, width, height, channels } = await drawVariation(await pixelsOf(sharp(input)), 256, 256, seed);
  return luminanceOf(sharp(data, { raw: { width, height, channels } }));
}

describe('variations', () => {
  const PROMPTS = ['alps seed:3', 'a red flower seed:3', 'the sea seed:3', 'a courtyard, cobalt seed:3'];

  it('resemble their input more than any other image', async () => {
    const inputs = await Promise.all(PROMPTS.map(photoPixels));
    const luminances = await Promise.all(inputs.map((input) => luminanceOf(sharp(input))));
    for (const [at, input] of inputs.entries()) {
      const sums = luminances.map(() => 0);
      for (const seed of SEEDS) {
        const variation = await luminanceOfVariation(input, seed);
        for (const [index, other] of luminances.entries())
          sums[index] = (sums[index] ?? 0) + distance(variation, other);
      }
      expect(sums.indexOf(Math.min(...sums)), `${PROMPTS[at]}: ${sums.join(' ')}`).toBe(at);
    }
  });

  it('differ from each other and from their input', async () => {
    const input = await photoPixels('alps seed:3');
    const files = await variations(input, 2);
    expect(files).toHaveLength(2);
    const [first, second, third] = await Promise.all([...files, input].map((file) => luminanceOf(sharp(file))));
    for (const [left, right] of [
      [first!, second!],
      [first!, third!],
      [second!, third!],
    ] as const)
      expect(distance(left, right)).toBeGreaterThan(0.001);
  });
});
