import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { JobId } from '../../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../../electron/contract/entities/requests.ts';
import { mountView } from '../../state/mounted-view.ts';
import { generation, job, image, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';
import { imageRecord } from '../image-record.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T12:00:00Z') });
  onTestFinished(() => void vi.useRealTimers());
});

const old = image(2, { model: 'gpt-image-1.5' });
const parameters = {
  prompt: 'Two pears',
  model: 'gpt-image-1.5',
  n: 4,
  size: '1536x1024',
  quality: 'high' as const,
  background: 'transparent' as const,
  output_format: 'png' as const,
};
const record = imageRecord(2, { ...old }, { parameters });

type Asked = { id: JobId; request: JobRequest; overCap: boolean };
const studioOf = (more: Parameters<typeof scriptedStudio>[0] = {}) =>
  scriptedStudio({
    ...viewsOf([old]),
    'library.image': () => record,
    'library.response': () => ({ documents: [] }),
    'spending.tokenHistory': ({ model }: { model: string }) => ({ model, entries: [] }),
    'jobs.create': ({ id, request }: Asked) => jobOf(id, request),
    ...more,
  });
const jobOf = (id: JobId, request: JobRequest, change: Partial<Job> = {}): Job => ({
  ...job(7),
  id,
  request,
  state: 'waiting',
  generations: [],
  ...change,
});
const asks = (script: ReturnType<typeof scriptedStudio>): Asked[] =>
  script.calls.filter(({ endpoint }) => endpoint === 'jobs.create').map(({ payload }) => payload as Asked);
const again = () => page.getByRole('button', { name: 'Recreate with gpt-image-2.6-sunburst and compare' });
const dialog = () => page.getByRole('dialog');

test('a retiring model shows its date and successor; others show nothing', async () => {
  await mountView('viewer', studioOf(), uuid(2));
  await expect.element(page.getByText('gpt-image-1.5 shuts down at OpenAI on 1 Dec 2026, in 9 days.')).toBeVisible();
  const staying = studioOf({
    ...viewsOf([image(2)]),
    'library.image': () => imageRecord(2),
  });
  const { container } = await mountView('viewer', staying, uuid(2));
  await expect.poll(() => container.textContent).toContain('gpt-image-2.6-sunburst');
  expect(container.textContent).not.toContain('shuts down');
});

test('changes and cost are confirmed first; the request is sent once, after that', async () => {
  const script = studioOf();
  const { route } = await mountView('viewer', script, uuid(2));
  await again().click();
  await expect.element(dialog().getByText('only one image is needed to compare')).toBeVisible();
  // The demo profile bills nothing.
  const send = dialog().getByRole('button', { name: 'Recreate, $0' });
  await expect.element(send).toBeEnabled();
  expect(asks(script)).toEqual([]);
  await send.click();
  await expect.poll(() => asks(script).length).toBe(1);
  const [asked] = asks(script);
  expect(asked).toMatchObject({
    overCap: false,
    request: {
      operation: 'create',
      profileId: 'demo',
      repeats: uuid(2),
      parameters: { ...parameters, model: 'gpt-image-2.6-sunburst', n: 1 },
    },
  });
  if (!asked) throw new Error('Nothing was asked.');
  await expect.element(page.getByText('Queued with gpt-image-2.6-sunburst')).toBeVisible();
  await expect.element(again()).not.toBeInTheDocument();

  const done = generation(7, { state: 'done', images: [image(9)] });
  script.push({
    type: 'job',
    job: jobOf(asked.id, asked.request, { state: 'done', finishedAt: 1, generations: [done] }),
  });
  await page.getByRole('button', { name: 'Compare with the new image' }).click();
  expect([route.view, route.imageId, route.otherImageId]).toEqual(['compare', uuid(2), uuid(9)]);
});

test('an image that was recreated earlier is compared without a new request', async () => {
  const newer = image(9, { model: 'gpt-image-2.6-sunburst' });
  const script = studioOf({ 'library.image': () => ({ ...record, repeatedBy: [newer] }) });
  const { route } = await mountView('viewer', script, uuid(2));
  await expect.element(page.getByRole('button', { name: 'Compare with the new image' })).toBeVisible();
  await expect.element(again()).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByRole('menuitem', { name: 'Recreated with gpt-image-2.6-sunburst' }).click();
  expect([route.view, route.imageId, route.otherImageId]).toEqual(['compare', uuid(2), uuid(9)]);
  expect(asks(script)).toEqual([]);
});

test('closing the dialog sends nothing', async () => {
  const script = studioOf();
  await mountView('viewer', script, uuid(2));
  await again().click();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(asks(script)).toEqual([]);
});

test('exceeding the cap needs another confirmation', async () => {
  const refusal = {
    code: 'cap-reached',
    message: 'This goes over your cap of $40. Nothing was sent.',
    billing: 'none',
  };
  const script = studioOf({
    'jobs.create': ({ id, request, overCap }: Asked) => (overCap ? jobOf(id, request) : { refusal }),
  });
  await mountView('viewer', script, uuid(2));
  await again().click();
  // A second click of the same moment, which a busy page handles when another button is there.
  const impatient = new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 });
  await dialog().getByRole('button', { name: 'Recreate, $0' }).click();
  await expect.element(dialog().getByRole('alert').getByText(refusal.message)).toBeVisible();
  const anyway = dialog().getByRole('button', { name: 'Recreate anyway, $0' });
  await expect.element(anyway).toBeVisible();
  anyway.element().dispatchEvent(impatient);
  expect(asks(script)).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await anyway.click();
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(asks(script).map(({ overCap }) => overCap)).toEqual([false, true]);
});

test('a failed request says so and can be repeated', async () => {
  const script = studioOf();
  await mountView('viewer', script, uuid(2));
  await again().click();
  await dialog().getByRole('button', { name: 'Recreate, $0' }).click();
  await expect.poll(() => asks(script).length).toBe(1);
  const [asked] = asks(script);
  if (!asked) throw new Error('Nothing was asked.');
  const error = {
    code: 'server-failed',
    message: 'The server failed (500). Nothing was billed.',
    billing: 'none',
  } as const;
  script.push({ type: 'job', job: jobOf(asked.id, asked.request, { state: 'failed', finishedAt: 1, error }) });
  await expect.element(page.getByText(/^Not created: The server failed/u)).toBeVisible();
  await expect.element(again()).toBeVisible();
});
