import { describe, expect, test } from 'vitest';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { QueueState } from '../../electron/contract/entities/queue.ts';
import { gate } from './response-gate.ts';
import { images, testJobService, jobRequest, type TestJobService } from './test-job-service.ts';

const UNKNOWN_ID = '01890000-0000-7000-8000-000000000000' as JobId;

const lastQueueState = ({ events }: TestJobService): QueueState | undefined =>
  events.flatMap((event) => (event.type === 'queue' ? [event.queue] : [])).at(-1);

/** One running, the others queued in the order of their names. */
async function line(names: string[]): Promise<TestJobService & { ids: JobId[]; release(): void }> {
  const { far, release } = gate(await images());
  const run = await testJobService(far, { concurrency: 1 });
  await run.queue.ask(jobRequest('runs'));
  await expect.poll(() => run.server.requests.length).toBe(1);
  const ids: JobId[] = [];
  for (const name of names) ids.push((await run.queue.ask(jobRequest(name))).id);
  return { ...run, ids, release };
}

describe('the order of the queue', () => {
  test('is emitted, and requests are sent in it', async () => {
    const run = await line(['a', 'b', 'c']);
    const [a, b, c] = run.ids as [JobId, JobId, JobId];
    expect(run.queue.state().order).toEqual([a, b, c]);
    expect(run.queue.move(c, a).order).toEqual([c, a, b]);
    expect(run.queue.move(a, null).order).toEqual([c, b, a]);
    expect(lastQueueState(run)?.order).toEqual([c, b, a]);
    for (const id of [c, b, a]) {
      run.release();
      await expect.poll(() => run.queue.state().order).not.toContain(id);
    }
    await expect.poll(() => run.prompts()).toEqual(['runs', 'c', 'b', 'a']);
    run.release();
    await run.ended(a);
    expect(lastQueueState(run)?.order).toEqual([]);
  });

  test('does not change when one of the two is not queued, or both are the same', async () => {
    const run = await line(['a', 'b']);
    const [a, b] = run.ids as [JobId, JobId];
    const [running] = run.queue.unfinished();
    for (const [id, before] of [
      [UNKNOWN_ID, a],
      [a, UNKNOWN_ID],
      [a, a],
      [running?.id ?? UNKNOWN_ID, null],
    ] as const)
      expect(run.queue.move(id, before).order).toEqual([a, b]);
    // Moving before a running job moves to the front of the queue.
    expect(run.queue.move(b, running?.id ?? UNKNOWN_ID).order).toEqual([b, a]);
  });

  test('does not include a stopped job', async () => {
    const run = await line(['a', 'b']);
    const [a, b] = run.ids as [JobId, JobId];
    run.queue.cancel(a);
    expect(run.queue.state().order).toEqual([b]);
    expect(lastQueueState(run)?.order).toEqual([b]);
  });
});

describe('a pause', () => {
  test('sends nothing new, does not affect running requests, and can be resumed', async () => {
    const run = await line(['waits']);
    const [waits] = run.ids as [JobId];
    expect(run.queue.pause(true)).toMatchObject({ paused: true });
    expect(lastQueueState(run)).toMatchObject({ paused: true });
    const running = run.queue.unfinished()[0]?.id ?? UNKNOWN_ID;
    run.release();
    expect((await run.ended(running)).state).toBe('done');
    const late = await run.queue.ask(jobRequest('asked meanwhile'));
    expect(run.queue.state().order).toEqual([waits, late.id]);
    expect(run.prompts()).toEqual(['runs']);
    expect(run.queue.pause(false)).toMatchObject({ paused: false });
    await expect.poll(() => run.prompts()).toEqual(['runs', 'waits']);
  });
});

describe('concurrency', () => {
  test('is separate for each profile, and a slow one does not block another', async () => {
    const { far, release } = gate(await images());
    const run = await testJobService(far, {
      profiles: { narrow: { concurrency: 1 }, wide: { concurrency: 3 } },
    });
    for (const profileId of ['narrow', 'wide'] as ProfileId[])
      await run.queue.ask({ ...jobRequest(profileId, { n: 5, stream: true }), profileId });
    await expect.poll(() => run.server.requests.length).toBe(4);
    expect(run.prompts().toSorted()).toEqual(['narrow', 'wide', 'wide', 'wide']);
    release();
    await expect.poll(() => run.server.requests.length).toBe(5);
    expect(
      run.queue.unfinished().flatMap(({ generations }) => generations.filter(({ state }) => state === 'sent')),
    ).toHaveLength(4);
  });

  test('can be raised while requests are queued', async () => {
    const { far } = gate(await images());
    const run = await testJobService(far, { concurrency: 1 });
    await run.queue.ask(jobRequest('four', { n: 4, stream: true }));
    await expect.poll(() => run.server.requests.length).toBe(1);
    run.queue.setConcurrency('environment' as ProfileId, 3);
    await expect.poll(() => run.server.requests.length).toBeGreaterThan(1);
  });
});

test('closing ends a long queue one by one and yields in between', async () => {
  const { far } = gate(await images());
  const run = await testJobService(far, { concurrency: 1 });
  for (let index = 0; index < 20; index += 1) await run.queue.ask(jobRequest(`line ${index}`));
  const closing = run.queue.close();
  expect(run.queue.unfinished().length).toBeGreaterThan(15);
  await closing;
  expect(run.queue.list().map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => 'interrupted'));
  expect(run.server.begun.length).toBeLessThanOrEqual(1);
});
