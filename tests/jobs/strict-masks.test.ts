import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Image } from '../../electron/contract/entities/images.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { backfill } from '../../electron/library/backfill.ts';
import { sidecarPath } from '../../electron/library/files/folders.ts';
import type { Library } from '../../electron/library/library.ts';
import { listOutdatedSidecars } from '../../electron/library/sidecars/outdated-sidecars.ts';
import { readGenerationSidecar } from '../../electron/library/sidecars/sidecar-schema.ts';
import { listStrictMasksDue } from '../../electron/library/images/strict-results.ts';
import { readJob } from '../../electron/library/jobs/jobs.ts';
import { addFile, noiseImage } from '../library/input-images.ts';
import { rectangleMask } from '../library/masked-edits.ts';
import type { Script } from '../fakes/recording-server.ts';
import { refuse, testJobService, type TestJobService } from './test-job-service.ts';

const SIZE = { width: 40, height: 30 };

async function answer(count = 1): Promise<Script> {
  const data = [];
  for (let at = 0; at < count; at += 1)
    data.push({ b64_json: (await noiseImage(SIZE.width, SIZE.height).png().toBuffer()).toString('base64') });
  return { body: JSON.stringify({ created: 1, data }) };
}

async function jobRequest(library: Library, n = 1): Promise<JobRequest> {
  const first = await addFile(library, await noiseImage(SIZE.width, SIZE.height).png().toBuffer());
  const mask = await addFile(library, await rectangleMask(SIZE, { left: 5, top: 5, width: 10, height: 10 }));
  return {
    operation: 'edit',
    profileId: 'environment' as ProfileId,
    parameters: { prompt: 'Glaze it', model: 'gpt-image-1', n },
    inputs: [
      { role: 'image', sha256: first.sha256, image: null },
      { role: 'mask', sha256: mask.sha256, image: null },
    ],
    strict: { feather: 2 },
  };
}

const imagesOf = (job: Job | null): Image[] => job?.generations.flatMap(({ images }) => images) ?? [];

/** Resolves once the job was emitted with a strict result of every image. */
async function allMade({ library, emitted }: TestJobService, id: JobId, count: number): Promise<Image[]> {
  const made = (job: Job | null): Image[] => imagesOf(job).filter(({ strict }) => strict !== undefined);
  await emitted(id, (job) => made(job).length === count);
  return made(readJob(library.db, id));
}

it('is applied to each of several images, emitted with the job, and in the sidecar', async () => {
  const test = await testJobService(await answer(3));
  const { queue, library, server, log } = test;
  const { id } = await queue.ask(await jobRequest(library, 3));
  const images = await allMade(test, id, 3);
  expect(images.map(({ strict }) => strict?.state)).toEqual(['done', 'done', 'done']);
  await queue.close();
  expect(listOutdatedSidecars(library.db)).toEqual([]);
  const [generation] = readJob(library.db, id)?.generations ?? [];
  const record = await readGenerationSidecar(
    sidecarPath(library.folder, generation?.id as never, readJob(library.db, id)?.createdAt ?? 0),
  );
  expect(record.images.map(({ strict }) => strict?.state)).toEqual(['done', 'done', 'done']);
  expect(server.requests).toHaveLength(1);
  expect(log).toEqual([]);
});

it('that closing interrupts is applied at the next start, and nothing is sent again', async () => {
  const test = await testJobService(await answer());
  const { queue, library, server, ended, unhandled, log } = test;
  const { id } = await queue.ask(await jobRequest(library));
  const job = await ended(id);
  await queue.close();
  expect(job.state).toBe('done');
  await backfill(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
  expect(listStrictMasksDue(library.db)).toEqual([]);
  expect(imagesOf(readJob(library.db, id))[0]?.strict).toMatchObject({ state: 'done', feather: 2 });
  expect(server.requests).toHaveLength(1);
  expect([unhandled, log]).toEqual([[], []]);
});

it('that cannot be written does not affect the job, the image or its sidecar', async () => {
  const test = await testJobService(await answer());
  const { queue, library, ended, log, unhandled } = test;
  const recover = refuse(library, 'strict');
  const { id } = await queue.ask(await jobRequest(library));
  const job = await ended(id);
  expect(job).toMatchObject({ state: 'done', error: null });
  await expect.poll(() => log.length).toBe(1);
  expect(log[0]).toContain('the next start tries again');
  const [generation] = job.generations;
  const path = sidecarPath(library.folder, generation?.id as never, job.createdAt);
  await expect.poll(() => existsSync(path)).toBe(true);
  const [image] = imagesOf(readJob(library.db, id));
  expect(image?.strict).toBeUndefined();
  expect(listStrictMasksDue(library.db).map((due) => due.id)).toEqual([image?.id]);
  recover();
  await backfill(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
  expect(imagesOf(readJob(library.db, id))[0]?.strict?.state).toBe('done');
  expect(unhandled).toEqual([]);
});
