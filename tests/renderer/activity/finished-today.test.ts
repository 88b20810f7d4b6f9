import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { setClock } from '../../../renderer/page/clock.ts';
import { mountView } from '../state/mounted-view.ts';
import { generation, job, scriptedStudio, type ScriptedStudio } from '../state/scripted-studio.ts';

afterEach(() => setClock(null));

const at = (time: string): number => Date.parse(time);

/** A job that was created at one time and ended at another. */
const ended = (number: number, created: string, finished: string): Job =>
  job(number, {
    createdAt: at(created),
    startedAt: at(created),
    finishedAt: at(finished),
    state: 'done',
    generations: [generation(number, { state: 'done', finishedAt: at(finished) })],
  });

/** A host with these jobs. */
const hostOf = (jobs: readonly Job[]): ScriptedStudio =>
  scriptedStudio({
    'jobs.finished': ({ since }: { since: number }) => ({
      jobs: jobs.filter(({ finishedAt }) => (finishedAt ?? 0) >= since),
      next: null,
    }),
  });
const section = (name: string) => page.getByRole('region', { name });

test('what ended since midnight has finished today, also if it was sent before', async () => {
  setClock(() => at('2026-11-22T00:10:00Z'));
  const script = hostOf([
    ended(1, '2026-11-21T21:00:00Z', '2026-11-22T00:00:00Z'),
    ended(2, '2026-11-21T21:00:00Z', '2026-11-21T23:59:59Z'),
    ended(3, '2026-11-22T00:01:00Z', '2026-11-22T00:02:00Z'),
  ]);
  await mountView('activity', script);
  await expect.element(section('Finished today 2')).toBeVisible();
  const since = at('2026-11-22T00:00:00Z');
  expect(script.calls.find(({ endpoint }) => endpoint === 'jobs.finished')?.payload).toMatchObject({ since });
});

test('at midnight the list begins anew, and a job that was sent the day before joins it when it ends', async () => {
  let now = at('2026-11-22T23:59:59Z');
  setClock(() => now);
  const script = hostOf([ended(1, '2026-11-22T09:00:00Z', '2026-11-22T09:01:00Z')]);
  await mountView('activity', script);
  await expect.element(section('Finished today 1')).toBeVisible();
  now = at('2026-11-23T00:00:30Z');
  await expect.element(page.getByText(/^No jobs yet\./u)).toBeVisible();
  script.push({ type: 'job', job: ended(2, '2026-11-22T23:50:00Z', '2026-11-23T00:00:20Z') });
  await expect.element(section('Finished today 1')).toBeVisible();
});

test('jobs that can’t be loaded are no empty day', async () => {
  const refusal = { code: 'library-damaged', message: 'The library is damaged.', billing: 'none' };
  await mountView('activity', scriptedStudio({ 'jobs.finished': () => ({ refusal }) }));
  await expect.element(page.getByText('Today’s finished jobs couldn’t be loaded.')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Retry' })).toBeVisible();
});
