import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { RequestSender } from '../../../renderer/state/request-sender.svelte.ts';
import { retryJob } from '../../../renderer/state/retry-job.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { generation, image, job, scriptedStudio, type ScriptedStudio } from './scripted-studio.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const LOST = { refusal: { code: 'host-lost', message: 'Emulsion isn’t responding.', billing: 'possible' } };
const REQUEST = job(1).request;
interface Asked {
  id: JobId;
  request: JobRequest;
}
const made = ({ id, request }: Asked): Job => job(1, { id, request, state: 'waiting' });

async function opened(answers: Parameters<typeof scriptedStudio>[0]) {
  const script = scriptedStudio(answers);
  const state = new StudioState(script.studio);
  await state.start();
  return { script, state, sender: new RequestSender(state) };
}

const idsOf = ({ calls }: ScriptedStudio): string[] =>
  calls.filter(({ endpoint }) => endpoint === 'jobs.create').map(({ payload }) => (payload as Asked).id);

async function click(sender: RequestSender): Promise<readonly JobId[] | null> {
  const press = sender.press(JSON.stringify(REQUEST), 1);
  return press && sender.submit({ request: REQUEST }, press);
}

describe('an answer that is lost', () => {
  test('is said to be unknown, and the next click sends the same id', async () => {
    const { script, state, sender } = await opened({ 'jobs.create': () => LOST, 'jobs.get': () => LOST });
    expect(await click(sender)).toBeNull();
    expect([sender.refusal, sender.sending, state.submissions.unheard.length]).toEqual([null, false, 1]);
    vi.advanceTimersByTime(1000);
    await click(sender);
    script.answers['jobs.create'] = made;
    vi.advanceTimersByTime(1000);
    expect(await click(sender)).not.toBeNull();
    expect(new Set(idsOf(script)).size).toBe(1);
    expect(idsOf(script)).toHaveLength(3);
    expect(state.submissions.unheard).toEqual([]);
  });

  test('is found out by asking for the job as soon as the host answers again', async () => {
    const { script, state, sender } = await opened({ 'jobs.create': () => LOST, 'jobs.get': () => LOST });
    await click(sender);
    const [id] = idsOf(script);
    await vi.advanceTimersByTimeAsync(3000);
    expect(state.submissions.unheard).toHaveLength(1);
    script.answers['jobs.get'] = () => made({ id: id as JobId, request: REQUEST });
    await vi.advanceTimersByTimeAsync(5000);
    expect(state.submissions.unheard).toEqual([]);
    expect(state.submissions.notAccepted).toBeNull();
    expect(state.jobs.all.map((each) => each.id)).toEqual([id]);
  });

  test('is known by an event about its job, before or after the call breaks', async () => {
    const broken = Promise.withResolvers<typeof LOST>();
    const { script, state, sender } = await opened({ 'jobs.create': () => broken.promise });
    const sent = click(sender);
    await vi.waitFor(() => expect(idsOf(script)).toHaveLength(1));
    script.push({ type: 'job', job: made({ id: idsOf(script)[0] as JobId, request: REQUEST }) });
    expect(await sent).toEqual(idsOf(script));
    broken.resolve(LOST);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.submissions.unheard).toEqual([]);
  });

  test('is “not accepted, nothing sent” only once the host has said so twice, and not if the job shows after all', async () => {
    const { script, state, sender } = await opened({ 'jobs.create': () => LOST, 'jobs.get': () => null });
    await click(sender);
    await vi.advanceTimersByTimeAsync(100);
    expect(state.submissions.notAccepted).toBeNull();
    await vi.advanceTimersByTimeAsync(1000);
    expect(state.submissions.notAccepted?.message).toBe(
      'Emulsion didn’t receive this request, so it wasn’t sent. Not billed.',
    );
    script.push({ type: 'job', job: made({ id: idsOf(script)[0] as JobId, request: REQUEST }) });
    expect(state.submissions.notAccepted).toBeNull();
  });

  test('of a host that stays silent frees the button, and keeps the id', async () => {
    const { script, state, sender } = await opened({
      'jobs.create': () => new Promise(() => undefined),
      'jobs.get': () => LOST,
    });
    const sent = click(sender);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await sent).toBeNull();
    expect([sender.sending, state.submissions.unheard.length]).toEqual([false, 1]);
    script.answers['jobs.create'] = made;
    expect(await click(sender)).toEqual([idsOf(script)[0]]);
  });
});

test('an unexpected error of the host is no proof that nothing was recorded', async () => {
  const internal = { refusal: { code: 'internal', message: 'Something went wrong in Emulsion.', billing: 'none' } };
  const { state, sender } = await opened({ 'jobs.create': () => internal, 'jobs.get': () => null });
  await click(sender);
  expect(state.submissions.unheard).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2000);
  expect(state.submissions.notAccepted?.message).toContain('Something went wrong in Emulsion.');
});

test('a retry asks for what is missing, and dismisses the old job once it is known to be accepted', async () => {
  const { script, sender } = await opened({ 'jobs.create': () => LOST, 'jobs.get': () => LOST });
  const error = { code: 'interrupted', message: 'Emulsion quit.', billing: 'possible' } as const;
  const got = generation(1, { state: 'done', billing: 'billed', images: [image(1)] });
  const unknown = generation(2, { state: 'interrupted', billing: 'possible', error });
  const unsent = generation(3, { state: 'interrupted', billing: 'none', sentAt: null, error });
  const four = job(9, { state: 'interrupted', finishedAt: 9, error, generations: [got, got, unknown, unsent] });
  expect(await retryJob(sender, four, 1)).toBeNull();
  expect(script.calls.find(({ endpoint }) => endpoint === 'jobs.create')?.payload).toMatchObject({
    request: { parameters: { n: 2 } },
  });
  const dismissals = () => script.calls.filter(({ endpoint }) => endpoint === 'jobs.dismiss').length;
  expect(dismissals()).toBe(0);
  script.push({ type: 'job', job: made({ id: idsOf(script)[0] as JobId, request: REQUEST }) });
  expect(dismissals()).toBe(1);
});

test('a retry that an event and an answer both show to be accepted dismisses the old job once', async () => {
  const { script, sender } = await opened({ 'jobs.create': () => LOST, 'jobs.get': () => LOST });
  const error = { code: 'interrupted', message: 'Emulsion quit.', billing: 'possible' } as const;
  const failed = job(9, { state: 'interrupted', finishedAt: 9, error });
  await retryJob(sender, failed, 1);
  script.answers['jobs.create'] = (asked: Asked) => {
    script.push({ type: 'job', job: made(asked) });
    return made(asked);
  };
  vi.advanceTimersByTime(1000);
  expect(await retryJob(sender, failed, 1)).toBe(idsOf(script)[0]);
  expect(script.calls.filter(({ endpoint }) => endpoint === 'jobs.dismiss')).toHaveLength(1);
});
