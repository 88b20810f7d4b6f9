import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { readGeneration } from '../../electron/library/jobs/generations.ts';
import { listJobs, readJob } from '../../electron/library/jobs/jobs.ts';
import { incomingFolder } from '../../electron/library/library.ts';
import { images, refuse, testJobService, jobRequest, type TestJobService } from './test-job-service.ts';

/** Checks that the next job runs and that no rejection was unhandled. */
async function goesOn({ queue, ended, unhandled, events }: TestJobService): Promise<void> {
  const next = await queue.ask(jobRequest('the next one'));
  expect((await ended(next.id)).state).toBe('done');
  expect(queue.unfinished()).toEqual([]);
  expect(events.filter((event) => event.type === 'library').length).toBeGreaterThan(0);
  await queue.close();
  expect(unhandled).toEqual([]);
}

const UNWRITABLE = /the library folder can’t be written|Emulsion can’t write to the library folder/u;

function imagesOf(job: Job): number {
  return job.generations.reduce((sum, generation) => sum + generation.images.length, 0);
}

describe('a disk that rejects writes', () => {
  test('at the end of a request: the image is in the library, the job fails with the disk error', async () => {
    const answer = await images();
    const run = await testJobService(answer);
    const recover = refuse(run.library, 'finishGeneration');
    const { id } = await run.queue.ask(jobRequest('refused'));
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'disk-unwritable', billing: 'billed' } });
    expect(job.error?.message).toMatch(UNWRITABLE);
    expect(imagesOf(job)).toBe(1);
    expect(run.queue.list()).toEqual([job]);
    expect(listJobs(run.library.db)[0]?.state).toBe('running');
    expect(run.log.join()).toContain('could not be recorded');

    recover();
    run.queue.dismiss(id);
    expect(readJob(run.library.db, id)).toMatchObject({ state: 'done', dismissed: true, error: null });
    const [generation] = job.generations;
    if (!generation) throw new Error('The job has no request.');
    expect(readGeneration(run.library.db, generation.id)).toMatchObject({
      state: 'done',
      answer: { usage: { output_tokens: 7 } },
    });
    expect(run.queue.list()).toEqual([]);
    await goesOn(run);
  });

  test('at the end of a request that the server refused: both errors are reported', async () => {
    const answer = await images();
    const limited = { status: 400, body: '{"error":{"message":"no such brush"}}' };
    const run = await testJobService((prompt) => (prompt === 'refused' ? limited : answer));
    refuse(run.library, 'finishGeneration');
    const job = await run.ended((await run.queue.ask(jobRequest('refused'))).id);
    expect(job.error).toMatchObject({ code: 'disk-unwritable', billing: 'none', server: { status: 400 } });
    expect(job.error?.message).toMatch(/^The server.+Emulsion can’t write/su);
    await goesOn(run);
  });

  test('at the end of a job: reported as failed, written at closing when the disk works again', async () => {
    const answer = await images();
    const run = await testJobService(answer);
    const recover = refuse(run.library, 'finishJob');
    const { id } = await run.queue.ask(jobRequest('refused'));
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'disk-unwritable', billing: 'billed' } });
    expect(imagesOf(job)).toBe(1);
    recover();
    await goesOn(run);
    expect(readJob(run.library.db, id)).toMatchObject({ state: 'done', error: null });
  });

  test('at every write: the job is read from memory, the image stays on disk and the job says where', async () => {
    const answer = await images(2);
    const run = await testJobService((_prompt, index) => {
      if (index === 0) run.library.db.pragma('query_only = ON');
      return answer;
    });
    const { id } = await run.queue.ask(jobRequest('two that are paid for', { n: 2 }));
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'disk-unwritable', billing: 'billed' } });
    expect(job.error?.message).not.toContain(run.library.folder);
    expect(job.unsaved).toHaveLength(2);
    for (const { path } of job.unsaved ?? []) {
      expect(path).toContain(incomingFolder(run.library));
      expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG');
    }
    expect(run.queue.list()).toEqual([job]);
    expect(() => run.queue.dismiss(id)).toThrow(UNWRITABLE);
    await expect(run.queue.ask(jobRequest('another'))).rejects.toThrow(UNWRITABLE);
    run.library.db.pragma('query_only = OFF');
    await goesOn(run);
  });

  test('at the row of an image that was moved already: it is saved again as soon as its row can be stored', async () => {
    const answer = await images();
    const run = await testJobService(answer);
    const recover = refuse(run.library, 'image');
    const job = await run.ended((await run.queue.ask(jobRequest('moved'))).id);
    expect(job.error).toMatchObject({ code: 'disk-unwritable', billing: 'billed' });
    expect(job.unsaved).toHaveLength(1);
    await expect(run.queue.saveAgain(job.id)).rejects.toThrow(UNWRITABLE);
    recover();
    expect(await run.queue.saveAgain(job.id)).toMatchObject({ state: 'done', error: null });
    expect(run.queue.read(job.id)?.unsaved).toBeUndefined();
    expect(run.prompts()).toEqual(['moved']);
    await goesOn(run);
  });

  test('at the head of the response: the image is saved', async () => {
    const answer = await images();
    const run = await testJobService(answer);
    refuse(run.library, 'recordResponseHead');
    const job = await run.ended((await run.queue.ask(jobRequest('headless'))).id);
    expect(job.state).toBe('done');
    expect(imagesOf(job)).toBe(1);
    expect(run.log.join()).toContain('A part of the response (head)');
    await goesOn(run);
  });

  test('while a job is stopped: queued requests are reported as stopped, the slot is free', async () => {
    const answer = await images();
    const hang = { before: [{ hang: true as const }] };
    const run = await testJobService((prompt) => (prompt === 'refused' ? hang : answer), { concurrency: 1 });
    const { id } = await run.queue.ask(jobRequest('refused', { n: 2, stream: true }));
    await expect.poll(() => run.server.requests.length).toBe(1);
    refuse(run.library, 'finishGeneration');
    run.queue.cancel(id);
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'disk-unwritable' } });
    expect(job.generations.map(({ error }) => error?.billing)).toEqual(['possible', 'none']);
    expect(job.generations[1]?.error?.message).toMatch(/ Not billed\.$/u);
    await goesOn(run);
  });

  test('while the application closes: closing completes', async () => {
    const run = await testJobService({ before: [{ hang: true }] });
    const { id } = await run.queue.ask(jobRequest('refused', { n: 6, stream: true }));
    await expect.poll(() => run.server.requests.length).toBe(4);
    run.library.db.pragma('query_only = ON');
    await run.queue.close();
    expect((await run.ended(id)).state).toBe('failed');
    expect(run.queue.unfinished()).toEqual([]);
    expect(run.unhandled).toEqual([]);
    expect(run.server.requests).toHaveLength(4);
  });

  test('also at reads: the job is returned as planned', async () => {
    const run = await testJobService({ before: [{ hang: true }] });
    const { id } = await run.queue.ask(jobRequest('unreadable'));
    await expect.poll(() => run.server.requests.length).toBe(1);
    run.library.db.close();
    run.queue.cancel(id);
    const job = await run.ended(id);
    expect(job).toMatchObject({
      id,
      state: 'failed',
      generations: [{ state: 'failed', error: { billing: 'possible' } }],
    });
    await run.queue.close();
    expect(run.unhandled).toEqual([]);
  });
});

test('a job whose row can’t be read is told by what was written about its requests, and its end is recorded', async () => {
  const answer = await images();
  const held = Promise.withResolvers<null>();
  const run = await testJobService(
    { ...answer, before: [{ wait: () => held.promise.then(() => undefined) }] },
    { concurrency: 2 },
  );
  const { id } = await run.queue.ask(jobRequest('three', { n: 3, stream: true }));
  await expect.poll(() => run.server.requests.length).toBe(2);
  run.library.db.prepare('UPDATE jobs SET request = ? WHERE id = ?').run('{}', id);
  run.queue.cancel(id);
  const job = await run.ended(id);
  expect(job.error?.message ?? '').not.toContain('3 not sent');
  expect(job.generations.map(({ state, billing }) => [state, billing])).toEqual([
    ['cancelled', 'possible'],
    ['cancelled', 'possible'],
    ['cancelled', 'none'],
  ]);
  const row = run.library.db.prepare('SELECT state, error FROM jobs WHERE id = ?').get(id) as Record<string, string>;
  expect(row['state']).toBe('cancelled');
  expect(row['error']).toContain('2 sent with unknown outcome, 1 not sent');
  held.resolve(null);
});
