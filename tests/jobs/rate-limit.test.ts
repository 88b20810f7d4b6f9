import { describe, expect, test } from 'vitest';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import type { RateLimitHold, QueueState } from '../../electron/contract/entities/queue.ts';
import { readGeneration } from '../../electron/library/jobs/generations.ts';
import { interruptUnfinishedJobs } from '../../electron/library/jobs/interruption.ts';
import { readJob } from '../../electron/library/jobs/jobs.ts';
import type { Script } from '../fakes/recording-server.ts';
import { testClock, type TestClock } from './test-clock.ts';
import { images, refuse, testJobService, jobRequest, type TestJobService } from './test-job-service.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

function tooMany(headers: Record<string, string> = {}): Script {
  const error = { message: 'Slow down.', type: 'rate_limit_error', code: 'rate_limit_exceeded' };
  return { status: 429, headers, body: JSON.stringify({ error }) };
}

const noCredit: Script = {
  status: 429,
  body: JSON.stringify({ error: { message: 'No.', code: 'insufficient_quota' } }),
};

/** Waits until a profile is held and returns the hold. */
async function held({ queue }: TestJobService): Promise<RateLimitHold> {
  await expect.poll(() => queue.state().holds).toHaveLength(1);
  const [hold] = queue.state().holds;
  if (!hold) throw new Error('Nothing is held.');
  return hold;
}

/** Waits until the profile is held and the refused request is queued again. */
async function settled(run: TestJobService, sent: number): Promise<void> {
  await expect.poll(() => run.server.requests.length).toBe(sent);
  await held(run);
  await expect
    .poll(() => run.queue.unfinished().flatMap(({ generations }) => generations.map(({ state }) => state)))
    .not.toContain('sent');
}

const states = ({ events }: TestJobService): QueueState[] =>
  events.flatMap((event) => (event.type === 'queue' ? [event.queue] : []));

