import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BatchId, JobId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { RequestSender } from '../../../renderer/state/request-sender.svelte.ts';
import { retryJob } from '../../../renderer/state/retry-job.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import type { RequestPayload } from '../../../renderer/state/submissions.svelte.ts';
import { job, scriptedStudio, SETTINGS, type ScriptedStudio } from './scripted-studio.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  localStorage.clear();
  sessionStorage.clear();
});

const LOST = { refusal: { code: 'host-lost', message: 'Emulsion isn’t responding.', billing: 'possible' } };
const REQUEST = job(1, { request: { ...job(1).request, profileId: 'demo' as never } }).request;
interface Asked {
  id: JobId;
  request: JobRequest;
}
type Answers = Parameters<typeof scriptedStudio>[0];
const made = ({ id, request }: Asked): Job => job(1, { id, request, state: 'waiting' });
const unanswered: Answers = { 'jobs.create': () => LOST, 'jobs.createBatch': () => LOST, 'jobs.get': () => LOST };

/** A page as it is after a reload: nothing is left but what the browser stores. */
async function openPage(answers: Answers) {
  const script = scriptedStudio(answers);
  const state = new StudioState(script.studio);
  await state.start();
  return { script, state, sender: new RequestSender(state) };
}

type Page = Awaited<ReturnType<typeof openPage>>;

/** The page ends: its calls and timers end with it. */
async function leave({ state, script }: Page): Promise<void> {
  state.stop();
  vi.clearAllTimers();
  script.answers['jobs.get'] = () => new Promise(() => undefined);
  await Promise.resolve();
}

const created = ({ calls }: ScriptedStudio): Asked[] =>
  calls.filter(({ endpoint }) => endpoint === 'jobs.create').map(({ payload }) => payload as Asked);

const stored = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith('emulsion.submission.'));

function click({ sender }: Page, payload: RequestPayload = { request: REQUEST }): Promise<readonly JobId[] | null> {
  const press = sender.press(JSON.stringify(payload), 1);
  if (!press) throw new Error('This press counts as a repeated one.');
  return sender.submit(payload, press);
}

/** A page that sent a click without an answer, and was reloaded. @returns the click's id */
async function lostClick(): Promise<JobId> {
  const before = await openPage(unanswered);
  await click(before);
  const [sent] = created(before.script);
  await leave(before);
  if (!sent) throw new Error('Nothing was sent.');
  return sent.id;
}

