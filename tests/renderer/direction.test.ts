import { beforeEach, expect, test } from 'vitest';
import { page, type Locator } from 'vitest/browser';
import { imageRecord } from './viewer/image-record.ts';
import { mountView } from './state/mounted-view.ts';
import { generation, image, job, scriptedStudio, uuid } from './state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const HEBREW = 'חתול כתום ישן על אדן החלון';
const ARABIC = 'قطة برتقالية';
const directionOf = (locator: Locator) => getComputedStyle(locator.element()).direction;

test('a prompt is written from right to left where its letters are, line by line', async () => {
  const { state } = await mountView('create', scriptedStudio());
  const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
  await prompt.fill(HEBREW);
  expect(directionOf(prompt)).toBe('rtl');
  expect(getComputedStyle(prompt.element()).unicodeBidi).toBe('plaintext');
  await page.getByRole('switch', { name: 'Vary' }).click();
  state.draft.form.prompt = `{${HEBREW}|${ARABIC}}`;
  const first = page.getByRole('list', { name: 'Prompts as sent' }).getByText(HEBREW);
  await expect.poll(() => directionOf(first)).toBe('rtl');
  await prompt.fill('A cat');
  expect(directionOf(prompt)).toBe('ltr');
});

test('a prompt in a list of jobs is written in its own direction', async () => {
  const request = { ...job(1).request, parameters: { prompt: ARABIC, model: 'gpt-image-2' } } as never;
  const error = { code: 'timed-out', message: 'No answer.', billing: 'none' } as const;
  const failed = job(1, { request, state: 'failed', error, finishedAt: 1, generations: [generation(1, { error })] });
  const script = scriptedStudio({
    'jobs.list': () => [failed],
    'library.recentJobs': () => [
      { ...failed, jobId: uuid(3), cost: 1, prompt: HEBREW, model: 'gpt-image-2', size: null, images: [image(3)] },
    ],
  });
  await mountView('create', script);
  await expect.poll(() => directionOf(page.getByText(HEBREW))).toBe('rtl');
  await expect.poll(() => directionOf(page.getByText(ARABIC).first())).toBe('rtl');
  await mountView('activity', script);
  await page.getByText(ARABIC).last().click();
  const own = page.getByRole('complementary').getByText(ARABIC);
  await expect.poll(() => directionOf(own)).toBe('rtl');
});

test('the record shows the prompt in its own direction', async () => {
  const record = imageRecord(2, {}, { parameters: { prompt: HEBREW, model: 'gpt-image-2' } });
  const script = scriptedStudio({
    'library.image': () => record,
    'library.response': () => ({ documents: [] }),
  });
  await mountView('viewer', script, uuid(2));
  await expect.poll(() => directionOf(page.getByText(HEBREW).first())).toBe('rtl');
});
