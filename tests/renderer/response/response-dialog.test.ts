import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { ResponseHead } from '../../../electron/contract/entities/generations.ts';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { mountView } from '../state/mounted-view.ts';
import { generation, image, job, scriptedStudio, uuid, type ScriptedStudio } from '../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const ERROR: ErrorReport = {
  code: 'permission-denied',
  message: 'The server refused this request. Not billed.',
  billing: 'none',
  server: { status: 403, message: 'no access', requestId: 'req_9' },
};
const failed = (change: Partial<Job> = {}): Job =>
  job(1, {
    state: 'failed',
    finishedAt: Date.now(),
    error: ERROR,
    generations: [generation(1, { state: 'failed', error: ERROR, finishedAt: Date.now() })],
    ...change,
  });
const head = (number: number, change: Partial<ResponseHead> = {}): ResponseHead => ({
  generationId: uuid(number) as GenerationId,
  state: 'failed',
  status: 403,
  requestId: `req_${number}`,
  ...change,
});

function studioWith(jobs: Job[], heads: ResponseHead[], documents: (id: string) => unknown[]): ScriptedStudio {
  return scriptedStudio({
    'jobs.list': () => jobs,
    'jobs.finished': () => ({ jobs, next: null }),
    'jobs.history': () => ({ jobs, next: null }),
    'jobs.listResponses': () => heads,
    'library.response': ({ generationId }: { generationId: string }) => ({ documents: documents(generationId) }),
  });
}
const show = () => page.getByRole('button', { name: 'Show response' }).first();
const dialog = () => page.getByRole('dialog', { name: 'Server response' });

test('Create: a failed job shows what the server said, with its status and request id', async () => {
  const body = { error: { message: 'Your organisation has no access.', code: 'forbidden', trace: 'eu-1' } };
  await mountView(
    'create',
    studioWith([failed()], [head(1)], () => [body]),
  );
  await show().click();
  await expect.element(dialog().getByText('Failed · HTTP 403')).toBeVisible();
  await expect.element(dialog().getByText('req_1', { exact: true })).toBeVisible();
  await expect.element(dialog().getByText(/Your organisation has no access\./u)).toBeVisible();
  await expect.element(dialog().getByText(/"trace": "eu-1"/u)).toBeVisible();
  await expect.element(dialog().getByRole('button', { name: 'Copy response' })).toBeVisible();
  expect((await axe.run(dialog().element(), { rules: { region: { enabled: false } } })).violations).toEqual([]);
  await dialog().getByRole('button', { name: 'Close' }).click();
  await expect.element(dialog()).not.toBeInTheDocument();
});

test('each request of a job has its own response', async () => {
  const heads = [head(1, { state: 'done', status: 200 }), head(2)];
  await mountView(
    'create',
    studioWith([failed()], heads, (id) => [{ from: id }]),
  );
  await show().click();
  await expect.element(dialog().getByText(new RegExp(`"from": "${uuid(1)}"`, 'u'))).toBeVisible();
  await dialog().getByRole('combobox', { name: 'Request' }).click();
  await page.getByRole('option', { name: 'Request 2 of 2 · Failed · HTTP 403' }).click();
  await expect.element(dialog().getByText(new RegExp(`"from": "${uuid(2)}"`, 'u'))).toBeVisible();
});

test('a long response is drawn in part until all of it is asked for; a search goes through all of it', async () => {
  const long = { text: `${'a'.repeat(60_000)} the end` };
  await mountView(
    'create',
    studioWith([failed()], [head(1)], () => [long]),
  );
  await show().click();
  const text = dialog().getByRole('region', { name: 'Server response' });
  await expect.element(text).toBeVisible();
  await expect.poll(() => text.element().textContent.length).toBeLessThan(21_000);
  await dialog().getByRole('searchbox', { name: 'Search response' }).fill('the end');
  await expect.element(dialog().getByText('1 of 1', { exact: true })).toBeVisible();
  await dialog().getByRole('searchbox', { name: 'Search response' }).fill('');
  await dialog()
    .getByRole('button', { name: /^Show 40,\d{3} more characters$/u })
    .click();
  await expect.poll(() => text.element().textContent).toContain('the end');
});

test('without a response the dialog says so', async () => {
  const script = studioWith([failed()], [head(1, { status: null, requestId: null })], () => []);
  await mountView('create', script);
  await show().click();
  await expect.element(dialog().getByText('No response received.')).toBeVisible();
});

test('a job of which nothing was sent has no response to show', async () => {
  const unsent = { code: 'key-missing', message: 'Add a key.', billing: 'none' } as const;
  const generations = [generation(1, { state: 'failed', sentAt: null, error: unsent })];
  await mountView(
    'create',
    studioWith([failed({ error: unsent, generations })], [], () => []),
  );
  await expect.element(page.getByText('Add a key.')).toBeVisible();
  await expect.element(show()).not.toBeInTheDocument();
});

test('Activity: a finished and a failed job show their responses', async () => {
  const done = job(2, {
    state: 'done',
    finishedAt: Date.now(),
    generations: [generation(2, { state: 'done', finishedAt: Date.now(), images: [image(2)] })],
  });
  const script = studioWith([failed(), done], [head(2, { state: 'done', status: 200 })], () => [{ ok: 'kept' }]);
  await mountView('activity', script);
  for (const name of ['Image 1', 'Image 2']) {
    await page.getByText(name, { exact: true }).first().click();
    await show().click();
    await expect.element(dialog().getByText(/"ok": "kept"/u)).toBeVisible();
    await dialog().getByRole('button', { name: 'Close' }).click();
  }
  const asked = script.calls.filter(({ endpoint }) => endpoint === 'jobs.listResponses');
  expect(asked.map(({ payload }) => payload)).toEqual([{ jobId: uuid(1) }, { jobId: uuid(2) }]);
});

test('Create: a finished job in the list shows its response', async () => {
  const script = studioWith([], [head(1, { state: 'done', status: 200 })], () => [{ ok: 'kept' }]);
  script.answers['library.recentJobs'] = () => [
    {
      jobId: uuid(3),
      cost: 1,
      estimate: null,
      prompt: 'A pier',
      model: 'gpt-image-2',
      size: '1024x1024',
      quality: 'low',
      createdAt: Date.now(),
      images: [image(3)],
    },
  ];
  await mountView('create', script);
  await show().click();
  await expect.element(dialog().getByText('Completed · HTTP 200')).toBeVisible();
  await expect.element(dialog().getByText(/"ok": "kept"/u)).toBeVisible();
});
