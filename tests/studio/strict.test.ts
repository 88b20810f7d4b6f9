import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import type { DraftId, JobId, NodeId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Image } from '../../electron/contract/entities/images.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { startRecordingServer, type RecordingServer } from '../fakes/recording-server.ts';
import { noiseImage } from '../library/input-images.ts';
import { rectangleMask, decodedPixels } from '../library/masked-edits.ts';
import { openTestStudio, type TestStudio } from './test-studio.ts';

const SIZE = { width: 96, height: 64 };
const get = (path: string, method = 'GET'): Request => new Request(`http://emulsion/images${path}`, { method });

/** A server that returns a new image of this size for every edit. */
async function startTestServer(size = SIZE): Promise<RecordingServer> {
  const data = [{ b64_json: (await noiseImage(size.width, size.height).png().toBuffer()).toString('base64') }];
  const server = await startRecordingServer({ body: JSON.stringify({ created: 1, data }) });
  onTestFinished(() => server.close());
  return server;
}

/** An edit from a draft of the canvas. */
async function options(
  { api }: TestStudio,
  { mask, draftId = uuid() as DraftId }: { mask: boolean; draftId?: DraftId },
): Promise<{ id: JobId; request: Extract<JobRequest, { operation: 'edit' }> }> {
  const first = await api.addInput(new Blob([await noiseImage(SIZE.width, SIZE.height).png().toBuffer()]), 'first.png');
  const inputs = [{ role: 'image' as const, sha256: first.sha256, image: null }];
  const masks = [];
  if (mask) {
    const bytes = await rectangleMask(SIZE, { left: 20, top: 10, width: 30, height: 30 });
    masks.push({
      role: 'mask' as const,
      sha256: (await api.addInput(new Blob([bytes]), 'mask.png')).sha256,
      image: null,
    });
  }
  const parameters = { prompt: 'Glaze it', model: 'gpt-image-1', n: 1, quality: 'low' as const };
  const canvas = { draftId, node: 'root' as NodeId };
  const profileId = 'environment' as ProfileId;
  const request = { operation: 'edit' as const, profileId, parameters, inputs: [...inputs, ...masks], canvas };
  return { id: uuid() as JobId, request: { ...request, strict: { feather: 4 } } };
}

/** Resolves with the job once its strict mask was applied or has failed. */
function whenStrict({ api }: TestStudio, id: JobId): Promise<{ job: Job; image: Image }> {
  return new Promise((resolve) => {
    api.subscribe((event) => {
      if (event.type !== 'job' || event.job.id !== id) return;
      const image = event.job.generations.flatMap(({ images }) => images).find(({ strict }) => strict);
      if (image) resolve({ job: event.job, image });
    });
  });
}

test('an edit with a mask keeps the rest unchanged, with one POST that does not mention the strict mask', async () => {
  const server = await startTestServer();
  const opened = await openTestStudio({ baseUrl: server.baseUrl });
  const { api, studio, folder, log } = opened;
  const events: StudioEvent[] = [];
  api.subscribe((event) => events.push(event));
  const asked = await options(opened, { mask: true });
  const strict = whenStrict(opened, asked.id);
  await api.jobs.create(asked);
  const { image } = await strict;
  if (image.strict?.state !== 'done') throw new Error(JSON.stringify(image.strict));

  const [sent] = server.requests;
  expect(server.requests).toHaveLength(1);
  expect(sent?.fields.map(([name]) => name).sort()).toEqual(['model', 'n', 'prompt', 'quality']);
  expect(sent?.files.map(({ field }) => field)).toEqual(['image', 'mask']);
  // The image was shown before its strict mask was applied.
  const shown = events.flatMap((event) => (event.type === 'job' ? (event.job.generations[0]?.images ?? []) : []));
  expect(shown[0]).toMatchObject({ id: image.id });
  expect(shown[0]?.strict).toBeUndefined();

  const bytesOf = async (path: string): Promise<Buffer> =>
    Buffer.from(await (await studio.serveImage(get(path))).arrayBuffer());
  const made = await decodedPixels(sharp(await bytesOf(`/input/${image.strict.sha256}`)));
  const first = await decodedPixels(sharp(sent?.files[0]?.bytes));
  expect(made.data.subarray(0, SIZE.width * 10 * 4).equals(first.data.subarray(0, SIZE.width * 10 * 4))).toBe(true);
  expect(image.strict.outside).toBe(SIZE.width * SIZE.height - 900);

  // Previews and thumbnails show the masked result, and are cacheable only under the URL with its hash.
  const small = await studio.serveImage(get(`/thumbnail/${image.id}`));
  expect(small.headers.get('cache-control')).toBe('no-store');
  const lasting = await studio.serveImage(get(`/thumbnail/${image.id}/${image.strict.sha256.slice(0, 16)}`));
  expect(lasting.headers.get('cache-control')).toContain('immutable');
  const own = await bytesOf(`/input-thumbnail/${image.strict.sha256}`);
  for (const answer of [small, lasting]) expect(Buffer.from(await answer.arrayBuffer()).equals(own)).toBe(true);
  const raw = await api.library.image({ imageId: image.id });
  expect((await studio.serveImage(get(`/original/${image.id}`))).headers.get('cache-control')).toContain('immutable');
  expect(raw.sha256).not.toBe(image.strict.sha256);
  expect(raw.generation?.strict).toEqual({ feather: 4 });

  const [job] = await api.drafts.listJobs({ draftId: asked.request.canvas?.draftId as DraftId });
  expect(job?.request).toEqual(asked.request);
  await studio.close();
  const [year = '', month = ''] = new Date(raw.generation?.createdAt ?? 0).toISOString().split('-');
  const record = JSON.parse(
    await readFile(join(folder, 'library', 'records', year, month, `${image.generationId}.json`), 'utf8'),
  ) as { job: unknown; images: unknown[] };
  expect(record.images).toMatchObject([{ strict: { state: 'done', feather: 4, sha256: image.strict.sha256 } }]);
  expect(record.job).toMatchObject({ request: { strict: { feather: 4 }, canvas: { node: 'root' } } });
  expect(server.requests).toHaveLength(1);
  expect(log).toEqual([]);
});

