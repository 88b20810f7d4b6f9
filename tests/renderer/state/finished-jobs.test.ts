import { expect, test } from 'vitest';
import type { JobId } from '../../../electron/contract/entities/ids.ts';
import type { FinishedCursor, Job } from '../../../electron/contract/entities/jobs.ts';
import { FinishedJobs } from '../../../renderer/state/finished-jobs.svelte.ts';
import { job, scriptedStudio, uuid } from './scripted-studio.ts';

const MIDNIGHT = 1_795_046_400_000;
const ended = (number: number, change: Partial<Job> = {}): Job =>
  job(number, { state: 'done', finishedAt: MIDNIGHT + number, ...change });
const numbers = ({ jobs }: FinishedJobs): number[] => jobs.map(({ id }) => Number(id.slice(-12)));

test('what has finished comes in pages, to the end', async () => {
  const all = [5, 4, 3, 2, 1].map((number) => ended(number));
  const script = scriptedStudio({
    'jobs.finished': ({ after }: { after: FinishedCursor | null }) => {
      const rest = all.filter(({ finishedAt }) => after === null || (finishedAt ?? 0) < after.finishedAt);
      const last = rest[1];
      return {
        jobs: rest.slice(0, 2),
        next: rest.length > 2 && last ? { finishedAt: last.finishedAt, id: last.id } : null,
      };
    },
  });
  const finished = new FinishedJobs(script.studio);
  await finished.load(MIDNIGHT);
  expect(numbers(finished)).toEqual([5, 4, 3, 2, 1]);
  expect(script.calls[0]?.payload).toMatchObject({ since: MIDNIGHT, after: null });
});

test('a job that ends joins them, however old it is, and counts with its last state', async () => {
  const finished = new FinishedJobs(
    scriptedStudio({ 'jobs.finished': () => ({ jobs: [ended(1)], next: null }) }).studio,
  );
  finished.applyUpdate(ended(9));
  expect(numbers(finished)).toEqual([]);
  await finished.load(MIDNIGHT);
  finished.applyUpdate(ended(2, { createdAt: MIDNIGHT - 86_400_000 }));
  finished.applyUpdate(ended(3, { finishedAt: MIDNIGHT - 1 }));
  finished.applyUpdate(job(4));
  finished.applyUpdate(ended(1, { state: 'failed' }));
  expect(numbers(finished)).toEqual([1, 2]);
  expect(finished.jobs[0]?.state).toBe('failed');
  finished.dismissed(uuid(1) as JobId);
  expect(finished.jobs[0]?.dismissed).toBe(true);
});

test('an event counts more than a response that was on its way, and the last day asked for more than an earlier one', async () => {
  const first = Promise.withResolvers<unknown>();
  const answers = [() => first.promise, () => ({ jobs: [ended(2)], next: null })];
  const finished = new FinishedJobs(scriptedStudio({ 'jobs.finished': () => answers.shift()?.() }).studio);
  const loaded = finished.load(MIDNIGHT - 86_400_000);
  await finished.load(MIDNIGHT);
  finished.applyUpdate(ended(2, { state: 'failed' }));
  first.resolve({ jobs: [ended(1)], next: null });
  await loaded;
  expect(finished.jobs).toMatchObject([{ id: uuid(2), state: 'failed' }]);
});

test('jobs that can’t be loaded say why, and can be asked for again', async () => {
  let fails = true;
  const refusal = { code: 'library-damaged', message: 'The library is damaged.', billing: 'none' };
  const finished = new FinishedJobs(
    scriptedStudio({ 'jobs.finished': () => (fails ? { refusal } : { jobs: [ended(1)], next: null }) }).studio,
  );
  await finished.load(MIDNIGHT);
  expect([finished.error?.message, numbers(finished)]).toEqual(['The library is damaged.', []]);
  fails = false;
  await finished.reload();
  expect([finished.error, numbers(finished)]).toEqual([null, [1]]);
});
