import { tick } from 'svelte';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { stopClock } from '../page/stopped-clock.ts';
import { doubleClick } from '../stage/real-pointer.ts';
import { mountView } from '../state/mounted-view.ts';
import { generation, job, image, scriptedStudio, uuid, type ScriptedStudio } from '../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  // The browser's list of what it has loaded is finite, and the page's own modules fill it.
  performance.clearResourceTimings();
  await page.viewport(1400, 900);
});

const prompt = () => page.getByRole('textbox', { name: 'Prompt', exact: true });
const createButton = (name = 'Create 1 image') => page.getByRole('button', { name, exact: true });
const sent = ({ calls }: ScriptedStudio) => calls.filter(({ endpoint }) => endpoint === 'jobs.create');

test('nothing can be sent without a prompt, and the button says why; with one, it sends exactly one request', async () => {
  const script = scriptedStudio({ 'jobs.create': () => job(1, { state: 'waiting' }) });
  await mountView('create', script);
  await expect.element(createButton()).toBeDisabled();
  await expect.element(page.getByText('Write a prompt')).toBeVisible();
  await prompt().fill('Two pears');
  await expect.element(createButton()).toBeEnabled();
  await doubleClick(createButton().element());
  await expect.poll(() => sent(script).length).toBe(1);
  expect(sent(script)[0]?.payload).toMatchObject({
    overCap: false,
    request: { operation: 'create', profileId: 'demo', parameters: { prompt: 'Two pears', stream: true } },
  });
  await expect.element(prompt()).toHaveValue('Two pears');
});

test('the button names the number of images; Ctrl Enter sends from inside the prompt', async () => {
  const script = scriptedStudio({ 'jobs.create': () => job(1) });
  await mountView('create', script);
  await prompt().fill('Two pears');
  await page.getByRole('button', { name: 'More images' }).click();
  await expect.element(createButton('Create 2 images')).toBeEnabled();
  await expect.element(page.getByText('as 2 requests')).toBeVisible();
  await prompt().click();
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.poll(() => sent(script).length).toBe(1);
  expect(sent(script)[0]?.payload).toMatchObject({ request: { parameters: { n: 2 } } });
});

test('a prompt over the limit is marked at once and kept whole', async () => {
  await mountView('create', scriptedStudio());
  await prompt().fill('a'.repeat(32_001));
  await expect.element(page.getByText('32,001 / 32,000')).toBeVisible();
  await expect.element(prompt()).toHaveAttribute('aria-invalid', 'true');
  await expect.element(createButton()).toBeDisabled();
  await expect.element(page.getByText('Shorten the prompt')).toBeVisible();
});

test('a text of a megabyte is cut to what the field takes, and says so', async () => {
  await mountView('create', scriptedStudio());
  await expect.element(prompt()).toHaveAttribute('maxlength', '100000');
  await prompt().fill('a'.repeat(100_000));
  await expect.element(page.getByText(/^The limit is 100,000 characters/u)).toBeVisible();
});

test('a size that the model does not take is explained, and mended by one button', async () => {
  const script = scriptedStudio({ 'jobs.create': () => job(1) });
  const { state } = await mountView('create', script);
  await prompt().fill('A panorama');
  state.draft.form.size = '1536x1024';
  await page.getByRole('combobox', { name: 'Size' }).click();
  await page.getByRole('option', { name: 'Custom size…' }).click();
  await page.getByRole('textbox', { name: 'Width' }).fill('3900');
  await page.getByRole('textbox', { name: 'Height' }).fill('1392');
  await expect.element(page.getByText('Fix the size')).toBeVisible();
  await page.getByRole('button', { name: 'Use 3840 × 1392' }).click();
  await createButton().click();
  await expect.poll(() => sent(script).length).toBe(1);
  expect(sent(script)[0]?.payload).toMatchObject({ request: { parameters: { size: '3840x1392' } } });
});

test('what a model lacks stays visible and off, and what is not sent says why', async () => {
  const { state } = await mountView('create', scriptedStudio());
  state.draft.form.model = 'gpt-image-2';
  const clear = page.getByRole('radio', { name: 'Clear' });
  await expect.element(clear).toBeDisabled();
  await expect.element(clear).toHaveAttribute('title', 'Not supported by gpt-image-2');
  await expect.element(page.getByRole('radio', { name: 'GIF' })).toBeDisabled();
  await expect.element(page.getByText('PNG is lossless')).toBeVisible();
  await expect.element(page.getByText('not supported by gpt-image-2')).toBeVisible();
});

