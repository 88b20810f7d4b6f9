import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { readGeneration } from '../../electron/library/jobs/generations.ts';
import { readJob } from '../../electron/library/jobs/jobs.ts';
import { incomingFolder } from '../../electron/library/library.ts';
import type { Script } from '../fakes/recording-server.ts';
import { gate } from './response-gate.ts';
import { images, testJobService, jobRequest } from './test-job-service.ts';

const HANG: Script = { before: [{ hang: true }] };

const statesOf = (job: Job): string[] => job.generations.map(({ state }) => state);

describe('the queue', () => {
  test('sends in the order of creation', async () => {
    const run = await testJobService(await images(), { concurrency: 1 });
    const names = ['first', 'second', 'third', 'fourth'];
    const jobs = [];
    for (const name of names) jobs.push(await run.queue.ask(jobRequest(name)));
    expect(jobs.map(({ generations }) => generations[0]?.state)).not.toContain('done');
    for (const { id } of jobs) expect((await run.ended(id)).state).toBe('done');
    expect(run.prompts()).toEqual(names);
  });

  test('runs four requests at once, over all jobs, and the next one when one has ended', async () => {
    const { far, release } = gate(await images());
    const run = await testJobService(far);
    const first = await run.queue.ask(jobRequest('three', { n: 3, stream: true }));
    const second = await run.queue.ask(jobRequest('also three', { n: 3, stream: true }));
    await expect.poll(() => run.server.requests.length).toBe(4);
    expect(run.prompts().filter((prompt) => prompt === 'three')).toHaveLength(3);
    expect(statesOf(readJob(run.library.db, second.id) ?? second)).toEqual(['sent', 'intent', 'intent']);
    for (const sentByThen of [5, 6]) {
      release();
      await expect.poll(() => run.server.requests.length).toBe(sentByThen);
      // Exactly one slot was free: the number of open requests is the number of slots.
      expect(
        run.queue
          .unfinished()
          .flatMap(statesOf)
          .filter((state) => state === 'sent'),
      ).toHaveLength(4);
    }
    for (let left = 0; left < 4; left += 1) release();
    expect((await run.ended(first.id)).state).toBe('done');
    expect((await run.ended(second.id)).state).toBe('done');
    expect(run.server.begun).toHaveLength(6);
  });

  test('when one of three fails, the images of the others stay and the job has the error', async () => {
    const answer = await images();
    const other = await images();
    const broken = { status: 500, body: '{"error":{"message":"out of paint"}}' };
    const run = await testJobService((_prompt, index) => [answer, broken, other][index] ?? broken);
    const { id } = await run.queue.ask(jobRequest('three', { n: 3, stream: true }));
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'server-failed', billing: 'possible' } });
    expect(statesOf(job).toSorted()).toEqual(['done', 'done', 'failed']);
    expect(job.generations.flatMap((generation) => generation.images)).toHaveLength(2);
    expect(run.queue.list()).toEqual([job]);
    expect(run.server.begun).toHaveLength(3);
    run.queue.dismiss(id);
    expect(run.queue.list()).toEqual([]);
    expect(run.events.at(-1)).toEqual({ type: 'job-dismissed', jobId: id });
  });

  test('a stopped job with sent and queued requests reports billing for each correctly', async () => {
    const run = await testJobService(HANG, { concurrency: 2 });
    const { id } = await run.queue.ask(jobRequest('four', { n: 4, stream: true }));
    await expect.poll(() => run.server.requests.length).toBe(2);
    run.queue.cancel(id);
    const job = await run.ended(id);
    expect(job.state).toBe('cancelled');
    expect(job.generations.map(({ state, sentAt, error }) => [state, sentAt !== null, error?.billing])).toEqual([
      ['cancelled', true, 'possible'],
      ['cancelled', true, 'possible'],
      ['cancelled', false, 'none'],
      ['cancelled', false, 'none'],
    ]);
    expect(readGeneration(run.library.db, job.generations[3]?.id as never)?.billing).toBe('none');
    run.queue.cancel(id);
    expect(readJob(run.library.db, id)).toEqual(job);
    await run.queue.close();
    expect(run.server.begun).toHaveLength(2);
  });

  test('stopping one job does not affect the others', async () => {
    const { far, release } = gate(await images());
    const run = await testJobService(far, { concurrency: 1 });
    const running = await run.queue.ask(jobRequest('goes on'));
    const waiting = await run.queue.ask(jobRequest('stopped'));
    run.queue.cancel(waiting.id);
    expect((await run.ended(waiting.id)).state).toBe('cancelled');
    await expect.poll(() => run.server.requests.length).toBe(1);
    release();
    expect((await run.ended(running.id)).state).toBe('done');
    expect(run.prompts()).toEqual(['goes on']);
  });

  test('closing ends every job with correct billing and accepts no more', async () => {
    const run = await testJobService(HANG, { concurrency: 1 });
    const sent = await run.queue.ask(jobRequest('sent'));
    const waiting = await run.queue.ask(jobRequest('waiting'));
    await expect.poll(() => run.server.requests.length).toBe(1);
    await run.queue.close();
    const error = (billing: string): object => ({ state: 'interrupted', error: { code: 'interrupted', billing } });
    expect(readJob(run.library.db, sent.id)).toMatchObject(error('possible'));
    expect(readJob(run.library.db, waiting.id)).toMatchObject(error('none'));
    expect(run.queue.unfinished()).toEqual([]);
    await expect(run.queue.ask(jobRequest('too late'))).rejects.toThrow('Nothing was sent');
    expect(run.server.begun).toHaveLength(1);
  });

  test('a queued request is not sent when its profile’s base URL has changed', async () => {
    const { far, release } = gate(await images());
    let address: string | null = null;
    const run = await testJobService(far, { concurrency: 1, baseUrl: () => address });
    const running = await run.queue.ask(jobRequest('sent'));
    const waiting = await run.queue.ask(jobRequest('waiting'));
    await expect.poll(() => run.server.requests.length).toBe(1);
    address = run.server.baseUrl.replace('127.0.0.1', 'localhost');
    release();
    expect((await run.ended(running.id)).state).toBe('done');
    expect(await run.ended(waiting.id)).toMatchObject({
      state: 'failed',
      error: { code: 'profile-invalid', billing: 'none' },
    });
    expect(run.prompts()).toEqual(['sent']);
  });

  test('an internal error after sending never reports “not billed”', async () => {
    const answer = await images();
    const run = await testJobService(() => {
      // The folder for responses is missing: the client cannot create a file.
      rmSync(incomingFolder(run.library), { recursive: true });
      return answer;
    });
    const { id } = await run.queue.ask(jobRequest('lost folder'));
    const job = await run.ended(id);
    expect(job.state).toBe('failed');
    expect(job.error?.billing).not.toBe('none');
    expect(run.server.begun).toHaveLength(1);
  });

  test('an error in a listener loses no image and blocks nothing', async () => {
    const run = await testJobService(await images());
    Object.defineProperty(run.events, 'push', {
      value() {
        throw new Error('A window that is gone.');
      },
    });
    const { id } = await run.queue.ask(jobRequest('unheard'));
    await expect.poll(() => readJob(run.library.db, id)?.state).toBe('done');
    expect(readJob(run.library.db, id)?.generations[0]?.images).toHaveLength(1);
    expect(run.log.join()).toContain('A window that is gone.');
  });
});

test('the beginning of an incomplete image is quarantined at once', async () => {
  const { body: whole } = await images();
  if (typeof whole !== 'string') throw new Error('An answer in one piece.');
  const run = await testJobService({ body: [whole.slice(0, 120), { destroy: 'end' }] });
  const job = await run.ended((await run.queue.ask(jobRequest('cut'))).id);
  expect(job).toMatchObject({ state: 'failed', error: { billing: 'possible' } });
  expect(readdirSync(incomingFolder(run.library))).toEqual([]);
  const [kept, ...more] = readdirSync(join(run.library.folder, 'quarantine'));
  expect(more).toEqual([]);
  expect(
    readFileSync(join(run.library.folder, 'quarantine', kept ?? ''))
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
});
