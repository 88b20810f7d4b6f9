import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import {
  asked,
  createRequest,
  demoServer,
  startTestServer,
  KEY,
  openTestStudio,
  type TestStudio,
} from './test-studio.ts';

/*
 * The stored responses of a server through the queue, the database, the sidecar and the API.
 */

const generationOf = (job: Job): GenerationId => {
  const [generation] = job.generations;
  if (!generation) throw new Error('A job without a request.');
  return generation.id;
};
const create = async ({ api, ended }: TestStudio, ...request: Parameters<typeof createRequest>): Promise<Job> =>
  ended((await api.jobs.create(asked(createRequest(...request)))).id);

/** The sidecars of a library, once all of them are written. */
async function sidecars(folder: string): Promise<{ documents: unknown[] }[]> {
  const names = await readdir(join(folder, 'library', 'records'), { recursive: true });
  const texts = names.filter((name) => /[0-9a-f]{12}\.json$/u.test(name));
  return Promise.all(
    texts.map(async (name) => JSON.parse(await readFile(join(folder, 'library', 'records', name), 'utf8')) as never),
  );
}

test('each event of a stream can be read afterwards, with size and hash of the saved image', async () => {
  const studio = await openTestStudio({ baseUrl: (await demoServer()).baseUrl });
  const job = await create(studio, 'A dune', { stream: true, partial_images: 2 });
  const generationId = generationOf(job);
  const { documents } = await studio.api.library.response({ generationId });
  const types = documents.map((document) => (document as { type: string }).type);
  expect(types).toEqual([
    'image_generation.partial_image',
    'image_generation.partial_image',
    'image_generation.completed',
  ]);
  const image = job.generations[0]?.images[0];
  const record = image && (await studio.api.library.image({ imageId: image.id }));
  expect(documents.at(-1)).toMatchObject({ b64_json: { bytes: image?.bytes, sha256: record?.sha256 } });
  await expect.poll(async () => (await sidecars(studio.folder))[0]?.documents).toEqual(documents);
});

test('an interrupted stream keeps what was received in the database and the sidecar, without the key', async () => {
  const pixels = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#456' } })
    .png()
    .toBuffer();
  const event = { type: 'image_generation.partial_image', b64_json: pixels.toString('base64'), note: `for ${KEY}` };
  const far = await startTestServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(event)}\n\ndata: {"type":"image_generation.comple`, () =>
      response.destroy(),
    );
  });
  const studio = await openTestStudio({ baseUrl: far.baseUrl });
  const job = await create(studio, 'A dune', { stream: true, partial_images: 2 });
  expect(job.state).toBe('failed');
  const { documents } = await studio.api.library.response({ generationId: generationOf(job) });
  const sha256 = createHash('sha256').update(pixels).digest('hex');
  expect(documents).toEqual([
    { ...event, note: 'for [key removed]', b64_json: { bytes: pixels.length, sha256 } },
    { emulsion: expect.any(String) as string, text: '{"type":"image_generation.comple' },
  ]);
  await expect.poll(async () => (await sidecars(studio.folder))[0]?.documents).toEqual(documents);
  expect(far.posts).toBe(1);
});

test('the body of an error response is kept completely', async () => {
  const body = { error: { message: 'No.', code: 'moderation_blocked', param: null, details: { violence: 0.93 } } };
  const far = await startTestServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const studio = await openTestStudio({ baseUrl: far.baseUrl });
  const job = await create(studio, 'A dune');
  const { documents } = await studio.api.library.response({ generationId: generationOf(job) });
  expect(documents).toEqual([body]);
});

test('the responses to a job are listed with status and id, also after a restart', async () => {
  const far = await startTestServer((_request, response) => {
    const headers = { 'content-type': 'application/json', 'x-request-id': `req_${far.posts}` };
    const task = { task_id: 'kept-1', task_status: 'PENDING', note: `for ${KEY}` };
    if (far.posts === 1) response.writeHead(200, headers).end(JSON.stringify(task));
    else response.writeHead(403, headers).end(JSON.stringify({ detail: `no entry for ${KEY}` }));
  });
  const first = await openTestStudio({ baseUrl: far.baseUrl });
  const [task, refused] = [await create(first, 'A dune'), await create(first, 'A pier')];
  await first.studio.close();

  const { api } = await openTestStudio({ baseUrl: far.baseUrl, folder: first.folder });
  const read = async (job: Job): Promise<unknown[]> => {
    const heads = await api.jobs.listResponses({ jobId: job.id });
    const documents = heads.map(({ generationId }) => api.library.response({ generationId }));
    return [heads, (await Promise.all(documents)).map((each) => each.documents)];
  };
  expect(await read(task)).toEqual([
    [{ generationId: generationOf(task), state: 'failed', status: 200, requestId: 'req_1' }],
    [[{ task_id: 'kept-1', task_status: 'PENDING', note: 'for [key removed]' }]],
  ]);
  expect(await read(refused)).toEqual([
    [{ generationId: generationOf(refused), state: 'failed', status: 403, requestId: 'req_2' }],
    [[{ detail: 'no entry for [key removed]' }]],
  ]);
});

test('a request that reached no server has no status and no documents', async () => {
  const { api, ended } = await openTestStudio({ baseUrl: 'http://127.0.0.1:9/v1' });
  const job = await ended((await api.jobs.create(asked(createRequest('A dune')))).id);
  const heads = await api.jobs.listResponses({ jobId: job.id });
  expect(heads).toEqual([{ generationId: generationOf(job), state: 'failed', status: null, requestId: null }]);
  expect(await api.jobs.listResponses({ jobId: asked(createRequest('x')).id })).toEqual([]);
});
