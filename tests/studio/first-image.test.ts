import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { StudioEvent } from '../../electron/contract/events.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { ViewQuestion } from '../../electron/contract/entities/views.ts';
import { asked, createRequest, demoServer, openTestStudio, until, whenIndexed } from './test-studio.ts';
import { ALL_IMAGES } from '../all-images.ts';

const SLATE: ViewQuestion = { ...ALL_IMAGES, query: 'slate' };

describe('from the request to the library', () => {
  test('a streamed image emits its partial images, is saved, and is found after a restart without its server', async () => {
    const server = await demoServer();
    const first = await openTestStudio({ baseUrl: server.baseUrl });
    const events: StudioEvent[] = [];
    first.api.subscribe((event) => events.push(event));
    const payload = createRequest('A lighthouse above a slate sea', {
      stream: true,
      partial_images: 2,
      quality: 'low',
    });
    const { id } = await first.api.jobs.create(asked(payload));
    const job = await first.ended(id);

    expect(job.state).toBe('done');
    expect(job.generations).toHaveLength(1);
    expect(job.generations[0]?.partials.map(({ index }) => index)).toEqual([0, 1]);
    const partialsGrew = events.flatMap((event) =>
      event.type === 'job' ? [event.job.generations[0]?.partials.length ?? 0] : [],
    );
    expect(partialsGrew).toContain(1);
    await whenIndexed(first.api);
    const view = await first.api.views.ask({ question: SLATE });
    expect(view.total).toBe(1);
    const [image] = await first.api.views.rows({ viewId: view.id, from: 0, count: 10 });
    if (!image) throw new Error('The search finds no image.');
    await first.studio.close();
    await server.close();

    const second = await openTestStudio({ folder: first.folder });
    const record = await second.api.library.image({ imageId: image.id });
    expect(record.generation?.parameters).toMatchObject({ ...payload.parameters, n: 1 });
    expect(record.generation?.requestId).toMatch(/^req_/u);
    expect(record.generation?.answer?.usage?.output_tokens).toBeGreaterThan(0);
    expect(record.generation?.billing).toBe('billed');
    expect(record).toMatchObject({
      width: 1024,
      height: 1024,
      format: 'png',
      prompt: 'A lighthouse above a slate sea',
    });

    const served = await second.studio.serveImage(new Request(`http://studio/images/original/${image.id}`));
    const bytes = Buffer.from(await served.arrayBuffer());
    expect(served.headers.get('content-type')).toBe('image/png');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(record.sha256);
    expect((await sharp(bytes).stats()).entropy).toBeGreaterThan(1);
    // The first studio may have been closed before the thumbnail was made: then this one makes it, and serves the original until it has.
    await until(async () => {
      const thumbnail = await second.studio.serveImage(new Request(`http://studio/images/thumbnail/${image.id}`));
      const { width, format } = await sharp(Buffer.from(await thumbnail.arrayBuffer())).metadata();
      return width === 256 && format === 'webp';
    });
  });

  test('n with streaming becomes n requests of one job; without streaming it is one', async () => {
    const server = await demoServer();
    const { api, ended } = await openTestStudio({ baseUrl: server.baseUrl });
    const streamed = await api.jobs.create(
      asked(createRequest('Three dunes', { n: 3, stream: true, partial_images: 0 })),
    );
    const plain = await api.jobs.create(asked(createRequest('Two dunes', { n: 2 })));
    const [three, two] = await Promise.all([ended(streamed.id), ended(plain.id)]);
    expect(three.generations.map(({ images }) => images.length)).toEqual([1, 1, 1]);
    expect(two.generations.map(({ images }) => images.length)).toEqual([2]);
    const runs = await api.library.recentJobs({ limit: 10 });
    expect(runs.map(({ images }) => images.length).toSorted()).toEqual([2, 3]);
  });

  test('an edit sends an image of the library and records it as its input', async () => {
    const server = await demoServer();
    const { api, ended } = await openTestStudio({ baseUrl: server.baseUrl });
    const made = await ended((await api.jobs.create(asked(createRequest('A grey wall')))).id);
    const image = made.generations[0]?.images[0]?.id as ImageId;
    const { sha256 } = await api.library.image({ imageId: image });
    const payload = {
      ...createRequest('The wall in terracotta'),
      operation: 'edit' as const,
      inputs: [{ role: 'image' as const, image, sha256 }],
    };
    const edited = await ended((await api.jobs.create(asked(payload))).id);
    expect(edited.state).toBe('done');
    const record = await api.library.image({ imageId: edited.generations[0]?.images[0]?.id as ImageId });
    expect(record.generation).toMatchObject({ operation: 'edit', inputs: [{ role: 'image', imageId: image }] });
  });

  test('the sidecar has the same data as the database', async () => {
    const server = await demoServer();
    const { api, ended, studio, folder } = await openTestStudio({ baseUrl: server.baseUrl });
    const job = await ended((await api.jobs.create(asked(createRequest('A sidecar')))).id);
    await studio.close();
    const records = join(folder, 'library', 'records');
    const files = (await readdir(records, { recursive: true })).filter((name) => /[0-9a-f]{12}\.json$/u.test(name));
    expect(files).toHaveLength(1);
    const text = await readFile(join(records, files[0] ?? ''), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ version: 2 });
    expect(text).toContain('A sidecar');
    expect(text).toContain(job.generations[0]?.id);
  });
});
