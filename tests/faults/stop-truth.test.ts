import { setImmediate as turn } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { describe, expect, inject, test } from 'vitest';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { requestCountsLabel, type RequestOutcome } from '../../electron/contract/errors/request-outcomes.ts';
import { countOutcomes } from '../../electron/contract/rules/job-outcome.ts';
import type { Script } from '../fakes/recording-server.ts';
import { images, jobRequest, testJobService, type TestJobService } from '../jobs/test-job-service.ts';

/** 20 jobs that are stopped in `npm test`, 400 in `npm run test:faults`; and a tenth of that for quitting. */
const QUICK = inject('requestsPerFailure') === 5;
const STOPS = QUICK ? 20 : 400;
const QUITS = QUICK ? 3 : 40;
const SEED = inject('seed') ?? 20_261_201;

/** Numbers from 0 to below `below`, the same for a seed (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((((mixed ^ (mixed >>> 14)) >>> 0) * below) / 4_294_967_296) | 0;
  };
}

async function turns(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await turn();
}

/** What the server knows of one job. */
interface Seen {
  /** Images that it began to write, whole or not. */
  written: number;
  /** Refusals that it wrote: rate limits and others. */
  limited: number;
  refused: number;
}

const nothingSeen = (): Seen => ({ written: 0, limited: 0, refused: 0 });

interface Far {
  seen: Map<string, Seen>;
  script(prompt: string): Script;
}

/** A server that answers after a random number of turns: an image in pieces, a rate limit, a refusal, or nothing. */
async function randomServer(random: (below: number) => number): Promise<Far> {
  const { body } = await images();
  if (typeof body !== 'string') throw new Error('The answer is a text.');
  const seen = new Map<string, Seen>();
  const wait = (): { wait: () => Promise<void> } => ({ wait: () => turns(random(40)) });
  return {
    seen,
    script(prompt) {
      const known = seen.get(prompt) ?? nothingSeen();
      seen.set(prompt, known);
      const note = (what: keyof Seen) => ({
        wait: () => {
          known[what] += 1;
          return Promise.resolve();
        },
      });
      const before = [wait()];
      switch (random(10)) {
        case 0:
          return { before, status: 429, headers: { 'retry-after': '3600' }, body: [note('limited'), '{"error":{}}'] };
        case 1:
          return { before, status: 400, body: [note('refused'), '{"error":{"message":"No."}}'] };
        case 2:
          return { before, body: [body.slice(0, 200), wait(), { destroy: 'reset' }] };
        default: {
          const cut = random(body.length);
          return { before, body: [note('written'), body.slice(0, cut), wait(), body.slice(cut)] };
        }
      }
    },
  };
}

/** The newest state of a job, and how often it was emitted. */
function follow(run: TestJobService, id: JobId): () => { events: number; job: Job | null } {
  let [next, events, job]: [number, number, Job | null] = [run.events.length, 0, null];
  return () => {
    for (; next < run.events.length; next += 1) {
      const event = run.events[next];
      if (event?.type !== 'job' || event.job.id !== id) continue;
      events += 1;
      job = event.job;
    }
    return { events, job };
  };
}

/**
 * Creates a job, and stops it at a random moment: after a number of its events and then of turns, or while it is rate limited.
 * @returns the job, when none of its connections is open any more
 */
async function stopSometime(
  run: TestJobService,
  {
    prompt,
    profile,
    random,
    stop,
  }: { prompt: string; profile: string; random: (below: number) => number; stop: (id: JobId) => void },
): Promise<Job> {
  const id = uuid() as JobId;
  const now = follow(run, id);
  await run.queue.create({
    id,
    request: { ...jobRequest(prompt, { n: 4, stream: true }), profileId: profile as ProfileId },
    overCap: false,
  });
  const [after, more] = [random(16), random(12)];
  const isHeld = (): boolean => run.queue.state().holds.some(({ profileId }) => profileId === profile);
  while (now().events < after && !isHeld() && now().job?.finishedAt == null) await turn();
  await turns(more);
  stop(id);
  while (run.queue.read(id)?.finishedAt == null || run.server.connections() > 0) await turn();
  const job = run.queue.read(id);
  if (!job) throw new Error('The job is gone.');
  return job;
}

/** What is said about a job is what the server saw. */
function checkAgainst(job: Job, posts: number, { written, limited, refused }: Seen): void {
  const counts = countOutcomes(job.generations);
  const of = (...outcomes: RequestOutcome[]): number =>
    counts.reduce((sum, { outcome, count }) => (outcomes.includes(outcome) ? sum + count : sum), 0);
  const saved = job.generations.filter((generation) => generation.images.length > 0).length;
  const total = job.generations.length;
  const generations = job.generations.map(({ state, sentAt, billing, error }) => [
    state,
    sentAt,
    billing,
    error?.detail,
  ]);
  const about = JSON.stringify({ counts, posts, written, limited, refused, generations });
  expect(
    counts.reduce((sum, { count }) => sum + count, 0),
    about,
  ).toBe(total);
  expect(of('received-billed'), about).toBe(saved);
  expect(saved, about).toBeLessThanOrEqual(written);
  // Only what the server never saw is unsent, and only what it refused is known not to be billed.
  expect(total - of('unsent'), about).toBe(posts);
  expect(of('refused', 'failed'), about).toBeLessThanOrEqual(limited + refused);
  expect(of('received-billed', 'billed', 'unknown'), about).toBe(posts - of('refused', 'failed'));
  if (job.error === null) expect(saved, about).toBe(total);
  else {
    expect(job.error.message, about).toContain(requestCountsLabel(counts));
    expect(job.error.requests, about).toEqual(counts);
  }
}

describe(`what is said about a job that ends early (seed ${SEED})`, () => {
  test(`is what the server saw: ${STOPS} stopped at a random moment`, { timeout: 600_000 }, async () => {
    const random = randomNumbers(SEED);
    const far = await randomServer(random);
    const run = await testJobService((prompt) => far.script(prompt), { concurrency: 2 });
    for (let index = 0; index < STOPS; index += 1) {
      const prompt = `pears ${index}`;
      const before = run.server.begun.length;
      const stop = (id: JobId): void => run.queue.cancel(id);
      const job = await stopSometime(run, { prompt, profile: `profile-${index}`, random, stop });
      checkAgainst(job, run.server.begun.length - before, far.seen.get(prompt) ?? nothingSeen());
    }
    expect(run.log).toEqual([]);
  });

  test(`is what the server saw: ${QUITS} times quit at a random moment`, { timeout: 600_000 }, async () => {
    for (let index = 0; index < QUITS; index += 1) {
      const random = randomNumbers(SEED + index);
      const far = await randomServer(random);
      const run = await testJobService((prompt) => far.script(prompt), { concurrency: 2 });
      const stop = (): void => void run.queue.close();
      const job = await stopSometime(run, { prompt: 'pears', profile: 'profile', random, stop });
      checkAgainst(job, run.server.begun.length, far.seen.get('pears') ?? nothingSeen());
    }
  });
});