describe('a page that is reloaded while a click is unknown', () => {
  test('asks for the job, and says nothing once it shows', async () => {
    const id = await lostClick();
    const { state } = await openPage({ ...unanswered, 'jobs.get': () => made({ id, request: REQUEST }) });
    await vi.advanceTimersByTimeAsync(0);
    expect(state.jobs.all.map((each) => each.id)).toEqual([id]);
    expect([state.submissions.unheard, state.submissions.notAccepted]).toEqual([[], null]);
    expect(stored()).toEqual([]);
  });

  test('says “unknown” while the host can’t say, and sends the same form with the same id', async () => {
    const id = await lostClick();
    const page = await openPage(unanswered);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.state.submissions.unheard.map((each) => each.id)).toEqual([id]);
    page.script.answers['jobs.create'] = made;
    expect(await click(page)).toEqual([id]);
    expect(created(page.script).map((each) => each.id)).toEqual([id]);
    expect(page.state.submissions.unheard).toEqual([]);
  });

  test('sends with the same id also before it has asked the host', async () => {
    const id = await lostClick();
    const page = await openPage({ ...unanswered, 'jobs.create': made, 'jobs.get': () => new Promise(() => undefined) });
    expect(await click(page)).toEqual([id]);
  });

  test('says “unknown” also while the host is silent', async () => {
    await lostClick();
    const { state } = await openPage({ ...unanswered, 'jobs.get': () => new Promise(() => undefined) });
    await vi.advanceTimersByTimeAsync(500);
    expect(state.submissions.unheard).toHaveLength(1);
  });

  test('says “not accepted” once no tab can still be sending it, and then forgets it', async () => {
    const id = await lostClick();
    const page = await openPage({ ...unanswered, 'jobs.get': () => null });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(page.state.submissions.notAccepted).toBeNull();
    expect(page.state.submissions.unheard).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(page.state.submissions.notAccepted).toMatchObject({ billing: 'none', detail: { kind: 'not-accepted' } });
    expect(stored()).toEqual([]);
    page.state.submissions.dismiss();
    page.script.answers['jobs.create'] = made;
    expect(await click(page)).toEqual([id]);
    await leave(page);
    const next = await openPage({ ...unanswered, 'jobs.create': made });
    expect(next.state.submissions.unheard).toEqual([]);
    expect(await click(next)).not.toEqual([id]);
  });

  test('another form is another request', async () => {
    const id = await lostClick();
    const page = await openPage({ ...unanswered, 'jobs.create': made });
    const other = { ...REQUEST, parameters: { ...REQUEST.parameters, prompt: 'Another prompt' } } as JobRequest;
    expect(await click(page, { request: other })).not.toEqual([id]);
    expect(page.state.submissions.unheard.map((each) => each.id)).toEqual([id]);
  });

  test('asks about an entry of days ago at once', async () => {
    await lostClick();
    vi.setSystemTime(Date.now() + 5 * 24 * 3600_000);
    const { state } = await openPage({ ...unanswered, 'jobs.get': () => null });
    await vi.advanceTimersByTimeAsync(1000);
    expect(state.submissions.notAccepted?.message).toContain('so it wasn’t sent');
  });

  test('a clock that was set back doesn’t delay the answer by more than ten seconds', async () => {
    await lostClick();
    vi.setSystemTime(Date.now() - 5 * 24 * 3600_000);
    const { state } = await openPage({ ...unanswered, 'jobs.get': () => null });
    await vi.advanceTimersByTimeAsync(16_000);
    expect(state.submissions.notAccepted).not.toBeNull();
  });
});

test('a click is stored before it is sent: a page that ends in the middle loses nothing', async () => {
  const before = await openPage({ ...unanswered, 'jobs.create': () => new Promise(() => undefined) });
  void click(before);
  await vi.advanceTimersByTimeAsync(0);
  const id = created(before.script)[0]?.id;
  await leave(before);
  const page = await openPage({ ...unanswered, 'jobs.create': made });
  expect(await click(page)).toEqual([id]);
});

test('a batch keeps its id over a reload, and is asked for as a batch', async () => {
  const batch = { base: REQUEST, models: [], qualities: [], variables: [] } as never;
  const before = await openPage(unanswered);
  await click(before, { batch });
  const id = (before.script.calls.find(({ endpoint }) => endpoint === 'jobs.createBatch')?.payload as { id: BatchId })
    .id;
  await leave(before);
  const cells = [{ jobId: job(7).id, job: job(7, { batchId: id, state: 'waiting' }) }];
  const page = await openPage({ ...unanswered, 'jobs.getBatch': () => ({ id, cells }) });
  await vi.advanceTimersByTimeAsync(0);
  expect(page.state.jobs.all.map((each) => each.id)).toEqual([job(7).id]);
  expect(page.state.submissions.unheard).toEqual([]);
});

