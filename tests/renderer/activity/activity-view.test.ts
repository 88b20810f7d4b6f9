import { beforeEach, expect, test } from 'vitest';
import { page, userEvent, type Locator } from 'vitest/browser';
import type { Batch } from '../../../electron/contract/rules/batch.ts';
import type { BatchId, JobId, ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { QueueState } from '../../../electron/contract/entities/queue.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { stopClock } from '../page/stopped-clock.ts';
import { doubleClick } from '../stage/real-pointer.ts';
import { mountView } from '../state/mounted-view.ts';
import {
  generation,
  IDLE,
  job,
  image,
  scriptedStudio,
  SETTINGS,
  uuid,
  type ScriptedStudio,
} from '../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const FAILURE: ErrorReport = {
  code: 'timed-out',
  message: 'The server did not answer in 30 minutes. It may have been billed; it was not sent again.',
  billing: 'possible',
  server: { status: 504, message: 'upstream timed out', requestId: 'req_17' },
};
const waiting = (number: number, change: Partial<Job> = {}): Job =>
  job(number, {
    state: 'waiting',
    estimate: { min: 0, max: 200_000 },
    generations: [generation(number, { state: 'intent', sentAt: null, billing: 'none' })],
    ...change,
  });
const failed = (number: number): Job =>
  job(number, {
    state: 'failed',
    startedAt: Date.now() - 5000,
    finishedAt: Date.now(),
    error: FAILURE,
    estimate: { min: 0, max: 610_000 },
    generations: [generation(number, { state: 'failed', error: FAILURE, requestId: 'req_17', finishedAt: Date.now() })],
  });
const done = (number: number, change: Partial<Job> = {}): Job =>
  job(number, {
    state: 'done',
    startedAt: Date.now() - 31_000,
    finishedAt: Date.now(),
    generations: [
      generation(number, {
        state: 'done',
        cost: 190_000,
        billing: 'billed',
        finishedAt: Date.now(),
        images: [image(number)],
      }),
    ],
    ...change,
  });

/** A queue that does what it is told. */
function queueOf(jobs: Job[], more: Parameters<typeof scriptedStudio>[0] = {}): ScriptedStudio {
  let state: QueueState = { ...IDLE, order: jobs.filter((one) => one.state === 'waiting').map(({ id }) => id) };
  return scriptedStudio({
    'jobs.list': () => jobs,
    'queue.get': () => state,
    'queue.setPaused': ({ paused }: { paused: boolean }) => (state = { ...state, paused }),
    'jobs.move'({ jobId, before }: { jobId: JobId; before: JobId | null }) {
      const others = state.order.filter((id) => id !== jobId);
      return (state = { ...state, order: others.toSpliced(before ? others.indexOf(before) : others.length, 0, jobId) });
    },
    ...more,
  });
}