describe('a 429 that was refused before processing', () => {
  test('waits for the full retry-after and then resumes automatically', async () => {
    const clock = testClock();
    const answer = await images();
    const run = await testJobService((_prompt, index) => (index === 0 ? tooMany({ 'retry-after': '42' }) : answer), {
      clock,
    });
    const { id } = await run.queue.ask(jobRequest('rate limited'));
    await settled(run, 1);
    expect(await held(run)).toEqual({
      profileId: 'environment',
      until: clock.now() + 42 * SECOND,
      reason: 'rate-limit',
      needsPerson: false,
    });
    expect(states(run).at(-1)).toEqual(run.queue.state());

    // It is queued as before it was sent, in the database too.
    const waiting = readJob(run.library.db, id);
    expect(waiting).toMatchObject({ state: 'waiting', startedAt: null, error: null });
    expect(waiting?.generations).toMatchObject([{ state: 'intent', sentAt: null, billing: 'none', error: null }]);
    expect(run.queue.state().order).toEqual([id]);

    clock.pass(42 * SECOND - 1);
    expect(run.queue.state().holds).toHaveLength(1);
    expect(run.server.begun).toHaveLength(1);
    clock.pass(1);
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'done', error: null, generations: [{ billing: 'billed' }] });
    expect(run.server.begun).toHaveLength(2);
    expect(run.queue.state()).toMatchObject({ holds: [], order: [] });
    expect(states(run).at(-1)).toMatchObject({ holds: [] });
  });

  test('holds all queued requests of the profile in order, and none of another profile', async () => {
    const clock = testClock();
    const answer = await images();
    const other = await images();
    const run = await testJobService(
      (prompt, index) => (index === 0 ? tooMany({ 'retry-after': '20' }) : prompt === 'other' ? other : answer),
      {
        clock,
        concurrency: 1,
      },
    );
    const first = await run.queue.ask(jobRequest('first'));
    const second = await run.queue.ask(jobRequest('second'));
    await settled(run, 1);
    expect(run.queue.state().order).toEqual([first.id, second.id]);
    const elsewhere = await run.queue.ask({ ...jobRequest('other'), profileId: 'elsewhere' as ProfileId });
    expect((await run.ended(elsewhere.id)).state).toBe('done');
    expect(run.prompts()).toEqual(['first', 'other']);
    clock.pass(20 * SECOND);
    await run.ended(second.id);
    expect(run.prompts()).toEqual(['first', 'other', 'first', 'second']);
  });

  test('of one of several requests of a job puts that one back at its index', async () => {
    const clock = testClock();
    const answers = [await images(), tooMany(), await images(), await images()];
    const run = await testJobService((_prompt, index) => answers[index] ?? noCredit, { clock, concurrency: 1 });
    const { id } = await run.queue.ask(jobRequest('three', { n: 3, stream: true }));
    await settled(run, 2);
    const job = readJob(run.library.db, id);
    expect(job?.state).toBe('running');
    expect(job?.generations.map(({ state }) => state)).toEqual(['done', 'intent', 'intent']);
    const began = job?.startedAt;
    clock.pass(5 * SECOND);
    const ended = await run.ended(id);
    expect(ended).toMatchObject({ state: 'done', startedAt: began });
    expect(ended.generations.map(({ images: made }) => made.length)).toEqual([1, 1, 1]);
    expect(run.server.begun).toHaveLength(4);
  });

  test('without retry-after waits five seconds, doubled each time up to a quarter of an hour, and ends after ten attempts', async () => {
    const clock = testClock();
    const run = await testJobService(tooMany(), { clock });
    const { id } = await run.queue.ask(jobRequest('ten times'));
    const waits: number[] = [];
    for (let tries = 1; tries < 10; tries += 1) {
      await settled(run, tries);
      const { until } = await held(run);
      waits.push((until - clock.now()) / SECOND);
      clock.pass(until - clock.now());
    }
    const job = await run.ended(id);
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900]);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'rate-limited', billing: 'none' } });
    expect(job.error?.message).toMatch(/rate limited this 10 times.+Not billed\./u);
    expect(run.server.begun).toHaveLength(10);
    clock.pass(HOUR);
    await run.queue.close();
    expect(run.server.begun).toHaveLength(10);
  });

  test('with retry-after 0 still waits a second', async () => {
    const clock = testClock();
    const run = await testJobService(tooMany({ 'retry-after': '0' }), { clock });
    await run.queue.ask(jobRequest('at once'));
    await settled(run, 1);
    expect((await held(run)).until - clock.now()).toBe(SECOND);
  });

  test('waits longer after each refusal, from the server’s own wait and with jitter', async () => {
    const clock = testClock();
    const run = await testJobService(tooMany({ 'retry-after': '1' }), { clock, random: () => 0.5 });
    await run.queue.ask(jobRequest('a server that says one second each time'));
    const waits: number[] = [];
    for (let tries = 1; tries <= 6; tries += 1) {
      await settled(run, tries);
      const { until } = await held(run);
      waits.push((until - clock.now()) / SECOND);
      clock.pass(until - clock.now());
    }
    expect(waits).toEqual([1, 2.2, 4.4, 8.8, 17.6, 35.2]);
  });

  test('of several requests at once is one refusal of the profile, and an answer ends the streak', async () => {
    const clock = testClock();
    const answer = await images();
    let refusing = true;
    const run = await testJobService(() => (refusing ? tooMany({ 'retry-after': '2' }) : answer), {
      clock,
      concurrency: 4,
    });
    const jobs = [];
    for (let index = 0; index < 5; index += 1) jobs.push(await run.queue.ask(jobRequest(`request ${index}`)));
    await settled(run, 4);
    expect((await held(run)).until - clock.now()).toBe(2 * SECOND);
    clock.pass(2 * SECOND);
    await settled(run, 8);
    expect((await held(run)).until - clock.now()).toBe(4 * SECOND);
    refusing = false;
    clock.pass(4 * SECOND);
    for (const { id } of jobs) expect((await run.ended(id)).state).toBe('done');
    expect(run.server.begun).toHaveLength(13);
    refusing = true;
    await run.queue.ask(jobRequest('later'));
    await settled(run, 14);
    expect((await held(run)).until - clock.now()).toBe(2 * SECOND);
  });

  test.each<[string, Record<string, string>, string, number]>([
    ['more than six hours', { 'retry-after': '25200' }, 'Slow down.', 7 * HOUR],
    ['a date in the past', { 'retry-after': new Date(Date.now() - 24 * HOUR).toUTCString() }, 'Slow down.', -24 * HOUR],
    ['a year in its text', {}, 'Please try again in 8760 hours.', 8760 * HOUR],
  ])('that names %s asks the person, fails nothing and sends nothing', async (_name, headers, message, wait) => {
    const clock = testClock();
    const answer = await images();
    let refusing = true;
    const far = { ...tooMany(headers), body: JSON.stringify({ error: { message, code: 'rate_limit_exceeded' } }) };
    const run = await testJobService(() => (refusing ? far : answer), { clock, concurrency: 1 });
    const first = await run.queue.ask(jobRequest('first'));
    const second = await run.queue.ask(jobRequest('second'));
    await settled(run, 1);
    const hold = await held(run);
    expect(hold).toMatchObject({ profileId: 'environment', reason: 'rate-limit', needsPerson: true });
    expect(Math.abs(hold.until - clock.now() - wait)).toBeLessThan(60 * SECOND);
    clock.pass(500 * HOUR);
    run.queue.suspend();
    run.queue.resume();
    clock.pass(HOUR);
    expect(run.server.begun).toHaveLength(1);
    expect(run.queue.unfinished().map(({ state, error }) => [state, error])).toEqual([
      ['waiting', null],
      ['waiting', null],
    ]);
    refusing = false;
    expect(run.queue.tryNow('environment' as ProfileId).holds).toEqual([]);
    for (const { id } of [first, second]) expect((await run.ended(id)).state).toBe('done');
    expect(run.server.begun).toHaveLength(3);
  });

  test('that asks the person can be stopped for all that waits, unsent', async () => {
    const clock = testClock();
    const run = await testJobService((prompt) => (prompt === 'later' ? answer : tooMany({ 'retry-after': '25200' })), {
      clock,
      concurrency: 1,
    });
    const answer = await images();
    const jobs = [];
    for (let index = 0; index < 12; index += 1) jobs.push(await run.queue.ask(jobRequest(`line ${index}`)));
    await settled(run, 1);
    expect((await run.queue.stopHeld('environment' as ProfileId)).holds).toEqual([]);
    for (const { id } of jobs) {
      const job = await run.ended(id);
      expect(job).toMatchObject({ state: 'cancelled', error: { code: 'cancelled', billing: 'none' } });
    }
    expect(run.prompts()).toEqual(['line 0']);
    expect((await run.ended((await run.queue.ask(jobRequest('later'))).id)).state).toBe('done');
  });

  test('can be stopped while waiting', async () => {
    const clock = testClock();
    const run = await testJobService(tooMany({ 'retry-after': '30' }), { clock });
    const { id } = await run.queue.ask(jobRequest('stopped'));
    await settled(run, 1);
    run.queue.cancel(id);
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'cancelled', error: { code: 'cancelled', billing: 'none' } });
    expect(job.error?.message).toContain('rate limited');
    clock.pass(HOUR);
    await run.queue.close();
    expect(run.server.begun).toHaveLength(1);
  });

  test('is reported correctly after a crash: refused, not billed, not sent again', async () => {
    const clock = testClock();
    const run = await testJobService(tooMany({ 'retry-after': '30' }), { clock });
    const { id, generations } = await run.queue.ask(jobRequest('crash'));
    await settled(run, 1);
    // As at the next start after the queue ended without writing an end.
    interruptUnfinishedJobs(run.library.db, clock.now());
    const job = readJob(run.library.db, id);
    expect(job).toMatchObject({ state: 'interrupted', error: { billing: 'none' } });
    expect(job?.error?.message).toContain('rate limited');
    expect(readGeneration(run.library.db, generations[0]?.id as never)).toMatchObject({ status: 429, sentAt: null });
  });

  test('that cannot be recorded as queued ends with the server’s error', async () => {
    const clock = testClock();
    const run = await testJobService(tooMany({ 'retry-after': '30' }), { clock });
    refuse(run.library, 'requeueGeneration');
    const job = await run.ended((await run.queue.ask(jobRequest('refused'))).id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'rate-limited', billing: 'none' } });
    clock.pass(HOUR);
    expect(run.server.begun).toHaveLength(1);
  });
});

