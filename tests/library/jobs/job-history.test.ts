import { describe, expect, it } from 'vitest';
import type { JobId } from '../../../electron/contract/entities/ids.ts';
import type { FinishedCursor, JobCursor } from '../../../electron/contract/entities/jobs.ts';
import { markSent, recordResponseHead, readGeneration } from '../../../electron/library/jobs/generations.ts';
import { readFinishedJobs, readJobHistory } from '../../../electron/library/jobs/job-history.ts';
import {
  dismissJob,
  finishJob,
  readJob,
  recordIntent,
  startJob,
  requeueGeneration,
} from '../../../electron/library/jobs/jobs.ts';
import type { Library } from '../../../electron/library/library.ts';
import { intentFor, reportOf, testLibrary } from '../test-library.ts';

/** An ended job that was created at that time. */
function ended({ db }: Library, createdAt: number, state: 'done' | 'failed' | 'cancelled' = 'done'): JobId {
  const intent = intentFor(`at ${createdAt}`, { createdAt });
  recordIntent(db, intent);
  finishJob(db, intent.id, { state, error: null, at: createdAt + 1 });
  return intent.id;
}

describe('history', () => {
  it('lists ended jobs, newest first, dismissed or not', async () => {
    const library = await testLibrary();
    const { db } = library;
    const ids = [ended(library, 10), ended(library, 30, 'failed'), ended(library, 20, 'cancelled')] as const;
    dismissJob(db, ids[1]);
    const waiting = intentFor('waits', { createdAt: 40 });
    const running = intentFor('runs', { createdAt: 50 });
    for (const intent of [waiting, running]) recordIntent(db, intent);
    startJob(db, running.id, 51);
    const { jobs, next } = readJobHistory(db, { after: null, limit: 10 });
    expect(jobs.map(({ id }) => id)).toEqual([ids[1], ids[2], ids[0]]);
    expect(jobs[0]?.dismissed).toBe(true);
    expect(next).toBeNull();
  });

  it('pages without gaps or repeats, even for jobs of one millisecond or that end meanwhile', async () => {
    const library = await testLibrary();
    const ids = [1, 2, 2, 2, 3, 3, 4].map((at) => ended(library, at));
    const seen: JobId[] = [];
    let after: JobCursor | null = null;
    do {
      const page: ReturnType<typeof readJobHistory> = readJobHistory(library.db, { after, limit: 2 });
      seen.push(...page.jobs.map(({ id }) => id));
      after = page.next;
      // Jobs that end meanwhile are newer and don't shift pages.
      ended(library, 9);
    } while (after);
    expect(seen).toHaveLength(ids.length);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen.map((id) => readJob(library.db, id)?.createdAt)).toEqual([4, 3, 3, 2, 2, 2, 1]);
  });

  it('uses its index', async () => {
    const { db } = await testLibrary();
    const plan = db
      .prepare(
        "EXPLAIN QUERY PLAN SELECT created_at, id FROM jobs WHERE state NOT IN ('waiting', 'running') AND (created_at, id) < (5, 'x') ORDER BY created_at DESC, id DESC LIMIT 9",
      )
      .all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail).join()).toContain('jobs_ended');
    expect(plan.map(({ detail }) => detail).join()).not.toContain('TEMP B-TREE');
  });
});

describe('jobs by when they ended', () => {
  it('are those from a time on, however long before it they were created, latest end first', async () => {
    const { db } = await testLibrary();
    const add = (createdAt: number, at: number | null): JobId => {
      const intent = intentFor(`at ${createdAt}`, { createdAt });
      recordIntent(db, intent);
      if (at !== null) finishJob(db, intent.id, { state: 'done', error: null, at });
      return intent.id;
    };
    const midnight = 1000;
    const [across, yesterday, last] = [add(1, midnight), add(2, midnight - 1), add(1500, 2000)];
    add(1600, null);
    dismissJob(db, last);
    const found = readFinishedJobs(db, { since: midnight, after: null, limit: 10 });
    expect(found).toMatchObject({ jobs: [{ id: last, dismissed: true }, { id: across }], next: null });
    expect(found.jobs.map(({ id }) => id)).not.toContain(yesterday);
  });

  it('come in pages without gaps or repeats, also where they ended in one millisecond', async () => {
    const library = await testLibrary();
    const ids = [1, 2, 2, 2, 3].map((at) => ended(library, at));
    const seen: JobId[] = [];
    let after: FinishedCursor | null = null;
    do {
      const page: ReturnType<typeof readFinishedJobs> = readFinishedJobs(library.db, { since: 0, after, limit: 2 });
      seen.push(...page.jobs.map(({ id }) => id));
      after = page.next;
    } while (after);
    expect(seen).toHaveLength(ids.length);
    expect(new Set(seen)).toEqual(new Set(ids));
  });
});

describe('a requeued request', () => {
  it('waits as before it was sent; its job waits too unless another of its requests was sent', async () => {
    const { db } = await testLibrary();
    const intent = intentFor('two', { requests: 2 });
    recordIntent(db, intent);
    const [first, second] = intent.generations.map(({ id }) => id);
    if (!first || !second) throw new Error('Two requests.');
    startJob(db, intent.id, 10);
    for (const id of [first, second]) markSent(db, id, 11);
    recordResponseHead(db, first, { status: 429, requestId: 'req_1' });
    requeueGeneration(db, intent.id, first);
    expect(readGeneration(db, first)).toMatchObject({ state: 'intent', sentAt: null, billing: 'none', status: 429 });
    expect(readJob(db, intent.id)).toMatchObject({ state: 'running', startedAt: 10 });
    requeueGeneration(db, intent.id, second);
    expect(readJob(db, intent.id)).toMatchObject({ state: 'waiting', startedAt: null });
    // The next attempt is a new one.
    startJob(db, intent.id, 20);
    markSent(db, first, 21);
    expect(readGeneration(db, first)).toMatchObject({
      state: 'sent',
      status: null,
      requestId: null,
      billing: 'possible',
    });
    expect((await reportOf(() => requeueGeneration(db, intent.id, second))).code).toBe('not-found');
  });
});