const line = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}\\b`, 'u') });
const section = (name: string | RegExp) => page.getByRole('region', { name });
const textOf = (locator: Locator): string => locator.query()?.textContent.replace(/\s+/gu, ' ') ?? '';
const inspector = () => page.getByRole('complementary', { name: 'Job' });
const payloads = ({ calls }: ScriptedStudio, endpoint: string): unknown[] =>
  calls.filter((call) => call.endpoint === endpoint).map(({ payload }) => payload);
const order = (): string[] =>
  [...document.querySelectorAll('[data-line]')].map((element) => /Image \d+/u.exec(element.textContent)?.[0] ?? '');

test('an idle studio says in one sentence what will be listed here', async () => {
  await mountView('activity', scriptedStudio());
  await expect.element(page.getByText(/^No jobs yet\./u)).toBeVisible();
  await page.getByRole('radio', { name: 'History' }).click();
  await expect.element(page.getByText(/^Finished jobs appear here/u)).toBeVisible();
});

test('every job stands in its section, with its state, its time and its money', async () => {
  const { now } = stopClock();
  const partials = [{ generationId: uuid(1) as never, index: 0, arrivedAt: now, bytes: 1 }];
  const running = job(1, { startedAt: now - 41_000, generations: [generation(1, { partials })] });
  const script = queueOf([running, waiting(2), failed(3)], {
    'jobs.finished': () => ({ jobs: [done(4)], next: null }),
  });
  const { container } = await mountView('activity', script);
  await expect.poll(() => textOf(section('Running 1'))).toMatch(/Partial 1 of 3.*0:41/u);
  expect(container.querySelector('img[src="/images/partial/00000000-0000-7000-8000-000000000001/0"]')).not.toBeNull();
  await expect.poll(() => textOf(section('Queued 1 · est $0.200'))).toMatch(/Next/u);
  await expect.poll(() => textOf(section('Needs attention 1'))).toMatch(/Timed out.*May have been billed.*≤ \$0\.61/u);
  await expect.poll(() => textOf(section('Finished today 1 · $0.190'))).toMatch(/Done/u);
  script.push({ type: 'job', job: done(1) });
  await expect.element(section('Finished today 2 · $0.380')).toBeVisible();
});

test('the docket of a job tells what happened, the server’s words and the request id', async () => {
  await mountView('activity', queueOf([failed(3)]));
  await line('Image 3').click();
  await expect.poll(() => textOf(inspector())).toMatch(/The server did not answer in 30 minutes\./u);
  await expect.element(inspector().getByText('Sent', { exact: true })).toBeVisible();
  await expect.element(inspector().getByText('req_17').last()).toBeVisible();
  await expect.element(inspector().getByRole('button', { name: 'Copy request ID' })).toBeVisible();
  await expect.element(inspector().getByText('req_17').first()).not.toBeVisible();
  await expect.element(inspector().getByText('upstream timed out')).not.toBeVisible();
  await inspector().getByRole('button', { name: 'Details' }).click();
  await expect.element(inspector().getByText('upstream timed out')).toBeVisible();
  await expect.element(inspector().getByText('req_17').first()).toBeVisible();
  await expect.element(inspector().getByRole('button', { name: 'Copy the failed request’s ID' })).toBeVisible();
});

test('the docket of an SVG names its author', async () => {
  const { request } = job(1);
  const svg = { model: 'gpt-5.5', reasoning: { effort: 'low' } };
  const parameters = { ...request.parameters, output_format: 'svg', svg } as never;
  await mountView('activity', queueOf([job(1, { request: { ...request, parameters } as never })]));
  await line('Image 1').click();
  await expect.poll(() => textOf(inspector())).toMatch(/SVG model ?gpt-5\.5.*SVG effort ?Low/u);
});

test('the docket of a running job shows each of its requests as it looks now, and leads to what is made', async () => {
  const { id } = job(1);
  const partials = [0, 1].map((index) => ({ generationId: uuid(12) as never, index, arrivedAt: 1, bytes: 1 }));
  const running = job(1, {
    generations: [
      generation(11, { state: 'done', images: [image(11)] }),
      generation(12, { partials }),
      generation(13, { state: 'sent' }),
      generation(14, { state: 'intent', sentAt: null }),
    ],
  });
  const script = queueOf([running]);
  const { route } = await mountView('activity', script);
  await line('Image 1').click();
  const came = () => inspector().getByRole('list', { name: 'Images' });
  await expect.element(came().getByRole('link', { name: 'Request 1, image' })).toBeVisible();
  await expect.poll(() => textOf(came())).toMatch(/Request 2, partial 2.*Request 3, generating.*Request 4, queued/u);
  await expect.element(page.getByText('Demo server: 2 of 4 slots')).toBeVisible();
  script.push({ type: 'job', job: done(1, { id }) });
  await expect.element(came().getByRole('link')).toHaveAccessibleName('Request, image');
  await came().getByRole('link').click();
  expect([route.view, route.imageId]).toEqual(['viewer', uuid(1)]);
});

test('how many run at once is changed in Settings, one press from here', async () => {
  const profiles = SETTINGS.profiles.map((profile) => ({ ...profile, kind: 'saved' as const, concurrency: 7 }));
  const script = queueOf([job(1)], { 'settings.get': () => ({ ...SETTINGS, profiles }) });
  const { route } = await mountView('activity', script);
  await expect.element(page.getByText('Demo server: 1 of 7 slots')).toBeVisible();
  await section(/^Running/u)
    .getByRole('button', { name: 'Change' })
    .click();
  expect(route.view).toBe('settings');
});

test('a sum of which a part is not known says so', async () => {
  await mountView('activity', queueOf([waiting(1), waiting(2, { estimate: null })]));
  await expect.element(section('Queued 2 · est $0.200 +')).toBeVisible();
});

test('running again says that it is billed, sends one new request, and shows it', async () => {
  const script = queueOf([failed(3)], { 'jobs.create': () => waiting(9) });
  await mountView('activity', script);
  await line('Image 3').click();
  await expect.element(page.getByText('Retrying sends a new request, billed separately.')).toBeVisible();
  const retry = inspector().getByRole('button', { name: /^Retry/u });
  await expect.element(retry).toBeVisible();
  await doubleClick(retry.element());
  await expect.element(section(/^Queued 1/u)).toBeVisible();
  const [sent, ...more] = payloads(script, 'jobs.create');
  expect(more).toEqual([]);
  expect(sent).toMatchObject({ request: failed(3).request, overCap: false });
});

test('running again over the cap is asked about first', async () => {
  const refusal = { code: 'cap-reached', message: 'This may exceed your cap of $40.00.', billing: 'none' };
  const script = queueOf([failed(3)], {
    'jobs.create': ({ overCap }: { overCap: boolean }) => (overCap ? waiting(9) : { refusal }),
  });
  await mountView('activity', script);
  const retry = page.getByRole('button', { name: /^Retry/u });
  await retry.click();
  await expect.poll(() => textOf(page.getByRole('dialog'))).toMatch(/your cap of \$40\.00/u);
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(payloads(script, 'jobs.create')).toHaveLength(1);
  await retry.click();
  await page.getByRole('button', { name: 'Send anyway' }).click();
  await expect.poll(() => payloads(script, 'jobs.create').at(-1)).toMatchObject({ overCap: true });
});

test('editing loads the request into Create', async () => {
  const { state, route } = await mountView('activity', queueOf([failed(3)]));
  await line('Image 3').click();
  await page.getByRole('button', { name: 'Reuse' }).click();
  expect(route.view).toBe('create');
  expect(state.draft.form).toMatchObject({ prompt: 'Image 3', size: '1536x1024' });
});

test('the waiting ones are moved by the keyboard, which says where they are, and by the pointer', async () => {
  const script = queueOf([waiting(1), waiting(2), waiting(3)]);
  await mountView('activity', script);
  await expect.poll(order).toEqual(['Image 1', 'Image 2', 'Image 3']);
  (line('Image 3').element() as HTMLElement).focus();
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  await expect.poll(order).toEqual(['Image 1', 'Image 3', 'Image 2']);
  await expect.element(page.getByText('Now 2 of 3.')).toBeInTheDocument();
  await expect.element(line('Image 3')).toHaveFocus();
  await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
  await expect.poll(order).toEqual(['Image 1', 'Image 2', 'Image 3']);
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(line('Image 2')).toHaveFocus();
  const grips = document.querySelectorAll('[draggable="true"]');
  await userEvent.dragAndDrop(page.elementLocator(grips[2] as Element), line('Image 1'));
  await expect.poll(order).toEqual(['Image 3', 'Image 1', 'Image 2']);
});

test('the waiting ones are moved by buttons, one press after the other, and stop at the ends', async () => {
  const script = queueOf([waiting(1), waiting(2), waiting(3)]);
  await mountView('activity', script);
  const mover = (place: number, name: string) => page.getByRole('button', { name }).nth(place);
  await expect.element(mover(0, 'Move up')).toBeDisabled();
  await expect.element(mover(2, 'Move down')).toBeDisabled();
  await mover(0, 'Move down').click();
  await expect.poll(order).toEqual(['Image 2', 'Image 1', 'Image 3']);
  await expect.element(mover(1, 'Move down')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(order).toEqual(['Image 2', 'Image 3', 'Image 1']);
  await expect.element(page.getByText('Now 3 of 3.')).toBeInTheDocument();
  await expect.element(line('Image 1')).toHaveFocus();
  await mover(2, 'Move up').click();
  await expect.poll(order).toEqual(['Image 2', 'Image 1', 'Image 3']);
});

test('a pause is told where one waits, and is taken back by the same button', async () => {
  const script = queueOf([waiting(1)]);
  await mountView('activity', script);
  await page.getByRole('button', { name: 'Pause queue' }).click();
  await expect.element(page.getByText('Queue paused. Running jobs will finish.')).toBeVisible();
  await expect.poll(() => textOf(section(/^Queued/u))).toMatch(/queue paused/u);
  await page.getByRole('button', { name: 'Resume queue' }).click();
  await expect.poll(() => payloads(script, 'queue.setPaused')).toEqual([{ paused: true }, { paused: false }]);
});

test('a hold counts down, as the server asked, and a stop takes a job out', async () => {
  const clock = stopClock();
  const script = queueOf([waiting(1)], { 'jobs.cancel': () => null });
  await mountView('activity', script);
  const hold = {
    profileId: 'demo' as ProfileId,
    until: clock.now + 42_000,
    reason: 'rate-limit' as const,
    needsPerson: false,
  };
  script.push({ type: 'queue', queue: { ...IDLE, order: [waiting(1).id], holds: [hold] } });
  await expect.element(page.getByText(/Rate limited, retrying in 0:42/u)).toBeVisible();
  clock.pass(2000);
  await expect.element(page.getByText(/Rate limited, retrying in 0:40/u)).toBeVisible();
  await page.getByRole('button', { name: 'Remove from queue' }).click();
  await expect.poll(() => payloads(script, 'jobs.cancel')).toEqual([{ jobId: uuid(1) }]);
});

test('what was seen is dismissed; where the disk refuses it stays and says why', async () => {
  let refused = true;
  const refusal = { code: 'disk-full', message: 'The disk is full.', billing: 'none' };
  const script = queueOf([failed(3)], { 'jobs.dismiss': () => (refused ? { refusal } : null) });
  await mountView('activity', script);
  await section('Needs attention 1').getByRole('button', { name: 'Dismiss' }).click();
  await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.');
  await expect.element(line('Image 3')).toBeVisible();
  refused = false;
  await section('Needs attention 1').getByRole('button', { name: 'Dismiss' }).click();
  await expect.element(page.getByText(/^No jobs yet\./u)).toBeVisible();
});

const BATCH = uuid(900) as BatchId;

function batchOf(jobs: Job[]): Batch {
  return {
    id: BATCH,
    createdAt: 1,
    request: {
      base: { ...job(1).request, parameters: { ...job(1).request.parameters, prompt: 'A {red|green} door' } } as never,
      models: [],
      qualities: [],
    },
    axes: [
      { kind: 'variable', values: ['red', 'green'] },
      { kind: 'quality', values: ['low', 'high'] },
    ],
    cells: jobs.map((one, index) => ({ at: [index >> 1, index % 2], jobId: one.id, job: one })),
  };
}

test('a batch is one line, and opens as a matrix of images, states and costs that follows its jobs', async () => {
  const cells = [1, 2, 3, 4].map((number) => waiting(number, { batchId: BATCH }));
  const script = queueOf(cells, { 'jobs.getBatch': () => batchOf(cells) });
  await mountView('activity', script);
  await expect.poll(() => textOf(section('Queued 4 · est $0.800'))).toMatch(/A \{red\|green\} door/u);
  await expect.poll(order).toHaveLength(1);
  await line('A \\{red').click();
  await expect.element(page.getByRole('columnheader', { name: 'High' })).toBeVisible();
  await expect.element(page.getByRole('rowheader', { name: 'green' })).toBeVisible();
  const cell = page.getByRole('button', { name: /^green, High/u });
  await expect.element(cell).toHaveAccessibleName('green, High, Queued, Estimated: up to $0.200.');
  script.push({ type: 'job', job: done(4, { batchId: BATCH }) });
  await expect.element(cell).toHaveAccessibleName('green, High, Done, Billed $0.190.');
  await cell.click();
  await expect.poll(() => textOf(inspector())).toMatch(/Image 4/u);
  await page.getByRole('button', { name: 'Activity' }).click();
  await expect.element(section('Queued 3 · est $0.600')).toBeVisible();
});

test('a batch of which one request needs you is reached from its docket', async () => {
  const one = { ...failed(3), batchId: BATCH };
  await mountView('activity', queueOf([one], { 'jobs.getBatch': () => batchOf([one]) }));
  await line('Image 3').click();
  await page.getByRole('button', { name: 'Show as grid' }).click();
  await expect.element(page.getByRole('button', { name: /^red, Low, Timed out/u })).toBeVisible();
});

test('history goes on when its end comes near', async () => {
  const page1 = Array.from({ length: 3 }, (_, index) => done(20 - index));
  const script = queueOf([], {
    'jobs.history': ({ after }: { after: unknown }) =>
      after ? { jobs: [done(2)], next: null } : { jobs: page1, next: { createdAt: 1, id: uuid(10) } },
  });
  await mountView('activity', script);
  await page.getByRole('radio', { name: 'History' }).click();
  await expect.element(line('Image 2')).toBeVisible();
  expect(payloads(script, 'jobs.history').at(-1)).toMatchObject({ after: { id: uuid(10) } });
});
