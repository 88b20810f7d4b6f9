import { describe, expect, test } from 'vitest';
import { detectSleep } from '../../electron/jobs/sleep-detector.ts';
import { gate } from './response-gate.ts';
import { testClock } from './test-clock.ts';
import { images, testJobService, jobRequest } from './test-job-service.ts';

const MINUTE = 60_000;

describe('a computer that goes to sleep', () => {
  test('sends nothing new, and resumes after a delay on waking', async () => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    run.queue.suspend();
    expect(run.queue.state().suspended).toBe(true);
    const { id } = await run.queue.ask(jobRequest('asked on the way to sleep'));
    clock.jump(3 * MINUTE);
    run.queue.resume();
    expect(run.queue.state().suspended).toBe(true);
    expect(run.server.begun).toEqual([]);
    clock.pass(5000);
    expect(run.queue.state().suspended).toBe(false);
    expect((await run.ended(id)).state).toBe('done');
    expect(run.events.flatMap((event) => (event.type === 'queue' ? [event.queue.suspended] : []))).toContain(true);
  });

  test('lets running requests end', async () => {
    const clock = testClock();
    const { far, release } = gate(await images());
    const run = await testJobService(far, { clock });
    const { id } = await run.queue.ask(jobRequest('on its way'));
    await expect.poll(() => run.server.requests.length).toBe(1);
    run.queue.suspend();
    release();
    expect(await run.ended(id)).toMatchObject({ state: 'done', error: null });
  });

  test('mentions the sleep in a connection error, and sends nothing again', async () => {
    const clock = testClock();
    let lose = (): void => undefined;
    const lost = new Promise<void>((resolve) => (lose = resolve));
    const run = await testJobService({ before: [{ wait: () => lost }, { destroy: 'reset' }] }, { clock });
    const { id } = await run.queue.ask(jobRequest('lost'));
    await expect.poll(() => run.server.requests.length).toBe(1);
    run.queue.suspend();
    run.queue.resume();
    lose();
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'connection-lost', billing: 'possible' } });
    expect(job.error?.message).toMatch(/ The computer went to sleep during the request\. /u);
    clock.pass(60 * MINUTE);
    expect(run.server.begun).toHaveLength(1);
  });

  test('a hold that expired during sleep ends on waking', async () => {
    const clock = testClock();
    const limited = { status: 429, headers: { 'retry-after': '600' }, body: '{}' };
    const answer = await images();
    const run = await testJobService((_prompt, index) => (index === 0 ? limited : answer), { clock });
    const { id } = await run.queue.ask(jobRequest('held in sleep'));
    await expect.poll(() => run.queue.state().holds).toHaveLength(1);
    run.queue.suspend();
    clock.jump(11 * MINUTE);
    run.queue.resume();
    clock.pass(5000);
    expect((await run.ended(id)).state).toBe('done');
  });
});

describe('the detection by clock', () => {
  const sleeper = (): Parameters<typeof detectSleep>[1] & { heard: string[]; state: { suspended: boolean } } => {
    const heard: string[] = [];
    const state = { suspended: false };
    return { heard, state, suspend: () => void heard.push('suspend'), resume: () => void heard.push('resume') };
  };

  test('detects a sleep without a suspend event, and no other', () => {
    const clock = testClock();
    const one = sleeper();
    const stop = detectSleep(clock, one);
    clock.pass(10 * MINUTE);
    clock.jump(20_000);
    clock.pass(5000);
    clock.jump(-30 * MINUTE);
    clock.pass(5000);
    expect(one.heard).toEqual([]);
    clock.jump(10 * MINUTE);
    clock.pass(5000);
    expect(one.heard).toEqual(['suspend', 'resume']);
    stop();
    clock.jump(10 * MINUTE);
    clock.pass(MINUTE);
    expect(one.heard).toHaveLength(2);
  });

  test('detects waking without a resume event', () => {
    const clock = testClock();
    const one = sleeper();
    detectSleep(clock, one);
    one.state.suspended = true;
    clock.pass(MINUTE - 5000);
    expect(one.heard).toEqual([]);
    clock.pass(5000);
    expect(one.heard).toEqual(['resume']);
  });
});
