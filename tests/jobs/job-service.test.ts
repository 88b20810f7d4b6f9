import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
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
  test('sends in the order of the clicks', async () => {
    const run = await testJobService(await images(), { concurrency: 1 });
    const names = ['first', 'second', 'third', 'fourth'];
    const jobs = [];
    for (const name of names) jobs.push(await run.queue.ask(jobRequest(name)));
    expect(jobs.map(({ generations }) => generations[0]?.state)).not.toContain('done');
    for (const { id } of jobs) expect((await run.ended(id)).state).toBe('done');
    expect(run.prompts()).toEqual(names);
  });

  test('runs four requests at once, over all jobs, and the next when one has ended', async () => {
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
      // Exactly one place was free: as many requests are open as there are places.
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

  test('one of three fails: the others and their images stay, the job keeps the error', async () => {
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

  test('a job stopped with some requests sent and some waiting: each says what is true of it', async () => {
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

  test('stopping one job leaves the others alone', async () => {
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

  test('closing ends everything, says what is true of it, and takes nothing more', async () => {
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

  test('a request whose profile got another address while it waited is not sent there', async () => {
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

  test('a fault of our own after the request left never says that nothing was billed', async () => {
    const run = await testJobService(await images());
    // The folder that answers are written to is gone: the client cannot even begin a file.
    await rm(incomingFolder(run.library), { recursive: true });
    const { id } = await run.queue.ask(jobRequest('lost folder'));
    const job = await run.ended(id);
    expect(job.state).toBe('failed');
    expect(job.error?.billing).not.toBe('none');
    expect(run.server.begun).toHaveLength(1);
  });

  test('what a listener throws loses no image and holds nothing up', async () => {
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

test('the beginning of an image that will not come is put away at once', async () => {
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
