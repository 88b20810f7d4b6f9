import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { calendarMonth } from '../../electron/jobs/monthly-cap.ts';
import { readSpending, readSpendingLines, spentBetween } from '../../electron/library/jobs/spending.ts';
import { images, jobRequest, ONE_DOLLAR_PER_IMAGE, testJobService } from './test-job-service.ts';

const DOLLAR = 1_000_000;
const DECEMBER = new Date(2026, 11, 31, 23, 50).getTime();
const JANUARY = new Date(2027, 0, 1, 0, 10).getTime();

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: DECEMBER }));
afterEach(() => void vi.useRealTimers());

describe('five images requested in December while paused and sent in January', () => {
  test('count to January, in every view of the spending', async () => {
    const run = await testJobService(await images(), { prices: ONE_DOLLAR_PER_IMAGE, cap: () => 5 * DOLLAR });
    run.queue.pause(true);
    const jobs = [];
    for (let one = 0; one < 5; one += 1) jobs.push(await run.queue.ask(jobRequest(`image ${one}`)));
    vi.setSystemTime(JANUARY);
    run.queue.pause(false);
    for (const { id } of jobs) expect((await run.ended(id)).state).toBe('done');

    const { db } = run.library;
    const [december, january] = [calendarMonth(DECEMBER), calendarMonth(JANUARY)];
    expect(spentBetween(db, december)).toBe(0);
    expect(spentBetween(db, january)).toBe(5 * DOLLAR);
    const spending = readSpending(db, { span: january, steps: [january.from] });
    expect(spending).toMatchObject({ total: 5 * DOLLAR, images: 5, bars: [{ at: january.from, cost: 5 * DOLLAR }] });
    expect(readSpending(db, { span: december, steps: [december.from] })).toMatchObject({ total: 0, bars: [] });
    const { lines } = readSpendingLines(db, { span: january, after: null, limit: 10 });
    expect(lines.map(({ at }) => at)).toEqual(Array.from({ length: 5 }, () => JANUARY));
    expect(readSpendingLines(db, { span: december, after: null, limit: 10 }).lines).toEqual([]);
    // January's cap is used up by them.
    await expect(run.queue.ask(jobRequest('a sixth'))).rejects.toMatchObject({ code: 'cap-reached' });
  });

  test('are checked against January’s cap one by one; what would exceed it isn’t sent', async () => {
    let cap = 5 * DOLLAR;
    const run = await testJobService(await images(), {
      prices: ONE_DOLLAR_PER_IMAGE,
      cap: () => cap,
      concurrency: 2,
    });
    run.queue.pause(true);
    const jobs = [];
    for (let one = 0; one < 5; one += 1) jobs.push(await run.queue.ask(jobRequest(`image ${one}`)));
    vi.setSystemTime(JANUARY);
    cap = 3 * DOLLAR;
    run.queue.pause(false);
    const ended = await Promise.all(jobs.map(({ id }) => run.ended(id)));
    expect(ended.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'failed', 'failed']);
    expect(ended[4]?.error).toMatchObject({ code: 'cap-reached', billing: 'none' });
    expect(ended[4]?.error?.message).toContain('Nothing was sent.');
    expect(run.server.begun).toHaveLength(3);
  });

  test('that were confirmed over December’s cap are asked about again in January', async () => {
    const run = await testJobService(await images(), { prices: ONE_DOLLAR_PER_IMAGE, cap: () => 0 });
    run.queue.pause(true);
    const job = await run.queue.ask(jobRequest('confirmed'), true);
    vi.setSystemTime(JANUARY);
    run.queue.pause(false);
    expect((await run.ended(job.id)).error?.code).toBe('cap-reached');
    expect(run.server.begun).toHaveLength(0);
    const again = await run.queue.ask(jobRequest('confirmed again'), true);
    expect((await run.ended(again.id)).state).toBe('done');
  });

  test('without a cap, or sent in the same month, are sent without a question', async () => {
    let cap: number | null = DOLLAR;
    const run = await testJobService(await images(), { prices: ONE_DOLLAR_PER_IMAGE, cap: () => cap });
    run.queue.pause(true);
    const same = await run.queue.ask(jobRequest('the same month'));
    const over = await run.queue.ask(jobRequest('confirmed'), true);
    vi.setSystemTime(DECEMBER + 60_000);
    run.queue.pause(false);
    for (const { id } of [same, over]) expect((await run.ended(id)).state).toBe('done');
    run.queue.pause(true);
    cap = null;
    const free = await run.queue.ask(jobRequest('no cap'));
    vi.setSystemTime(JANUARY);
    run.queue.pause(false);
    expect((await run.ended(free.id)).state).toBe('done');
  });
});
