import { describe, expect, inject, test } from 'vitest';
import type { RateLimitHold } from '../../electron/contract/entities/queue.ts';
import { testClock } from '../jobs/test-clock.ts';
import { images, jobRequest, testJobService, type TestJobService } from '../jobs/test-job-service.ts';
import type { Script } from '../fakes/recording-server.ts';

/** The server's clock is a day ahead of ours: moments that it names are by its clock. */
const THERE = Date.parse('2026-12-02T12:00:00Z');
const date = new Date(THERE).toUTCString();
const epoch = (seconds: number): number => THERE / 1000 + seconds;
const QUICK_SHARE = inject('allServers') ? 1 : 4;

/** How servers name a wait, with the waits before the second, third and fourth request, in seconds; `person`: the person is asked. */
const WAITS: [name: string, headers: Record<string, string>, waits: number[] | 'person', message?: string][] = [
  ['X-RateLimit-Reset in Unix milliseconds', { 'x-ratelimit-reset': `${epoch(8) * 1000}` }, [8, 16, 32]],
  ['x-ratelimit-reset in Unix seconds', { 'x-ratelimit-reset': `${epoch(8)}` }, [8, 16, 32]],
  ['one second each time', { 'retry-after': '1' }, [1, 2, 4]],
  ['a fraction of a second', { 'retry-after': '2.5' }, [2.5, 5, 10]],
  ['milliseconds', { 'retry-after-ms': '1500' }, [1.5, 3, 6]],
  ['milliseconds of a reset', { 'x-ratelimit-reset-ms': '8000' }, [8, 16, 32]],
  ['nothing to wait for', { 'retry-after': '0' }, [1, 2, 4]],
  ['an HTTP date', { 'retry-after': new Date(THERE + 30_000).toUTCString() }, [30, 60, 120]],
  ['an ISO date', { 'retry-after': new Date(THERE + 30_000).toISOString() }, [30, 60, 120]],
  ['Unix seconds in Retry-After', { 'retry-after': `${epoch(20)}` }, [20, 40, 80]],
  ['a duration of requests', { 'x-ratelimit-reset-requests': '1m30s' }, [90, 180, 360]],
  ['a duration of tokens', { 'x-ratelimit-reset-tokens': '120ms' }, [1, 2, 4]],
  ['six hours', { 'x-ratelimit-reset-requests': '6h0m0s' }, [21_600, 21_600, 21_600]],
  ['the standard’s header', { ratelimit: '"default";r=0;t=12' }, [12, 24, 48]],
  ['a wait in the text', {}, [20, 40, 80], 'Rate limit reached. Please try again in 20s.'],
  ['no wait', {}, [5, 10, 20]],
  ['words', { 'retry-after': 'soon' }, [5, 10, 20]],
  ['seven hours', { 'retry-after': '25200' }, 'person'],
  ['a Unix time of tomorrow', { 'x-ratelimit-reset': `${epoch(86_400)}` }, 'person'],
  ['a date in the past', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 'person'],
  ['a Unix time in the past', { 'x-ratelimit-reset': '1700000000' }, 'person'],
  ['a year in the text', {}, 'person', 'Try again in 8760 hours.'],
];

async function holdOf({ queue }: TestJobService): Promise<RateLimitHold> {
  await expect.poll(() => queue.state().holds, { interval: 5 }).toHaveLength(1);
  const [hold] = queue.state().holds;
  if (!hold) throw new Error('Nothing is held.');
  return hold;
}

describe('429 that names', () => {
  test.each(WAITS.filter((_row, index) => index % QUICK_SHARE === 0))(
    '%s',
    async (_name, headers, waits, message = 'Slow down.') => {
      const clock = testClock();
      const answer = await images();
      const refusal: Script = {
        status: 429,
        headers: { date, ...headers },
        body: JSON.stringify({ error: { message } }),
      };
      const refusals = waits === 'person' ? 1 : waits.length;
      const run = await testJobService((_prompt, index) => (index < refusals ? refusal : answer), { clock });
      const { id } = await run.queue.ask(jobRequest('limited'));
      if (waits === 'person') {
        const { needsPerson, profileId } = await holdOf(run);
        expect(needsPerson).toBe(true);
        clock.pass(1_000 * 3_600_000);
        expect(run.server.begun).toHaveLength(1);
        run.queue.tryNow(profileId);
      } else {
        for (const wait of waits) {
          const { until, needsPerson } = await holdOf(run);
          expect({ needsPerson, wait: (until - clock.now()) / 1000 }).toEqual({ needsPerson: false, wait });
          clock.pass(wait * 1000);
        }
      }
      expect((await run.ended(id)).state).toBe('done');
      expect(run.server.begun).toEqual(Array.from({ length: refusals + 1 }, () => 'POST'));
    },
  );
});