test('a running job shows its partial images, counts the seconds and can be stopped', async () => {
  const clock = stopClock();
  const sentAt = clock.now - 41_000;
  const partials = [{ generationId: uuid(1) as GenerationId, index: 0, arrivedAt: clock.now, bytes: 1 }];
  const running = job(1, { startedAt: sentAt, generations: [generation(1, { sentAt })] });
  const script = scriptedStudio({ 'jobs.list': () => [running] });
  const { container } = await mountView('create', script);
  await expect.element(page.getByRole('heading', { name: 'Creating 1 image' })).toBeVisible();
  const frame = container.querySelector('.live-frame .frame');
  const timer = page.getByRole('timer', { name: 'Elapsed time' });
  await expect.element(timer).toHaveTextContent('0:41');
  clock.pass(2000);
  await expect.element(timer).toHaveTextContent('0:43');
  await expect.element(page.getByText('Partial 1 · generating')).toBeVisible();
  script.push({ type: 'job', job: { ...running, generations: [{ ...running.generations[0]!, partials }] } });
  await expect.element(page.getByText('2 · generating')).toBeVisible();
  // It is asked for after a moment, and what cannot be loaded here leaves the frame at once.
  const asked = () => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
  await expect.poll(asked).toContain(`/images/partial/${uuid(1)}/0`);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect
    .poll(() => script.calls.filter(({ endpoint }) => endpoint === 'jobs.cancel').map(({ payload }) => payload))
    .toEqual([{ jobId: running.id }]);
  const drawn = { ...running.generations[0]!, partials, images: [image(1)] };
  script.push({ type: 'job', job: { ...running, generations: [drawn] } });
  await expect.element(page.getByRole('link', { name: 'Image 1' })).toBeVisible();
  // The same frame, so that it is never blank between the last partial image and the image.
  expect(container.querySelector('.live-frame .frame')).toBe(frame);
});