test('a response of another size is kept unchanged with a reason, and is not requested again', async () => {
  const server = await startTestServer({ width: 64, height: 64 });
  const opened = await openTestStudio({ baseUrl: server.baseUrl });
  const { api, studio } = opened;
  const asked = await options(opened, { mask: true });
  const strict = whenStrict(opened, asked.id);
  await api.jobs.create(asked);
  const { job, image } = await strict;
  expect(job.error).toBeNull();
  expect(image.strict).toMatchObject({ state: 'failed', error: { code: 'unsupported-here', billing: 'none' } });
  const again = await api.strict.apply({ imageId: image.id, options: { feather: 4 } });
  expect(again.strict).toEqual(image.strict);
  expect((await studio.serveImage(get(`/heat/${image.id}`))).status).toBe(404);
  expect((await studio.serveImage(get(`/original/${image.id}`))).status).toBe(200);
  expect(server.requests).toHaveLength(1);
});

test('the strict option without a mask is not recorded, and the repeated request is still the same', async () => {
  const server = await startTestServer();
  const opened = await openTestStudio({ baseUrl: server.baseUrl });
  const { api, ended } = opened;
  const asked = await options(opened, { mask: false });
  const job = await api.jobs.create(asked);
  const { strict: _idle, ...kept } = asked.request;
  expect(job.request).toEqual(kept);
  expect((await api.jobs.create(asked)).id).toBe(job.id);
  const { generations } = await ended(job.id);
  expect(generations[0]?.images[0]?.strict).toBeUndefined();
  expect(server.requests).toHaveLength(1);
});

test('a heat map is created once, and only for an edit with a mask', async () => {
  const server = await startTestServer();
  const opened = await openTestStudio({ baseUrl: server.baseUrl });
  const { api, studio, ended } = opened;
  const plain = await ended((await api.jobs.create(await options(opened, { mask: false }))).id);
  const without = plain.generations[0]?.images[0]?.id ?? '';
  const asked = await options(opened, { mask: true });
  const strict = whenStrict(opened, asked.id);
  await api.jobs.create(asked);
  const { image } = await strict;

  const answer = await studio.serveImage(get(`/heat/${image.id}`));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
  const drawn = Buffer.from(await answer.arrayBuffer());
  expect(await sharp(drawn).metadata()).toMatchObject({ ...SIZE, format: 'webp' });
  // Colour where the response differs, and the mask's outline without colour.
  const { data } = await decodedPixels(sharp(drawn));
  const spread = (x: number, y: number): number => {
    const pixel = data.subarray((y * SIZE.width + x) * 4, (y * SIZE.width + x) * 4 + 3);
    return Math.max(...pixel) - Math.min(...pixel);
  };
  expect(spread(5, 5)).toBeGreaterThan(60);
  const head = await studio.serveImage(get(`/heat/${image.id}`, 'HEAD'));
  expect([head.status, head.headers.get('content-length'), head.body]).toEqual([200, String(drawn.length), null]);

  const none = [`/heat/${without}`, `/heat/${uuid()}`, `/heat/${image.id}.webp`, `/heat/${image.id}/`, `/heat/..`];
  for (const path of none) {
    expect.soft((await studio.serveImage(get(path))).status, path).toBe(404);
    expect.soft((await studio.serveImage(get(path, 'HEAD'))).body, path).toBeNull();
  }
  expect((await studio.serveImage(get(`/heat/${image.id}`, 'POST'))).status).toBe(405);
});

test('a strict mask that could not be applied to what is asked for is refused before anything is sent', async () => {
  const server = await startTestServer();
  const opened = await openTestStudio({ baseUrl: server.baseUrl });
  const asked = await options(opened, { mask: true });
  const parameters = { ...asked.request.parameters, size: '1024x1024' };
  const square = { ...asked, request: { ...asked.request, parameters } };
  await expect(opened.api.jobs.create(square)).rejects.toMatchObject({
    message: expect.stringContaining('A response of 1024 × 1024 has another aspect ratio') as string,
    report: { code: 'input-invalid', field: 'strict', billing: 'none' },
  });
  expect(server.requests).toHaveLength(0);
  // Without the strict mask the same request may go.
  const { strict: _strict, ...plain } = square.request;
  await expect(opened.api.jobs.create({ id: uuid(), request: plain })).resolves.toMatchObject({
    id: expect.any(String),
  });
});
