import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from '../fast-check.ts';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import { parseImagePath } from '../../electron/studio/routes/serve-image.ts';
import { asked, createRequest, demoServer, openTestStudio, uploadRequest } from './test-studio.ts';

function grain(width: number, height: number): Promise<Buffer<ArrayBuffer>> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#123456', noise } })
    .png()
    .toBuffer();
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  return thrown instanceof StudioError ? thrown.code : String(thrown);
}

const get = (path: string, method = 'GET'): Request => new Request(`http://emulsion/images${path}`, { method });

test('a file is uploaded, inspected, prepared and served', async () => {
  const { api, studio, folder } = await openTestStudio();
  const bytes = await grain(300, 200);
  const input = await api.addInput(new Blob([bytes]), 'C:\\Photos\\cat.png');
  expect(input).toMatchObject({ name: 'cat.png', format: 'png', width: 300, height: 200, changes: [], image: null });
  expect(await readdir(join(folder, 'library', 'incoming'))).toEqual([]);
  expect(await api.inputs.get({ inputs: [input.sha256] })).toEqual([input]);
  const square = await api.inputs.prepare({ sha256: input.sha256, square: 'crop' });
  expect(square).toMatchObject({ width: 200, height: 200 });
  const mask = await api.inputs.fitMask({ sha256: square.sha256, first: input.sha256, reads: 'white' });
  expect(mask).toMatchObject({ width: 300, height: 200, format: 'png' });

  const shown = await studio.serveImage(get(`/input/${input.sha256}`));
  expect(shown.headers.get('content-type')).toBe('image/png');
  expect(shown.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  expect(Buffer.from(await shown.arrayBuffer()).equals(bytes)).toBe(true);
  const small = await studio.serveImage(get(`/input-thumbnail/${input.sha256}`));
  expect(small.headers.get('content-type')).toBe('image/webp');
  expect(await sharp(await small.arrayBuffer()).metadata()).toMatchObject({ width: 256, height: 171 });
});

test('a generated image becomes an input and is served as one', async () => {
  const server = await demoServer();
  const { api, studio, ended } = await openTestStudio({ baseUrl: server.baseUrl });
  const job = await ended((await api.jobs.create(asked(createRequest('two pears')))).id);
  const [image] = job.generations.flatMap(({ images }) => images);
  if (!image) throw new Error('No image was made.');
  const { sha256 } = await api.library.image({ imageId: image.id });
  expect((await studio.serveImage(get(`/input/${sha256}`))).status).toBe(404);
  const input = await api.inputs.fromImage({ imageId: image.id });
  expect(input).toMatchObject({ sha256, image: image.id, name: 'two pears' });
  const shown = await studio.serveImage(get(`/input/${sha256}`, 'HEAD'));
  expect([shown.status, shown.headers.get('content-length')]).toEqual([200, String(image.bytes)]);
});

test('unknown hashes and invalid paths are 404', async () => {
  const { api, studio } = await openTestStudio();
  const { sha256 } = await api.addInput(new Blob([await grain(8, 8)]), 'a.png');
  const wrong = [
    `/input/${'0'.repeat(64)}`,
    `/input/${sha256.toUpperCase()}`,
    `/input/${sha256}.png`,
    `/input/${sha256}/`,
    `/input/${sha256.slice(1)}`,
    `/inputs/${sha256}`,
    `/input-preview/${sha256}`,
    `/original/${sha256}`,
    `/input/..%2f..%2flibrary.db`,
    `/input/%2e%2e/library.db`,
  ];
  for (const path of wrong) expect.soft((await studio.serveImage(get(path))).status, path).toBe(404);
  expect((await studio.serveImage(get(`/input/${sha256}`, 'POST'))).status).toBe(405);
});

test('no path leaves the folder: only hashes and ids are accepted', () => {
  const part = fc.oneof(
    fc.constantFrom('..', '%2e%2e', '/', '\\', '%00', 'input', 'input-thumbnail', 'library.db', 'a'.repeat(64)),
    fc.constantFrom('thumbnail', 'preview', 'heat', '01890000-0000-7000-8000-000000000001', 'b'.repeat(16)),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const wanted = parseImagePath(`/images/${parts.join('/')}`);
      if (wanted === null) return;
      expect('sha256' in wanted ? wanted.sha256 : '').toMatch(/^[0-9a-f]{64}$|^$/u);
      expect('imageId' in wanted ? wanted.imageId : '').toMatch(/^[0-9a-f-]{36}$|^$/u);
      expect('strictHash' in wanted ? (wanted.strictHash ?? '') : '').toMatch(/^[0-9a-f]{16}$|^$/u);
    }),
    { numRuns: 5000 },
  );
  const imageId = '01890000-0000-7000-8000-000000000001';
  const strictHash = 'b'.repeat(16);
  expect(parseImagePath(`/images/preview/${imageId}/${strictHash}`)).toEqual({ kind: 'preview', imageId, strictHash });
  expect(parseImagePath(`/images/original/${imageId}/${strictHash}`)).toBeNull();
  expect(parseImagePath(`/images/input/${'a'.repeat(64)}`)).toEqual({ kind: 'input', sha256: 'a'.repeat(64) });
});

test('heat maps that do not exist are 404 for any path', async () => {
  const { studio, log } = await openTestStudio();
  const part = fc.oneof(
    fc.constantFrom(
      '..',
      '%2e%2e',
      '%2f',
      '/',
      'heat',
      'thumbnails',
      'library.db',
      '01890000-0000-7000-8000-000000000001',
    ),
    fc.string({ maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 4 }), fc.constantFrom('GET', 'HEAD'), async (parts, method) => {
      const answer = await studio.serveImage(get(`/heat/${parts.map(encodeURI).join('/')}`, method));
      expect(answer.status).toBe(404);
    }),
    { numRuns: 200 },
  );
  expect(log).toEqual([]);
});

test('a file that is not an image or too large, or a wrong method or type, is refused with a status and a message', async () => {
  const { studio, api, log } = await openTestStudio();
  expect(await codeOf(api.addInput(new Blob(['words']), 'a.png'))).toBe('input-invalid');
  const get405 = await studio.receiveInput(new Request('http://emulsion/inputs'));
  expect([get405.status, get405.headers.get('allow')]).toEqual([405, 'POST']);
  const form = new Request('http://emulsion/inputs?name=a', { method: 'POST', body: 'x' });
  expect((await studio.receiveInput(form)).status).toBe(415);
  const empty = await studio.receiveInput(uploadRequest('', 'empty.png'));
  expect([empty.status, await empty.json()]).toMatchObject([422, { error: { message: /^empty\.png is empty\./u } }]);
  expect(await codeOf(api.inputs.fromImage({ imageId: '00000000-0000-7000-8000-000000000000' }))).toBe('not-found');
  expect(log).toEqual([]);
});
