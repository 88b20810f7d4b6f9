import { expect, test } from 'vitest';
import type { JobId } from '../../../electron/contract/entities/ids.ts';
import type { Job, JobCursor } from '../../../electron/contract/entities/jobs.ts';
import type { QueueState } from '../../../electron/contract/entities/queue.ts';
import { JobHistory } from '../../../renderer/state/job-history.svelte.ts';
import { Queue } from '../../../renderer/state/queue.svelte.ts';
import { IDLE, job, scriptedStudio, uuid } from './scripted-studio.ts';

test('an answer that was on its way while an event told more is not taken for the truth', async () => {
  let answer: ((state: QueueState) => void) | undefined;
  const queue = new Queue(scriptedStudio({ 'queue.get': () => new Promise((done) => (answer = done)) }).studio);
  const loaded = queue.load();
  await expect.poll(() => answer).toBeDefined();
  queue.applyUpdate({ ...IDLE, paused: true });
  answer?.(IDLE);
  await loaded;
  expect(queue.state.paused).toBe(true);
});

const ended = (number: number, change: Partial<Job> = {}): Job =>
  job(number, { state: 'done', finishedAt: 1_795_000_000_000 + number * 1000 + 500, ...change });
const cursor = ({ createdAt, id }: Job): JobCursor => ({ createdAt, id });
const numbers = (history: JobHistory): number[] => history.jobs.map(({ id }) => Number(id.slice(-12)));

/** Jobs 1 to 7, three a page. */
function pages(): ConstructorParameters<typeof JobHistory>[0] {
  const all = [7, 6, 5, 4, 3, 2, 1].map((number) => ended(number));
  return scriptedStudio({
    'jobs.history': ({ after }: { after: JobCursor | null }) => {
      const rest = all.filter(({ createdAt }) => after === null || createdAt < after.createdAt);
      const page = rest.slice(0, 3);
      const last = page.at(-1);
      return { jobs: page, next: rest.length > 3 && last ? cursor(last) : null };
    },
  }).studio;
}

test('history comes page by page, to the end and no further', async () => {
  const history = new JobHistory(pages());
  await history.load();
  expect(numbers(history)).toEqual([7, 6, 5]);
  await Promise.all([history.loadMore(), history.loadMore()]);
  expect(numbers(history)).toEqual([7, 6, 5, 4, 3, 2]);
  await history.loadMore();
  expect([numbers(history), history.next]).toEqual([[7, 6, 5, 4, 3, 2, 1], null]);
  await history.loadMore();
  expect(numbers(history)).toHaveLength(7);
});

test('a job that ends takes its place; one older than what is loaded comes with its page', async () => {
  const history = new JobHistory(pages());
  history.applyUpdate(ended(8));
  expect(numbers(history)).toEqual([]);
  await history.load();
  history.applyUpdate(job(9));
  history.applyUpdate(ended(9));
  history.applyUpdate(ended(1, { dismissed: true }));
  history.applyUpdate(ended(6, { state: 'failed' }));
  expect(numbers(history)).toEqual([9, 7, 6, 5]);
  expect(history.jobs[2]?.state).toBe('failed');
  history.dismissed(uuid(6) as JobId);
  expect(history.jobs[2]?.dismissed).toBe(true);
});

test('a history that cannot be had says why, and can be asked for again', async () => {
  let fails = true;
  const refusal = { code: 'library-damaged', message: 'The library is damaged.', billing: 'none' };
  const script = scriptedStudio({ 'jobs.history': () => (fails ? { refusal } : { jobs: [ended(1)], next: null }) });
  const history = new JobHistory(script.studio);
  await history.load();
  expect([history.loaded, history.error?.message]).toEqual([false, 'The library is damaged.']);
  fails = false;
  await history.load();
  expect([numbers(history), history.error]).toEqual([[1], null]);
});
