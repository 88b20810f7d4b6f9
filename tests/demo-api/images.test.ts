import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoApi, type DemoApi } from '../../electron/demo-api/server.ts';
import { bytesOf, pixelsOf, sampleMaskPng, samplePng } from './sample-images.ts';

let api: DemoApi;
beforeAll(async () => {
  api = await startDemoApi({ pace: 0 });
});
afterAll(() => api.close());

interface Answer {
  data: { b64_json: string }[];
  [name: string]: unknown;
}

async function create(parameters: Record<string, unknown>): Promise<Answer> {
  const response = await fetch(`${api.baseUrl}/images/generations`, {
    method: 'POST',
    body: JSON.stringify({ model: 'gpt-image-2.5-flare', quality: 'low', ...parameters }),
  });
  const answer: unknown = await response.json();
  expect(answer).not.toHaveProperty('error');
  return answer as Answer;
}

async function edit(fields: Record<string, string>, files: Record<string, Buffer>): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ model: 'gpt-image-2.5-flare', ...fields })) form.set(name, value);
  for (const [name, file] of Object.entries(files)) form.set(name, new Blob([new Uint8Array(file)]), 'x.png');
  const response = await fetch(`${api.baseUrl}/images/edits`, { method: 'POST', body: form });
  const answer: unknown = await response.json();
  expect(answer).not.toHaveProperty('error');
  return answer as Answer;
}

const fileOf = (answer: Answer, index = 0): Buffer => bytesOf(answer.data[index]?.b64_json);

describe('images', () => {
  it.each(['1024x1536', '3840x2160', '1344x576'])('have the requested size: %s', async (size) => {
    const answer = await create({ prompt: 'dunes', size });
    const { width, height } = await sharp(fileOf(answer)).metadata();
    expect(`${width}x${height}`).toBe(size);
    expect(answer.size).toBe(size);
    // A photo of this size is large; an enlarged thumbnail would be small.
    expect(fileOf(answer).length).toBeGreaterThan(0.8 * width * height);
  });

  it('are PNG, JPEG or WebP, smaller with more compression', async () => {
    for (const output_format of ['png', 'jpeg', 'webp']) {
      const answer = await create({ prompt: 'forest', output_format });
      expect((await sharp(fileOf(answer)).metadata()).format).toBe(output_format);
      expect(answer.output_format).toBe(output_format);
    }
    const [large, small] = [90, 20].map((output_compression) =>
      create({ prompt: 'forest seed:1', output_format: 'jpeg', output_compression }),
    );
    expect(fileOf(await small!).length).toBeLessThan(fileOf(await large!).length / 2);
  });

  it('are animated as GIF', async () => {
    const answer = await create({
      prompt: 'planet',
      output_format: 'gif',
      size: '816x816',
      frame_count: 3,
      frame_duration_ms: 120,
    });
    const gif = await sharp(fileOf(answer), { animated: true }).metadata();
    expect(gif).toMatchObject({ format: 'gif', pages: 3, pageHeight: 816, delay: [120, 120, 120] });
    const { data } = await sharp(fileOf(answer), { animated: true }).raw().toBuffer({ resolveWithObject: true });
    const frame = data.length / 3;
    expect(data.subarray(0, frame).equals(data.subarray(frame, 2 * frame))).toBe(false);
  });

  it.each(['hills', 'a red flower', 'a fox'])('are drawn as SVG without active content: %s', async (prompt) => {
    const answer = await create({
      prompt,
      output_format: 'svg',
      size: '1536x1024',
      svg: { model: 'gpt-5.5', reasoning: { effort: 'low' } },
    });
    const text = fileOf(answer).toString('utf8');
    expect(text).not.toMatch(/<script|<style|<image|<foreignObject|href|\son\w+=|NaN|undefined/iu);
    expect(await sharp(fileOf(answer)).metadata()).toMatchObject({ format: 'svg', width: 1536, height: 1024 });
    const { channels } = await sharp(fileOf(answer)).stats();
    expect(Math.max(...channels.slice(0, 3).map(({ stdev }) => stdev))).toBeGreaterThan(10);
    expect(answer.svg_usage).toMatchObject({ model: 'gpt-5.5', total_tokens: expect.any(Number) });
  });

  it('are cut out for a transparent background', async () => {
    for (const output_format of ['png', 'webp']) {
      const answer = await create({ prompt: 'a fox', background: 'transparent', output_format });
      const { data, channels } = await pixelsOf(fileOf(answer));
      expect(channels).toBe(4);
      const alpha = data.filter((_, at) => at % 4 === 3);
      expect(alpha[0]).toBe(0);
      expect(alpha.filter((value) => value === 255).length).toBeGreaterThan(alpha.length / 8);
      expect(answer.background).toBe('transparent');
    }
  });

  it('are the same for the same seed and differ otherwise', async () => {
    const [same, again, other, loose, looser] = await Promise.all(
      ['a vase seed:7', 'a vase seed:7', 'a vase seed:8', 'a vase', 'a vase'].map(async (prompt) =>
        fileOf(await create({ prompt })),
      ),
    );
    expect(same!.equals(again!)).toBe(true);
    expect(same!.equals(other!)).toBe(false);
    expect(loose!.equals(looser!)).toBe(false);
    expect(fileOf(await create({ prompt: 'the sea seed:7' })).equals(same!)).toBe(false);
  });
});

