import { readFile } from 'node:fs/promises';
import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { MAX_BATCH_SIZE, type BatchRequest } from '../../electron/contract/rules/batch.ts';
import type { BatchId } from '../../electron/contract/entities/ids.ts';
import { tokenPrices } from '../../electron/contract/entities/money.ts';
import { sidecarPath } from '../../electron/library/files/folders.ts';
import { readGenerationSidecar } from '../../electron/library/sidecars/sidecar-schema.ts';
import { ONE_DOLLAR_PER_IMAGE, images, testJobService, jobRequest } from './test-job-service.ts';

const newId = (): BatchId => uuid() as BatchId;

function asked(prompt: string, more: Partial<BatchRequest> = {}): BatchRequest {
  return { base: jobRequest(prompt), models: [], qualities: [], ...more };
}

describe('a batch', () => {
  test('becomes a job for each combination, sent in order, and is returned as a matrix', async () => {
    const run = await testJobService(await images(), { concurrency: 1, prices: ONE_DOLLAR_PER_IMAGE });
    const id = newId();
    const batch = asked('{dusk|dawn} over the sea', { qualities: ['low', 'high'] });
    const made = await run.queue.createBatch({ id, batch, overCap: false });
    expect(made.axes).toEqual([
      { kind: 'variable', values: ['dusk', 'dawn'] },
      { kind: 'quality', values: ['low', 'high'] },
    ]);
    expect(made.cells.map(({ at }) => at)).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(made.cells.every(({ job }) => job.batchId === id && job.estimate?.max === 1_000_000)).toBe(true);
    for (const { jobId } of made.cells) expect((await run.ended(jobId)).state).toBe('done');
    expect(run.prompts()).toEqual(['dusk', 'dusk', 'dawn', 'dawn'].map((time) => `${time} over the sea`));
    const done = await run.queue.findBatch(id);
    expect(done.request).toEqual(batch);
    expect(done.cells.flatMap(({ job }) => job.generations.flatMap((generation) => generation.images))).toHaveLength(4);
  });

  test('created twice with one id is one batch; another batch with that id is refused', async () => {
    const run = await testJobService(await images());
    const input = { id: newId(), batch: asked('{a|b}'), overCap: false };
    const [first, second] = await Promise.all([run.queue.createBatch(input), run.queue.createBatch(input)]);
    expect(second.cells.map(({ jobId }) => jobId)).toEqual(first.cells.map(({ jobId }) => jobId));
    for (const { jobId } of first.cells) await run.ended(jobId);
    await run.queue.createBatch(input);
    await expect(run.queue.createBatch({ ...input, batch: asked('{a|c}') })).rejects.toThrow('Nothing was sent');
    expect(run.server.begun).toHaveLength(2);
  });

  test('with partly unknown cost needs confirmation', async () => {
    const prices = tokenPrices({ textIn: 0, imageOut: 0 });
    const run = await testJobService(await images(), { prices, cap: () => 2_000_000 });
    const batch = asked('a kite', { models: ['gpt-image-2', 'my-own-model'] });
    await expect(run.queue.createBatch({ id: newId(), batch, overCap: false })).rejects.toThrow('The cost is unknown');
    expect(run.server.begun).toEqual([]);
  });

  test('is refused completely for one invalid request, too many requests, or a possible excess of the cap', async () => {
    const run = await testJobService(await images(), { prices: ONE_DOLLAR_PER_IMAGE, cap: () => 2_000_000 });
    const refuse = (batch: BatchRequest): Promise<unknown> =>
      run.queue.createBatch({ id: newId(), batch, overCap: false }).then(() => undefined);
    await expect(refuse(asked('{a|b}', { models: ['gpt-image-2', 'dall-e-3'], qualities: ['low'] }))).rejects.toThrow(
      'dall-e-3 doesn’t support the quality low',
    );
    const many = `{${Array.from({ length: MAX_BATCH_SIZE + 1 }, (_, index) => `v${index}`).join('|')}}`;
    await expect(refuse(asked(many))).rejects.toThrow(`the limit is ${MAX_BATCH_SIZE}`);
    await expect(refuse(asked('{a|b|c}'))).rejects.toThrow('up to $3.00');
    expect(run.queue.list()).toEqual([]);
    expect(run.server.begun).toEqual([]);
    expect(run.library.db.prepare('SELECT count(*) AS count FROM batches').get()).toEqual({ count: 0 });
  });

  test('is named in the sidecar of each of its requests', async () => {
    const run = await testJobService(await images());
    const id = newId();
    const batch = asked('{left|right}');
    const { cells, createdAt } = await run.queue.createBatch({ id, batch, overCap: false });
    const jobs = await Promise.all(cells.map(({ jobId }) => run.ended(jobId)));
    await run.queue.close();
    for (const [place, job] of jobs.entries()) {
      const [generation] = job.generations;
      if (!generation) throw new Error('The job has no request.');
      const path = sidecarPath(run.library.folder, generation.id, job.createdAt);
      const record = await readGenerationSidecar(path);
      expect(record.job.batch).toEqual({
        id,
        request: batch,
        created_at: new Date(createdAt).toISOString(),
        at: [place],
      });
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 2 });
    }
  });

  test('with an unknown id is not found', async () => {
    const run = await testJobService(await images());
    await expect(run.queue.findBatch(newId())).rejects.toThrow('has no batch');
  });
});
