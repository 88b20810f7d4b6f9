import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { JobId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { doubleClick } from '../stage/real-pointer.ts';
import { mountView } from '../state/mounted-view.ts';
import { generation, image, job, scriptedStudio, uuid, viewsOf } from '../state/scripted-studio.ts';
import { imageRecord, WITH_IMAGES } from '../viewer/image-record.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const REFUSED: ErrorReport = { code: 'server-failed', message: 'The server failed. Not billed.', billing: 'none' };
const OVER_CAP: ErrorReport = { code: 'cap-reached', message: 'This exceeds your cap.', billing: 'none' };
const END = 1_795_000_100_000;

/** The job of image 2: three images in three requests, of which two failed. */
function partial(change: Partial<Job> = {}): Job {
  const { request, ...base } = job(2);
  return {
    ...base,
    request: { ...request, parameters: { ...request.parameters, n: 3 } } as JobRequest,
    state: 'failed',
    startedAt: END - 5000,
    finishedAt: END,
    error: REFUSED,
    estimate: { min: 120_000, max: 120_000 },
    generations: [
      generation(2, { state: 'done', billing: 'billed', finishedAt: END, images: [image(2)] }),
      generation(21, { state: 'failed', billing: 'none', error: REFUSED, finishedAt: END }),
      generation(22, { state: 'failed', billing: 'none', error: REFUSED, finishedAt: END }),
    ],
    ...change,
  };
}

function studioOf(jobs: Job[], more: Parameters<typeof scriptedStudio>[0] = {}) {
  const script = scriptedStudio({
    ...viewsOf([image(3), image(2), image(1)]),
    'library.image': ({ imageId }: { imageId: string }) => imageRecord(Number(imageId.slice(-3))),
    'jobs.list': () => jobs,
    'jobs.create': ({ id, request }: { id: JobId; request: JobRequest }) => ({ ...job(9), id, request }),
    'jobs.dismiss': () => null,
    ...more,
  });
  const sent = () => script.calls.filter(({ endpoint }) => endpoint === 'jobs.create').map(({ payload }) => payload);
  return { script, sent };
}

const dialog = () => page.getByRole('dialog', { name: 'Retry 2 missing images' });
const offered = () => page.getByRole('complementary', { name: 'Record' }).getByRole('button', { name: /^Retry/u });

test('the viewer offers to retry what its job didn’t receive, with count and price, and sends it once', async () => {
  const { script, sent } = studioOf([partial()]);
  await mountView('viewer', script, uuid(2), WITH_IMAGES);
  await expect.element(page.getByText('2 images of this job are missing.')).toBeVisible();
  await expect.element(offered()).toHaveTextContent('Retry 2 missing · $0.080…');
  await offered().click();
  await expect.element(dialog().getByText('The server failed. Not billed.')).toBeVisible();
  await expect.element(dialog().getByText('$0.080', { exact: true })).toBeVisible();
  expect(sent()).toEqual([]);
  await doubleClick(dialog().getByRole('button', { name: 'Retry · $0.080' }).element());
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(sent()).toMatchObject([{ request: { operation: 'create', parameters: { n: 2 } } }]);
  expect(script.calls.filter(({ endpoint }) => endpoint === 'jobs.dismiss').map(({ payload }) => payload)).toEqual([
    { jobId: uuid(2) },
  ]);
  await expect.element(offered()).not.toBeInTheDocument();
});

test('the context menu of the grid and of the open image have it, only for an image whose job lacks images', async () => {
  const { script, sent } = studioOf([partial()]);
  await mountView('library', script, null, WITH_IMAGES);
  const cells = page.getByRole('grid', { name: 'Images' }).getByRole('gridcell');
  await cells.nth(0).click({ button: 'right' });
  await expect.element(page.getByRole('menuitem', { name: 'Edit in Canvas' })).toBeVisible();
  await expect.element(page.getByRole('menuitem', { name: /^Retry/u })).not.toBeInTheDocument();
  await userEvent.keyboard('{Escape}');
  await cells.nth(1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Retry 2 missing · $0.080…' }).click();
  await expect.element(dialog()).toBeVisible();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(sent()).toEqual([]);
});

test('the open image has the menu of the grid', async () => {
  const { script } = studioOf([partial()]);
  await mountView('viewer', script, uuid(2), WITH_IMAGES);
  await page.getByRole('img', { name: 'Image 2' }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Retry 2 missing/u }).click();
  await expect.element(dialog()).toBeVisible();
});

test.each([
  ['it was dismissed', { dismissed: true }],
  ['its images wait to be saved', { unsaved: [{ path: '/rescue/1.png' }] }],
  ['it is still running', { state: 'running', finishedAt: null, error: null }],
] as const)('nothing is offered for a job where %s', async (_why, change) => {
  const { script } = studioOf([partial(change as Partial<Job>)]);
  await mountView('viewer', script, uuid(2), WITH_IMAGES);
  await expect.element(page.getByRole('button', { name: 'Use prompt' })).toBeVisible();
  await expect.element(offered()).not.toBeInTheDocument();
});

test('over the monthly cap, the person is asked, and the same click is sent', async () => {
  let over = true;
  const { script, sent } = studioOf([partial()], {
    'jobs.create': ({ id, request }: { id: JobId; request: JobRequest }) =>
      over ? { refusal: OVER_CAP } : { ...job(9), id, request },
  });
  await mountView('viewer', script, uuid(2), WITH_IMAGES);
  await offered().click();
  // A second click of the same moment, which a busy page handles when another button is there.
  const impatient = new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 });
  await dialog().getByRole('button', { name: 'Retry · $0.080' }).click();
  await expect.element(dialog().getByRole('alert')).toHaveTextContent('This exceeds your cap.');
  over = false;
  const anyway = dialog().getByRole('button', { name: 'Retry anyway · $0.080' });
  await expect.element(anyway).toBeVisible();
  anyway.element().dispatchEvent(impatient);
  expect(sent()).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await anyway.click();
  await expect.element(dialog()).not.toBeInTheDocument();
  const [first, second] = sent() as { id: string; overCap: boolean }[];
  expect([second?.id, first?.overCap, second?.overCap]).toEqual([first?.id, false, true]);
});

test('a retry that is refused says why, and nothing is dismissed', async () => {
  const refusal: ErrorReport = { code: 'key-missing', message: 'The key is missing. Not sent.', billing: 'none' };
  const { script } = studioOf([partial()], { 'jobs.create': () => ({ refusal }) });
  await mountView('viewer', script, uuid(2), WITH_IMAGES);
  await offered().click();
  await dialog().getByRole('button', { name: 'Retry · $0.080' }).click();
  await expect.element(dialog().getByRole('alert')).toHaveTextContent('The key is missing. Not sent.');
  expect(script.calls.some(({ endpoint }) => endpoint === 'jobs.dismiss')).toBe(false);
});