describe('no other request is sent again', () => {
  test.each<[string, Script]>([
    ['an account without credit', noCredit],
    ['a rate limit with another status', { ...tooMany(), status: 400 }],
    ['a server that fails', { status: 500, headers: { 'retry-after': '1' }, body: '{}' }],
    ['a server that is overloaded', { status: 503, headers: { 'retry-after': '1' }, body: '{}' }],
    ['a gateway that gave up', { status: 504, body: '<html>' }],
    ['a connection that breaks', { before: [{ destroy: 'reset' }] }],
    [
      'a rate limit inside a response that had begun',
      {
        headers: { 'content-type': 'text/event-stream' },
        body: 'data: {"type":"error","error":{"message":"Slow down.","code":"rate_limit_exceeded"}}\n\n',
      },
    ],
  ])('%s: one POST', async (_name, far) => {
    const clock = testClock();
    const run = await testJobService(far, { clock });
    const job = await run.ended((await run.queue.ask(jobRequest('once', { stream: true }))).id);
    expect(job.state).toBe('failed');
    clock.pass(24 * HOUR);
    expect(run.queue.state().holds).toEqual([]);
    await run.queue.close();
    expect(run.server.begun).toHaveLength(1);
  });
});

describe('a successful response with remaining 0', () => {
  const spent = (reset: string): Record<string, string> => ({
    'x-ratelimit-limit-requests': '5',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': reset,
  });
  const passes = async (clock: TestClock, reset: string): Promise<TestJobService> => {
    const answers = [{ ...(await images()), headers: spent(reset) }, await images()];
    return testJobService((_prompt, index) => answers[index] ?? noCredit, { clock, concurrency: 1 });
  };

  test('holds the profile until the limit resets', async () => {
    const clock = testClock();
    const run = await passes(clock, '12s');
    const first = await run.queue.ask(jobRequest('the last one'));
    const second = await run.queue.ask(jobRequest('the next one'));
    expect((await run.ended(first.id)).state).toBe('done');
    expect((await held(run)).until - clock.now()).toBe(12 * SECOND);
    expect(run.server.begun).toHaveLength(1);
    clock.pass(12 * SECOND);
    expect((await run.ended(second.id)).state).toBe('done');
    expect(run.server.begun).toHaveLength(2);
  });

  test('with a reset as Unix time or date in the past holds only where it is plausible', async () => {
    const clock = testClock();
    const epoch = await passes(clock, `${Math.round(Date.now() / 1000) + 20}`);
    await epoch.ended((await epoch.queue.ask(jobRequest('epoch'))).id);
    expect(Math.abs((await held(epoch)).until - clock.now() - 20 * SECOND)).toBeLessThan(3 * SECOND);
    const past = await passes(clock, '1000000001');
    await past.ended((await past.queue.ask(jobRequest('past'))).id);
    expect(past.queue.state().holds).toEqual([]);
  });

  test('with a reset in more than six hours does not hold the profile', async () => {
    const clock = testClock();
    const run = await passes(clock, '23h0m0s');
    await run.ended((await run.queue.ask(jobRequest('the last of today'))).id);
    expect(run.queue.state().holds).toEqual([]);
  });
});
