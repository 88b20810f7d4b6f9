import { describe, expect, test } from 'vitest';
import type { Batch } from '../../../electron/contract/rules/batch.ts';
import type { BatchId, JobId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { costSentence, costLabel } from '../../../renderer/activity/job-cost.ts';
import { endedLabel, jobSummary, runningLabel, waitingLabel } from '../../../renderer/activity/job-labels.ts';
import { batchMatrix } from '../../../renderer/activity/batch-matrix.ts';
import { queueSections, type QueueEntry } from '../../../renderer/activity/queue-sections.ts';
import { startOfDay } from '../../../renderer/shared/format/time.ts';
import { jobTimeline } from '../../../renderer/activity/job-timeline.ts';
import { generation, IDLE, job, image, uuid } from '../state/scripted-studio.ts';

const NOW = 1_795_000_000_000;
const SINCE = startOfDay(NOW);
const FAILURE: ErrorReport = { code: 'timed-out', message: 'It took too long. Try again.', billing: 'possible' };
const BATCH = uuid(900) as BatchId;

const waiting = (number: number, change: Partial<Job> = {}): Job =>
  job(number, {
    state: 'waiting',
    generations: [generation(number, { state: 'intent', sentAt: null, billing: 'none' })],
    ...change,
  });
const done = (number: number, change: Partial<Job> = {}): Job =>
  job(number, {
    state: 'done',
    startedAt: NOW,
    finishedAt: NOW + number,
    generations: [generation(number, { state: 'done', billing: 'billed', cost: 200_000, images: [image(number)] })],
    ...change,
  });
const keys = (entries: readonly QueueEntry[]): string[] =>
  entries.map(({ jobs }) => jobs.map(({ id }) => id.slice(-1)).join('+'));

describe('sections', () => {
  test('put each job where it belongs, the waiting ones in the order of the queue', () => {
    const failed = job(4, { state: 'failed', error: FAILURE, finishedAt: NOW });
    const open = [job(1), waiting(2), waiting(3), failed, waiting(5)];
    const ended = [done(6), done(7), done(8, { finishedAt: SINCE - 1 }), failed];
    const order = [5, 3, 2].map((number) => uuid(number) as JobId);
    const sections = queueSections(open, ended, { order, since: SINCE });
    expect(keys(sections.running)).toEqual(['1']);
    expect(keys(sections.waiting)).toEqual(['5', '3', '2']);
    expect(keys(sections.needsAttention)).toEqual(['4']);
    expect(keys(sections.finished)).toEqual(['7', '6']);
  });

  test('a job that was refused for now and waits again is among those that wait', () => {
    const retry = job(1, { state: 'running', generations: [generation(1, { state: 'intent' })] });
    const sections = queueSections([retry], [], { order: [retry.id], since: SINCE });
    expect([keys(sections.running), keys(sections.waiting)]).toEqual([[], ['1']]);
  });

  test('neighbours of a batch wait as one line; what is finished of it is one line wherever it ended', () => {
    const of = { batchId: BATCH };
    const open = [waiting(1, of), waiting(2, of), waiting(3), waiting(4, of)];
    const order = open.map(({ id }) => id);
    const ended = [done(5, of), done(6), done(7, of)];
    const sections = queueSections(open, ended, { order, since: SINCE });
    expect(keys(sections.waiting)).toEqual(['1+2', '3', '4']);
    expect(keys(sections.finished)).toEqual(['7+5', '6']);
  });
});

describe('the money of a line', () => {
  const range = { min: 100_000, max: 200_000 };
  test.each<[string, Job, string, string]>([
    ['under way', job(1, { estimate: range }), 'est $0.200', 'Estimated: up to $0.200.'],
    ['under way, unknown', job(1), '', 'The cost is unknown.'],
    ['under way, free', job(1, { estimate: { min: 0, max: 0 } }), 'free', 'Free.'],
    ['done', done(1), '$0.200', 'Billed $0.200.'],
    [
      'perhaps billed',
      job(1, { finishedAt: NOW, error: FAILURE, estimate: range }),
      '≤ $0.200',
      'May have been billed, up to $0.200.',
    ],
    [
      'perhaps billed, unknown',
      job(1, { finishedAt: NOW, error: FAILURE }),
      'unknown',
      'May have been billed; the amount is unknown.',
    ],
    [
      'billed, unknown',
      done(1, { generations: [generation(1, { state: 'done', billing: 'billed', cost: null })] }),
      'unknown',
      'Billed; the amount is unknown.',
    ],
    ['not billed', waiting(1, { finishedAt: NOW, estimate: range }), '–', 'Not billed.'],
  ])('%s', (_name, one, word, sentence) => {
    expect([costLabel([one]), costSentence([one])]).toEqual([word, sentence]);
  });

  test('of several requests adds what is certain to the most of what is not', () => {
    const mixed = job(1, {
      finishedAt: NOW,
      estimate: { min: 0, max: 600_000 },
      generations: [
        generation(1, { cost: 250_000, billing: 'billed' }),
        generation(2),
        generation(3, { billing: 'none' }),
      ],
    });
    expect(costLabel([mixed])).toBe('≤ $0.450');
  });
});

describe('the words of a line', () => {
  test('say what it is', () => {
    const input = { role: 'image' as const, sha256: 'a' as never, image: null };
    const edit = job(1, {
      request: {
        operation: 'edit',
        profileId: 'demo' as never,
        parameters: { prompt: 'x', model: 'gpt-image-2', n: 2, quality: 'high' },
        inputs: [input, input, { ...input, role: 'mask' }],
      },
    });
    expect(jobSummary(edit)).toBe('Edit · mask · 2 references · gpt-image-2 · High · 2 images');
  });

  test('say what a waiting one waits for', () => {
    const hold = { profileId: 'demo' as never, until: NOW + 42_000, reason: 'rate-limit' as const, needsPerson: false };
    expect(waitingLabel(0, IDLE, null, NOW)).toMatchObject({ state: 'Next', detail: 'when a job finishes' });
    expect(waitingLabel(3, IDLE, hold, NOW)).toMatchObject({ state: '4th', detail: 'rate limited, retrying in 0:42' });
    expect([1, 2, 10, 20, 21].map((place) => waitingLabel(place, IDLE, null, NOW).state).join()).toBe(
      '2nd,3rd,11th,21st,22nd',
    );
    expect(waitingLabel(1, { ...IDLE, paused: true }, hold, NOW).detail).toBe('queue paused');
    expect(waitingLabel(1, { ...IDLE, suspended: true }, null, NOW).detail).toBe('resuming after sleep');
  });

  test('say how far a running one is, by what has come', () => {
    const partials = [0, 1].map((index) => ({ generationId: uuid(1) as never, index, arrivedAt: NOW, bytes: 1 }));
    const one = runningLabel(job(1, { generations: [generation(1, { partials })] }));
    expect(one.state).toBe('Partial 2 of 3');
    expect(one.parts.map(({ state }) => state)).toEqual(['done', 'done', 'now', 'coming']);
    const parameters = { ...job(1).request.parameters, n: 3 };
    const request = { ...job(1).request, parameters } as Job['request'];
    const several = job(1, {
      request,
      generations: [
        generation(1, { state: 'done', images: [image(1)] }),
        generation(2),
        generation(3, { state: 'intent' }),
      ],
    });
    expect(runningLabel(several)).toMatchObject({ state: '1 of 3 created' });
  });

  test('say how one ended, what it means for money and what is kept', () => {
    const partials = [{ generationId: uuid(1) as never, index: 0, arrivedAt: NOW, bytes: 1 }];
    const failed = job(1, {
      state: 'failed',
      finishedAt: NOW,
      error: FAILURE,
      generations: [generation(1, { partials })],
    });
    expect(endedLabel(failed)).toEqual({
      state: 'Timed out',
      detail: 'May have been billed, 1 partial saved',
      tone: 'bad',
    });
    const interrupted = waiting(1, {
      state: 'interrupted',
      finishedAt: NOW,
      error: { code: 'interrupted', message: 'x', billing: 'none' },
    });
    expect(endedLabel(interrupted)).toEqual({ state: 'Interrupted', detail: 'Not billed', tone: 'plain' });
  });
});

test('what happened is told by its moments, requests numbered where there are several', () => {
  const partials = [{ generationId: uuid(1) as never, index: 0, arrivedAt: NOW + 5000, bytes: 1 }];
  const two = job(1, {
    createdAt: NOW,
    state: 'failed',
    error: FAILURE,
    finishedAt: NOW + 9000,
    generations: [
      generation(1, {
        state: 'done',
        sentAt: NOW + 1000,
        partials,
        images: [image(1, { createdAt: NOW + 7000 })],
        finishedAt: NOW + 7001,
      }),
      generation(2, { state: 'failed', sentAt: NOW + 2000, error: FAILURE, finishedAt: NOW + 9000 }),
    ],
  });
  expect(jobTimeline(two).map(({ at, words }) => [(at - NOW) / 1000, words])).toEqual([
    [0, 'Queued'],
    [1, 'Request 1: sent'],
    [2, 'Request 2: sent'],
    [5, 'Request 1: partial 1 received'],
    [7, 'Request 1: image received and saved'],
    [7.001, 'Request 1: done, 1 image'],
    [9, 'Request 2: it took too long.'],
  ]);
});

describe('a matrix', () => {
  const batch = (axes: Batch['axes']): Batch => {
    const places = axes.reduce<number[][]>(
      (all, { values }) => all.flatMap((at) => values.map((_, i) => [...at, i])),
      [[]],
    );
    return {
      id: BATCH,
      createdAt: NOW,
      request: { base: job(1).request, models: [], qualities: [] },
      axes,
      cells: places.map((at, index) => ({ at, jobId: uuid(index + 1) as JobId, job: waiting(index + 1) })),
    };
  };
  const times = { kind: 'variable' as const, values: ['dusk', 'dawn', ''] };
  const qualities = { kind: 'quality' as const, values: ['low', 'xhigh'] };
  const models = { kind: 'model' as const, values: ['one', 'two'] };

  test('of one axis is one row, of none one cell', () => {
    expect(batchMatrix(batch([times]), new Map())).toMatchObject({
      columns: ['dusk', 'dawn', '(empty)'],
      across: 'Variable',
      down: '',
    });
    const single = batchMatrix(batch([]), new Map());
    expect([single.columns, single.rows.length, single.rows[0]?.cells[0]?.id]).toEqual([[''], 1, uuid(1)]);
  });

  test('lets several axes run across while there is room, and shows the newest truth', () => {
    const matrix = batchMatrix(batch([times, models, qualities]), new Map([[uuid(8), done(8)]]));
    expect(matrix.columns).toEqual(['one · Low', 'one · XHigh', 'two · Low', 'two · XHigh']);
    expect(matrix.rows.map(({ name }) => name)).toEqual(['dusk', 'dawn', '(empty)']);
    expect(matrix.rows[1]?.cells.map((cell) => cell?.id.slice(-1))).toEqual(['5', '6', '7', '8']);
    expect(matrix.rows[1]?.cells[3]?.state).toBe('done');
    const wide = { kind: 'variable' as const, values: ['a', 'b', 'c', 'd'] };
    expect(batchMatrix(batch([times, wide, qualities]), new Map())).toMatchObject({
      columns: ['Low', 'XHigh'],
      down: 'Variable 1 · Variable 2',
    });
  });
});
