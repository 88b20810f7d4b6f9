import { expect, test } from 'vitest';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { Jobs } from '../../../renderer/state/jobs.svelte.ts';
import { job, image, scriptedStudio, uuid } from './scripted-studio.ts';

const failure = { code: 'server-failed', message: 'The server failed.', billing: 'possible' } as const;
const ids = (list: Job[]): string[] => list.map(({ id }) => id);

test('a job keeps its place while events change it, and goes to the finished ones when it ends well', async () => {
  const jobs = new Jobs(scriptedStudio({ 'jobs.list': () => [job(1), job(2)] }).studio);
  await jobs.load();
  jobs.applyUpdate(job(1, { state: 'running', startedAt: 5 }));
  expect(ids(jobs.all)).toEqual([uuid(1), uuid(2)]);
  jobs.applyUpdate(job(1, { state: 'done', finishedAt: 9 }));
  expect([ids(jobs.all), ids(jobs.finished)]).toEqual([[uuid(2)], [uuid(1)]]);
  jobs.close(job(1).id);
  expect(jobs.finished).toEqual([]);
});

test('a failure stays until it is dismissed', async () => {
  const { studio, calls } = scriptedStudio();
  const jobs = new Jobs(studio);
  await jobs.load();
  jobs.applyUpdate(job(3, { state: 'failed', error: failure }));
  expect(ids(jobs.all)).toEqual([uuid(3)]);
  await jobs.dismiss(job(3).id);
  expect(jobs.all).toEqual([]);
  expect(calls.at(-1)).toEqual({ endpoint: 'jobs.dismiss', payload: { jobId: uuid(3) } });
});

test('what an event said is not overwritten by an answer that was on its way before it', async () => {
  let answer: ((job: Job) => void) | undefined;
  const { studio } = scriptedStudio({ 'jobs.create': () => new Promise<Job>((done) => (answer = done)) });
  const jobs = new Jobs(studio);
  await jobs.load();
  const sent = jobs.create(job(4).request, { id: job(4).id, overCap: false });
  await expect.poll(() => answer).toBeDefined();
  jobs.applyUpdate(job(4, { state: 'running', startedAt: 7 }));
  answer?.(job(4, { state: 'waiting' }));
  await sent;
  expect(jobs.all.map(({ state }) => state)).toEqual(['running']);
});

test('a list that was on its way while a job ended does not bring it back', async () => {
  let answer: ((jobs: Job[]) => void) | undefined;
  const { studio } = scriptedStudio({ 'jobs.list': () => new Promise<Job[]>((done) => (answer = done)) });
  const jobs = new Jobs(studio);
  const loaded = jobs.load();
  await expect.poll(() => answer).toBeDefined();
  jobs.applyUpdate(job(1, { state: 'running' }));
  jobs.applyUpdate(job(1, { state: 'done', generations: [], finishedAt: 1 }));
  answer?.([job(1), job(2)]);
  await loaded;
  expect(ids(jobs.all)).toEqual([uuid(2)]);
});

test('sending anew puts finished jobs away; one that was never seen running is not shown as finished', async () => {
  const { studio } = scriptedStudio({ 'jobs.create': () => job(6, { state: 'waiting' }) });
  const jobs = new Jobs(studio);
  await jobs.load();
  jobs.applyUpdate(job(9, { state: 'done', finishedAt: 1 }));
  expect(jobs.finished).toEqual([]);
  jobs.applyUpdate(job(5));
  jobs.applyUpdate(
    job(5, { state: 'done', finishedAt: 1, generations: [{ ...job(5).generations[0]!, images: [image(5)] }] }),
  );
  expect(ids(jobs.finished)).toEqual([uuid(5)]);
  await jobs.create(job(6).request, { id: job(6).id, overCap: false });
  expect([ids(jobs.all), jobs.finished]).toEqual([[uuid(6)], []]);
});