test('when a job ends, its images stay where they were made until the next one is sent', async () => {
  const running = job(1);
  const done: Job = {
    ...running,
    state: 'done',
    finishedAt: Date.now(),
    generations: [generation(1, { state: 'done', images: [image(1)] })],
  };
  const run = {
    jobId: running.id,
    prompt: 'Image 1',
    model: 'm',
    size: null,
    quality: null,
    createdAt: Date.now(),
    startedAt: null,
    images: [image(1)],
  };
  const script = scriptedStudio({
    'jobs.list': () => [running],
    'library.recentJobs': () => [run],
    'jobs.create': () => job(2),
  });
  await mountView('create', script);
  await expect.element(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  script.push({ type: 'job', job: done });
  await expect.element(page.getByText('Created 1 image')).toBeVisible();
  expect(page.getByRole('link', { name: 'Image 1' }).elements().length).toBe(1);
  await prompt().fill('The next one');
  await createButton().click();
  await expect.element(page.getByRole('heading', { name: 'Creating 1 image' })).toBeVisible();
  await expect.element(page.getByText('Created 1 image')).not.toBeInTheDocument();
  expect(page.getByRole('link', { name: 'Image 1' }).elements().length).toBe(1);
});

const moderation: ErrorReport = {
  code: 'moderation-blocked',
  message: 'The server’s safety system blocked it. Nothing was billed. Change the prompt and send again.',
  billing: 'none',
  field: 'prompt',
  server: { status: 400, message: 'Rejected.', requestId: 'req_1' },
};

test('a failure is an alert that stays until it is dismissed; its request can be loaded or sent anew by hand', async () => {
  const failed = job(3, { state: 'failed', finishedAt: 1, error: moderation });
  const script = scriptedStudio({ 'jobs.list': () => [failed], 'jobs.create': () => job(4) });
  const { state } = await mountView('create', script);
  const alert = page.getByRole('alert');
  await expect.element(alert.getByText('The server’s safety system blocked it.')).toBeVisible();
  await page.getByRole('button', { name: 'Details' }).click();
  await expect.element(page.getByText('Rejected.')).toBeVisible();
  state.draft.form.prompt = 'My own words';
  await page.getByRole('button', { name: 'Reuse' }).click();
  await expect.element(prompt()).toHaveValue('Image 3');
  await expect.element(prompt()).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('button', { name: 'Restore previous draft' }).click();
  await expect.element(prompt()).toHaveValue('My own words');
  expect(sent(script)).toEqual([]);
  await page.getByRole('button', { name: 'Retry as a new request' }).click();
  await expect.poll(() => sent(script).length).toBe(1);
  await expect.element(alert).not.toBeInTheDocument();
});

test('“Try again” is its own button: it sends at once when Create has failed fast, and once for a double click', async () => {
  let jobs = 0;
  const script = scriptedStudio({
    'jobs.create': () => job((jobs += 1), { state: 'failed', finishedAt: 1, error: moderation }),
  });
  await mountView('create', script);
  await prompt().fill('Two pears');
  await createButton().click();
  const retry = page.getByRole('button', { name: 'Retry as a new request' });
  await retry.click();
  await expect.poll(() => sent(script).length).toBe(2);
  // The second job has failed too, and its notice stands where the first one's was.
  await expect.element(retry).toBeVisible();
  await doubleClick(retry.element());
  await expect.poll(() => sent(script).length).toBe(3);
  await createButton().click();
  await expect.poll(() => sent(script).length).toBe(4);
});

test('every partial image of a job that did not end well opens large, and can be downloaded', async () => {
  const error: ErrorReport = {
    code: 'answer-cut',
    message: 'The answer was cut off. It was billed.',
    billing: 'billed',
  };
  const partials = [0, 1, 2].map((index) => ({
    generationId: uuid(5) as GenerationId,
    index,
    arrivedAt: 1,
    bytes: 1,
  }));
  const cut = generation(5, { state: 'failed', partials, error });
  await mountView(
    'create',
    scriptedStudio({ 'jobs.list': () => [job(5, { state: 'failed', finishedAt: 1, error, generations: [cut] })] }),
  );
  const alert = page.getByRole('alert');
  await expect.element(alert.getByRole('link', { name: 'Partial 1 of 3' })).toBeVisible();
  expect(alert.getByRole('link').elements().length).toBe(3);
  await alert.getByRole('link', { name: 'Partial 2 of 3' }).click();
  const dialog = page.getByRole('dialog', { name: 'Partial 2 of 3' });
  await expect.element(dialog.getByRole('img', { name: 'Partial 2 of 3' })).toBeInTheDocument();
  const download = dialog.getByRole('link', { name: 'Download' });
  await expect.element(download).toHaveAttribute('href', `/images/partial/${uuid(5)}/1`);
  await expect.element(download).toHaveAttribute('download', 'partial-2-000000000005.png');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect.element(dialog).not.toBeInTheDocument();
});

const full: ErrorReport = { code: 'disk-full', message: 'The disk is full. Make room and try again.', billing: 'none' };

test('a notice that cannot be dismissed and a job that cannot be stopped say why', async () => {
  const failed = job(3, { state: 'failed', finishedAt: 1, error: moderation });
  const script = scriptedStudio({
    'jobs.list': () => [failed, job(4)],
    'jobs.dismiss': () => ({ refusal: full }),
    'jobs.cancel': () => ({ refusal: full }),
  });
  await mountView('create', script);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect.element(page.getByText(/^Couldn’t dismiss. The disk is full./u)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect.element(page.getByText(/^Couldn’t stop. The disk is full./u)).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Stop' })).toBeEnabled();
});

test('while the host cannot be reached no clock goes on', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const running = job(1, { startedAt: Date.now() - 41_000 });
  const script = scriptedStudio({ 'jobs.list': () => [running] });
  await mountView('create', script);
  const timer = page.getByRole('timer', { name: 'Elapsed time' });
  await expect.element(timer).toHaveTextContent('0:41');
  script.push({ type: 'connection', online: false });
  await tick();
  vi.advanceTimersByTime(30_000);
  await tick();
  await expect.element(timer).toHaveTextContent('0:41');
  script.push({ type: 'connection', online: true });
  await expect.element(timer).toHaveTextContent('1:11');
});

test('in a narrow window the prompt is one button away, and the sheet goes when its request is sent', async () => {
  await page.viewport(880, 600);
  const script = scriptedStudio({ 'jobs.create': () => job(1) });
  await mountView('create', script);
  await expect.element(page.getByText(/on the right/u)).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Write a prompt' }).click();
  await expect.element(prompt()).toHaveFocus();
  await prompt().fill('Two pears');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.element(page.getByRole('heading', { name: 'Creating 1 image' })).toBeVisible();
  await expect.element(prompt()).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Write a prompt' }).click();
  await expect.element(prompt()).toHaveFocus();
});

test('a request that is refused before it is recorded says so and can be sent again', async () => {
  const refusal: ErrorReport = {
    code: 'key-missing',
    message: 'The profile has no key. Add one in Settings. Nothing was sent.',
    billing: 'none',
  };
  const script = scriptedStudio({ 'jobs.create': () => ({ refusal }) });
  const { route } = await mountView('create', script);
  await prompt().fill('Two pears');
  await createButton().click();
  await expect.element(page.getByRole('alert').getByText('The profile has no key.')).toBeVisible();
  await expect.element(createButton()).toBeEnabled();
  await page.getByRole('button', { name: 'Open Settings' }).click();
  expect(route.view).toBe('settings');
});

test('an empty library offers prompts that fill the form and send nothing', async () => {
  const script = scriptedStudio();
  await mountView('create', script);
  await page.getByRole('button', { name: /lighthouse/u }).click();
  await expect.poll(() => (prompt().element() as HTMLTextAreaElement).value).toMatch(/^A lighthouse/u);
  expect(sent(script)).toEqual([]);
});

test('a prompt is counted as the API counts, and one that is too long is kept and marked, never cut', async () => {
  await mountView('create', scriptedStudio());
  // Two UTF-16 units make this one character.
  await prompt().fill('🍐');
  await expect.element(page.getByText('2 / 32,000')).toBeVisible();
  const long = '🍐'.repeat(16_001);
  await prompt().fill(long);
  await expect.element(page.getByText('32,002 / 32,000')).toBeVisible();
  await expect.element(prompt()).toBeInvalid();
  await expect.element(prompt()).toHaveAccessibleDescription(/32,002 characters/u);
  expect((prompt().element() as HTMLTextAreaElement).value).toBe(long);
});