test('a retry that turns out to be accepted after a reload dismisses the job that it repeats', async () => {
  const error = { code: 'interrupted', message: 'Emulsion quit.', billing: 'possible' } as const;
  const failed = job(9, { request: REQUEST, state: 'interrupted', finishedAt: 9, error });
  const before = await openPage({ ...unanswered, 'jobs.list': () => [failed] });
  await retryJob(before.sender, failed, 1);
  const id = created(before.script)[0]?.id as JobId;
  await leave(before);
  const page = await openPage({
    ...unanswered,
    'jobs.list': () => [failed],
    'jobs.get': () => made({ id, request: REQUEST }),
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(page.script.calls.filter(({ endpoint }) => endpoint === 'jobs.dismiss')).toMatchObject([
    { payload: { jobId: failed.id } },
  ]);
  expect(page.state.jobs.all.map((each) => each.id)).toEqual([id]);
});

test('what is refused, and what is known, leaves nothing stored', async () => {
  const refusal = { code: 'cap-reached', message: 'This may exceed your monthly cap.', billing: 'none' };
  const page = await openPage({ ...unanswered, 'jobs.create': () => ({ refusal }) });
  await click(page);
  expect(stored()).toEqual([]);
  page.script.answers['jobs.create'] = made;
  await page.sender.submitOverCap();
  expect(stored()).toEqual([]);
});

test('a second tab doesn’t say that it is unknown what the first one is just sending', async () => {
  const answer = Promise.withResolvers<Job>();
  const first = await openPage({ ...unanswered, 'jobs.create': () => answer.promise });
  const sent = click(first);
  await vi.advanceTimersByTimeAsync(0);
  const asked = created(first.script)[0] as Asked;
  const second = await openPage({ ...unanswered, 'jobs.get': () => made(asked), 'jobs.create': made });
  await vi.advanceTimersByTimeAsync(0);
  expect(second.state.submissions.unheard).toEqual([]);
  answer.resolve(made(asked));
  expect(await sent).toEqual([asked.id]);
  expect(first.state.submissions.unheard).toEqual([]);
});

test('another library is not asked about a click of this one, nor says that it wasn’t accepted', async () => {
  const id = await lostClick();
  const library = { ...SETTINGS.library, folder: 'Images/Other' };
  const other = await openPage({
    ...unanswered,
    'jobs.get': () => null,
    'settings.get': () => ({ ...SETTINGS, library }),
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(other.script.calls.filter(({ endpoint }) => endpoint === 'jobs.get')).toEqual([]);
  expect([other.state.submissions.unheard, other.state.submissions.notAccepted]).toEqual([[], null]);
  await leave(other);
  const page = await openPage({ ...unanswered, 'jobs.create': made });
  expect(await click(page)).toEqual([id]);
});

describe('what is stored', () => {
  test('holds neither the prompt nor anything else of the request', async () => {
    await lostClick();
    const texts = stored().map((key) => localStorage.getItem(key) ?? '');
    expect(texts).toHaveLength(1);
    const { prompt } = REQUEST.parameters as { prompt: string };
    expect(texts[0]).not.toContain(prompt);
    expect(Object.keys(JSON.parse(texts[0] ?? '') as object).sort()).toEqual([
      'at',
      'key',
      'kind',
      'library',
      'replaces',
    ]);
  });

  test('goes to the tab’s own storage where the shared one is full, and works in memory where both are', async () => {
    const set = Storage.prototype.setItem;
    const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(function (this: Storage, key, text) {
      if (this === localStorage) throw new DOMException('full', 'QuotaExceededError');
      set.call(this, key, text);
    });
    const id = await lostClick();
    const page = await openPage({ ...unanswered, 'jobs.create': made });
    expect(await click(page)).toEqual([id]);
    await leave(page);
    full.mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    const blocked = await openPage(unanswered);
    await click(blocked);
    vi.advanceTimersByTime(1000);
    await click(blocked);
    expect(new Set(created(blocked.script).map((each) => each.id)).size).toBe(1);
  });

  test.each(['', '{', 'null', '[]', '{"kind":"job"}', '{"kind":"x","key":"k","library":"l","at":1,"replaces":null}'])(
    'and damaged (%j) stops nothing',
    async (text) => {
      const key = 'emulsion.submission.00000000-0000-7000-8000-000000000001';
      localStorage.setItem(key, text);
      const page = await openPage({ ...unanswered, 'jobs.create': made });
      expect(localStorage.getItem(key)).toBeNull();
      expect(await click(page)).toHaveLength(1);
    },
  );
});