describe('edits', () => {
  const size = { width: 1024, height: 1024 };
  const box = { left: 300, top: 350, width: 400, height: 300 };

  it.each(['celadon glaze', 'remove it', 'add a fox', 'the sea', 'something nicer'])(
    'paint inside the mask and change a little outside, as a model does: %s',
    async (prompt) => {
      const image = await samplePng(size.width, size.height);
      const answer = await edit({ prompt }, { image, mask: await sampleMaskPng(size.width, size.height, box) });
      const [before, after] = [await pixelsOf(image), await pixelsOf(fileOf(answer))];
      expect(after).toMatchObject({ ...size, channels: 3 });
      let [outside, touched, visible, inside] = [0, 0, 0, 0];
      for (let pixel = 0; pixel < size.width * size.height; pixel++) {
        const max = Math.max(
          ...[0, 1, 2].map((channel) => Math.abs(before.data[pixel * 3 + channel]! - after.data[pixel * 3 + channel]!)),
        );
        const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)];
        if (x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height) {
          if (max > 0) inside++;
          continue;
        }
        outside++;
        if (max > 0) touched++;
        if (max > 8) visible++;
      }
      expect(inside).toBeGreaterThan(0.9 * box.width * box.height);
      expect(touched / outside).toBeGreaterThan(0.5);
      expect(visible / outside).toBeGreaterThan(0.002);
      expect(visible / outside).toBeLessThan(0.08);
    },
  );

  it('change the same way for the same seed', async () => {
    const image = await samplePng(size.width, size.height);
    const mask = await sampleMaskPng(size.width, size.height, box);
    const [one, again, other] = await Promise.all(
      [7, 7, 8].map(async (seed) => fileOf(await edit({ prompt: `celadon seed:${seed}` }, { image, mask }))),
    );
    expect(one!.equals(again!)).toBe(true);
    expect(one!.equals(other!)).toBe(false);
  });

  it('fill the transparent parts of the first image', async () => {
    const opened = await sharp(await samplePng(816, 1024))
      .extend({ right: 208, background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .png()
      .toBuffer();
    const mask = await sampleMaskPng(1024, 1024, { left: 816, top: 0, width: 208, height: 1024 });
    const { data, channels } = await pixelsOf(
      fileOf(await edit({ prompt: 'continue to the right' }, { image: opened, mask })),
    );
    const at = (512 * 1024 + 1000) * channels;
    expect(Math.max(...data.subarray(at, at + 3))).toBeGreaterThan(20);
    if (channels === 4) expect(data[at + 3]).toBe(255);
  });

  it('accept a markup instead of a mask and leave no stroke', async () => {
    const image = await samplePng(size.width, size.height);
    const strokes = await sharp({ create: { ...size, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
      .composite([
        { input: { create: { width: 200, height: 20, channels: 3, background: '#ff0000' } }, left: 400, top: 500 },
      ])
      .png()
      .toBuffer();
    const { data } = await pixelsOf(fileOf(await edit({ prompt: 'teal' }, { image, markup: strokes })));
    const at = (510 * size.width + 500) * 3;
    expect([...data.subarray(at, at + 3)]).not.toEqual([255, 0, 0]);
    expect(data.subarray(0, 300).equals((await pixelsOf(image)).data.subarray(0, 300))).toBe(true);
  });

  it('cut the image out for a transparent background', async () => {
    const image = fileOf(await create({ prompt: 'isometric house', size: '1024x1024' }));
    const answer = await edit({ prompt: 'the house alone', background: 'transparent' }, { image });
    const { data, channels } = await pixelsOf(fileOf(answer));
    expect([channels, data[3], answer.background]).toEqual([4, 0, 'transparent']);
  });
});
