import axe from 'axe-core';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ProfileId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Input, JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { Settings } from '../../../electron/contract/entities/settings.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { PARAMETERS_OF } from '../../../electron/contract/rules/parameter-rules.ts';
import { OPERATIONS } from '../../../electron/contract/catalogue/parameters.ts';
import { parameterName } from '../../../renderer/state/parameter-labels.ts';
import { VARIATION_PROMPT } from '../../../renderer/state/request-form.ts';
import { mountView, type Mounted } from '../state/mounted-view.ts';
import { job, NOTHING_SPENT, scriptedStudio, SETTINGS, uuid, type ScriptedStudio } from '../state/scripted-studio.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

const sha = (number: number): Sha256 => String(number).repeat(64) as Sha256;
const input = (number: number, role: Input['role'] = 'image'): Input => ({ role, sha256: sha(number), image: null });
function known(number: number, change: Partial<InputImage> = {}): InputImage {
  return {
    sha256: sha(number),
    image: null,
    name: `Reference ${number}`,
    format: 'png',
    bytes: 1000,
    width: 1024,
    height: 1024,
    orientation: 1,
    frames: 1,
    hasAlpha: true,
    thumbhash: null,
    changes: [],
    ...change,
  };
}
const describeInputs = {
  'inputs.get': ({ inputs }: { inputs: Sha256[] }) =>
    [1, 2, 3].map((number) => known(number)).filter(({ sha256 }) => inputs.includes(sha256)),
};

const paid = (change: Partial<Settings> = {}): Settings => ({
  ...SETTINGS,
  profiles: SETTINGS.profiles.map((profile) => ({ ...profile, free: false, name: 'Studio' })),
  ...change,
});
const prompt = () => page.getByRole('textbox', { name: 'Prompt', exact: true });
const vary = () => page.getByRole('switch', { name: 'Vary' });
const model = () => page.getByRole('combobox', { name: 'Model' });
const button = (name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
const calls = (script: ScriptedStudio, endpoint: string) => script.calls.filter((call) => call.endpoint === endpoint);
const requests = (script: ScriptedStudio) =>
  calls(script, 'jobs.create').map(({ payload }) => payload as { id: string; request: JobRequest; overCap: boolean });

async function open(script: ScriptedStudio): Promise<Mounted['state']> {
  const { state } = await mountView('create', script);
  await prompt().fill('Two pears');
  return state;
}

async function choose(field: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
}

test('every parameter of every operation has a control by its own name, where it is taken', async () => {
  const state = await open(scriptedStudio(describeInputs));
  const { form } = state.draft;
  const seen = new Set<string>();
  const look = async (): Promise<void> => {
    await expect.element(page.getByRole('region', { name: 'More' })).toBeInTheDocument();
    for (const element of document.querySelectorAll('aside [aria-label]'))
      seen.add(element.getAttribute('aria-label') ?? '');
  };
  await look();
  form.format = 'jpeg';
  await expect.element(page.getByRole('slider', { name: 'Compression' })).toBeVisible();
  await look();
  form.format = 'gif';
  await expect.element(page.getByRole('spinbutton', { name: 'Frames' })).toBeVisible();
  await look();
  form.format = 'svg';
  await expect.element(page.getByRole('textbox', { name: 'SVG model' })).toBeVisible();
  await look();
  form.model = 'dall-e-3';
  await expect.element(page.getByRole('radiogroup', { name: 'Style' })).toBeVisible();
  await look();
  form.model = 'gpt-image-1.5';
  form.inputs = [input(1)];
  await expect.element(page.getByRole('radiogroup', { name: 'Input fidelity' })).toBeVisible();
  await look();
  const all = OPERATIONS.flatMap((operation) => [...PARAMETERS_OF[operation]]).flatMap((name) =>
    name === 'svg' ? ['svg.model', 'svg.reasoning.effort'] : [name],
  );
  expect([...new Set(all)].filter((name) => !seen.has(parameterName(name)))).toEqual([]);
});

test('what a model does not take is put aside with its reason, comes back with the model, and can be forgotten', async () => {
  const script = scriptedStudio({ 'jobs.create': () => job(1) });
  const state = await open(script);
  await page.getByRole('radio', { name: 'XHigh' }).click();
  await page.getByRole('radio', { name: 'Low', exact: true }).last().click();
  await model().fill('gpt-image-2');
  await page.getByRole('option', { name: /^gpt-image-2( |$)/u }).click();
  await expect.element(page.getByText('not supported by gpt-image-2; using Auto')).toBeVisible();
  await expect.element(page.getByRole('radio', { name: 'XHigh' })).toBeDisabled();
  await expect.element(page.getByText('Quality XHigh')).toBeVisible();
  await button('Create 1 image').click();
  await expect.poll(() => requests(script)[0]?.request.parameters).toMatchObject({ quality: 'auto' });
  state.draft.form.model = 'gpt-image-2.6-sunburst';
  await expect.element(page.getByRole('radio', { name: 'XHigh' })).toBeChecked();
  state.draft.form.model = 'gpt-image-2';
  await button('Reset Quality').click();
  await expect.element(page.getByText('Quality XHigh')).not.toBeInTheDocument();
  expect(state.draft.form.quality).toBe('auto');
});

test('a size that another model had waits for it', async () => {
  const state = await open(scriptedStudio());
  await choose('Size', /^3840 × 2160/u);
  state.draft.form.model = 'gpt-image-1.5';
  await expect.element(page.getByText('Size 3840 × 2160')).toBeVisible();
  await expect.element(page.getByText('Not supported: 3840 × 2160')).toBeVisible();
  await expect.element(button('Create 1 image')).toBeEnabled();
  state.draft.form.model = 'gpt-image-2.6-flare';
  await expect.element(page.getByRole('combobox', { name: 'Size' })).toHaveTextContent('3840 × 2160 16:9');
});

test('any other size has a shape and an amount of pixels, and can be turned over', async () => {
  const state = await open(scriptedStudio());
  await choose('Size', /^Custom size/u);
  await choose('Ratio', /^21:9/u);
  expect(state.draft.form.size).toMatch(/^\d+x\d+$/u);
  await page.getByRole('radiogroup', { name: 'Megapixels' }).getByRole('radio', { name: '4' }).click();
  await expect.poll(() => state.draft.form.size).toBe('3136x1344');
  await button('Swap width and height').click();
  await expect.element(page.getByRole('textbox', { name: 'Width' })).toHaveValue('1344');
  await expect.element(page.getByRole('textbox', { name: 'Height' })).toHaveValue('3136');
});

test('a GIF says how long it is, and its budget of pixels is checked while one types, with two ways out', async () => {
  const state = await open(scriptedStudio());
  await page.getByRole('radio', { name: 'GIF' }).click();
  await expect.element(page.getByText('1.8 s total')).toBeVisible();
  await choose('Size', /^1536 × 1024/u);
  await expect.element(page.getByText(/^9 frames of this size are 14,155,776 pixels/u)).toBeVisible();
  await expect.element(page.getByText('Fix the size')).toBeVisible();
  await button('Use 5 frames').click();
  await expect.element(page.getByText('1 s total')).toBeVisible();
  await expect.element(button('Create 1 image')).toBeEnabled();
  state.draft.form.frames = 9;
  await button(/^Use \d+ × \d+$/u).click();
  await expect.element(button('Create 1 image')).toBeEnabled();
});

test('streaming is on, and several images are told as so many requests; off, they are one', async () => {
  const script = scriptedStudio({ 'jobs.create': () => job(1) });
  await open(script);
  await button('More images').click();
  await expect.element(page.getByText('as 2 requests')).toBeVisible();
  await expect.element(page.getByText(/2 separate requests$/u)).toBeVisible();
  await page.getByRole('switch', { name: 'Streaming' }).click();
  await expect.element(page.getByText('as 2 requests')).not.toBeInTheDocument();
  await expect.element(page.getByRole('radiogroup', { name: 'Partials' })).not.toBeInTheDocument();
  await button('Create 2 images').click();
  await expect.poll(() => requests(script)[0]?.request.parameters).toMatchObject({ n: 2 });
  expect(requests(script)[0]?.request.parameters).not.toHaveProperty('stream');
});

test('the model’s list is searched by typing, and any name can be used', async () => {
  const state = await open(scriptedStudio());
  await model().fill('flare');
  await expect.element(page.getByRole('option', { name: 'gpt-image-2.5-flare', exact: true })).toBeVisible();
  await expect
    .element(page.getByRole('option', { name: 'gpt-image-2.6-sunburst', exact: true }))
    .not.toBeInTheDocument();
  await model().fill('somebody/own-model');
  await page.getByRole('option', { name: 'Use “somebody/own-model”' }).click();
  expect(state.draft.form.model).toBe('somebody/own-model');
  await expect.element(page.getByText(/all options are shown, the server decides/u)).toBeVisible();
  await model().fill('another/one');
  await userEvent.keyboard('{Tab}');
  await expect.poll(() => state.draft.form.model).toBe('another/one');
});

test('Escape leaves the model as it was', async () => {
  const state = await open(scriptedStudio());
  await model().fill('something');
  await userEvent.keyboard('{Escape}');
  await expect.element(model()).toHaveValue('gpt-image-2.6-sunburst');
  expect(state.draft.form.model).toBe('gpt-image-2.6-sunburst');
});

test('a model that goes away says when, and what follows it is one button away', async () => {
  const state = await open(scriptedStudio());
  state.draft.form.model = 'gpt-image-1.5';
  await expect.element(page.getByText(/^Shut(s| ) ?down|^Shut down by OpenAI on/u)).toBeVisible();
  await button('Use gpt-image-2.6-sunburst').click();
  expect(state.draft.form.model).toBe('gpt-image-2.6-sunburst');
});

test('what it costs is said before it is sent, with the month against the cap and where it comes from', async () => {
  const script = scriptedStudio({
    'settings.get': () => paid({ monthlyCap: 40_000_000 }),
    'spending.get': () => ({ ...NOTHING_SPENT, total: 18_420_000 }),
  });
  const state = await open(script);
  state.draft.form.model = 'gpt-image-1.5';
  state.draft.form.size = '1024x1024';
  state.draft.form.quality = 'high';
  state.draft.form.count = 2;
  await expect.element(page.getByText('month $18.42 of $40')).toBeVisible();
  await expect.element(page.getByText(/^2 × \$0\.1\d+.*, 3 partials each$/u)).toBeVisible();
  await expect.element(page.getByRole('status', { name: 'Estimated cost' })).toHaveTextContent('$0.266–0.286');
  await expect.element(page.getByRole('meter', { name: 'Spent this month' })).toHaveAttribute('aria-valuenow', '46');
  await expect
    .element(page.getByRole('region', { name: 'Estimate' }))
    .toHaveAccessibleDescription('Based on OpenAI’s published token counts for this model.');
});

test('earlier requests to the model make the estimate a narrow one', async () => {
  const entry = { quality: 'high', asked: 'high', pixels: 1024 * 1024, outputTokens: 4160, partials: 0 };
  const script = scriptedStudio({
    'settings.get': () => paid(),
    'spending.tokenHistory': ({ model: name }: { model: string }) => ({ model: name, entries: [entry, entry, entry] }),
  });
  const state = await open(script);
  Object.assign(state.draft.form, { size: '1024x1024', quality: 'high', partials: 0 });
  await expect.element(page.getByRole('status', { name: 'Estimated cost' })).toHaveTextContent('$0.125');
  await expect
    .element(page.getByRole('region', { name: 'Estimate' }))
    .toHaveAccessibleDescription(/^Based on your last 3 requests/u);
});

test('on a profile that bills nothing the estimate says so', async () => {
  await open(scriptedStudio());
  await expect.element(page.getByRole('status', { name: 'Estimated cost' })).toHaveTextContent('Free');
  await expect
    .element(page.getByRole('region', { name: 'Estimate' }))
    .toHaveAccessibleDescription('This server is free.');
});

const overCap: ErrorReport = {
  code: 'cap-reached',
  message: 'This may exceed your cap of $40.00: you have $1.58 left this month. Nothing was sent.',
  billing: 'none',
};

test('a request over the month’s cap asks first, and goes on with the same id', async () => {
  const script = scriptedStudio({
    'settings.get': () => paid({ monthlyCap: 40_000_000 }),
    'jobs.create': ({ overCap: agreed }: { overCap: boolean }) => (agreed ? job(1) : { refusal: overCap }),
  });
  await open(script);
  await button('Create 1 image').click();
  const dialog = page.getByRole('dialog', { name: 'This may exceed your $40 cap' });
  await expect.element(dialog.getByText(/you have \$1\.58 left/u)).toBeVisible();
  expect(requests(script).length).toBe(1);
  await dialog.getByRole('button', { name: 'Create 1 image' }).click();
  await expect.poll(() => requests(script).length).toBe(2);
  const [first, second] = requests(script);
  expect([first?.overCap, second?.overCap]).toEqual([false, true]);
  expect(second?.id).toBe(first?.id);
  await expect.element(dialog).not.toBeInTheDocument();
  await expect.element(page.getByRole('heading', { name: 'Creating 1 image' })).toBeVisible();
});

test('who says no to going over the cap has sent nothing, and no alert is left', async () => {
  const script = scriptedStudio({ 'settings.get': () => paid(), 'jobs.create': () => ({ refusal: overCap }) });
  await open(script);
  await button('Create 1 image').click();
  await button('Cancel').click();
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  expect(requests(script).length).toBe(1);
});

test('when an answer is lost the same request keeps its id; another request has its own, and so has the next click', async () => {
  const lost: ErrorReport = { code: 'host-lost', message: 'Not responding.', billing: 'possible' };
  let fails = true;
  const script = scriptedStudio({ 'jobs.create': () => (fails ? { refusal: lost } : job(1)) });
  await open(script);
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const click = async (times: number): Promise<void> => {
    // A deliberate click: none in the second before.
    vi.advanceTimersByTime(1000);
    await button('Create 1 image').click();
    await expect.poll(() => requests(script).length).toBe(times);
  };
  await click(1);
  await click(2);
  await prompt().fill('Three pears');
  await click(3);
  fails = false;
  await click(4);
  await click(5);
  const ids = requests(script).map(({ id }) => id);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[1]);
  expect(ids[3]).toBe(ids[2]);
  expect(ids[4]).not.toBe(ids[3]);
});

test('variables are marked and counted, and their batch is priced and sent whole', async () => {
  const script = scriptedStudio({
    'settings.get': () => paid(),
    'jobs.createBatch': ({ id, batch }: { id: string; batch: { base: JobRequest } }) => ({
      id,
      createdAt: 1,
      request: batch,
      axes: [],
      cells: [{ at: [0], jobId: uuid(1), job: job(1) }],
    }),
  });
  const state = await open(script);
  await prompt().fill('A {red|blue|green} kite');
  expect(document.querySelector('mark')).toBeNull();
  await vary().click();
  await expect.element(page.getByText('3 values')).toBeVisible();
  await expect
    .poll(() => page.getByRole('list', { name: 'Prompts as sent' }).element().textContent)
    .toBe('A red kiteA blue kiteA green kite');
  expect(document.querySelector('mark')?.textContent).toBe('{red|blue|green}');
  await button(/^Vary/u).click();
  await page.getByRole('checkbox', { name: 'gpt-image-2.6-flare' }).click();
  await page.getByRole('checkbox', { name: 'High', exact: true }).click();
  state.draft.form.count = 2;
  await expect.element(page.getByText('3 × 2 × 2 = 12')).toBeVisible();
  await button(/^Create 24 images, ≤ \$/u).click();
  await expect.poll(() => calls(script, 'jobs.createBatch').length).toBe(1);
  expect(calls(script, 'jobs.createBatch')[0]?.payload).toMatchObject({
    overCap: false,
    batch: {
      base: { operation: 'create', parameters: { prompt: 'A {red|blue|green} kite', n: 2 } },
      variables: true,
      models: ['gpt-image-2.6-sunburst', 'gpt-image-2.6-flare'],
      qualities: ['auto', 'high'],
    },
  });
});

test('combinations that cannot be sent are named before, and what mends them is one button away', async () => {
  const state = await open(scriptedStudio());
  Object.assign(state.draft.form, { moreModels: ['gpt-image-2'], moreQualities: ['max'] });
  await expect.element(page.getByText('1 of 4: Quality. gpt-image-2 doesn’t support the quality max.')).toBeVisible();
  await expect.element(page.getByText('Fix the combinations')).toBeVisible();
  await button('Remove Max').click();
  await expect.element(button(/^Create 2 images/u)).toBeEnabled();
  const many = Array.from({ length: 21 }, (_, index) => `v${index}`).join('|');
  await prompt().fill(`{${many}} {${many}}`);
  await vary().click();
  await expect.element(page.getByText(/882 combinations; the limit is 200\./u)).toBeVisible();
  await expect.element(button(/^Create 882 images/u)).toBeDisabled();
});

test('a prompt with braces goes out as it is typed, with several models too, until Vary is switched on', async () => {
  const script = scriptedStudio({ 'jobs.create': () => job(1) });
  const state = await open(script);
  const typed = '{"ink": "sepia | indigo"} \\\\ \\{x\\}';
  await prompt().fill(typed);
  await expect.element(button('Create 1 image')).toBeEnabled();
  state.draft.form.moreModels = ['gpt-image-2.6-flare'];
  await button(/^Create 2 images/u).click();
  await expect
    .poll(() => calls(script, 'jobs.createBatch')[0]?.payload)
    .toMatchObject({
      batch: { variables: false, base: { parameters: { prompt: typed } } },
    });
  state.draft.form.moreModels = [];
  await button('Create 1 image').click();
  await expect.poll(() => requests(script)[0]?.request.parameters).toMatchObject({ prompt: typed });
  await vary().click();
  await expect.element(page.getByText('2 values')).toBeVisible();
});

test('with Vary on, an escape stands for its character, and the preview shows what is sent', async () => {
  const script = scriptedStudio({ 'jobs.create': () => job(1) });
  await open(script);
  await prompt().fill('the set \\{x\\}');
  await vary().click();
  await expect.element(page.getByText('No variables')).toBeVisible();
  await expect.element(page.getByRole('list', { name: 'Prompts as sent' })).toHaveTextContent('the set {x}');
  await button('Create 1 image').click();
  await expect.poll(() => requests(script)[0]?.request.parameters).toMatchObject({ prompt: 'the set {x}' });
});

test('half an emoji cannot be sent, and the form says where it is', async () => {
  const state = await open(scriptedStudio());
  state.draft.form.prompt = 'cut \ud83d';
  await expect.element(page.getByText(/half a character, such as a cut emoji, at position 5/u)).toBeVisible();
  await expect.element(page.getByText('Fix the prompt')).toBeVisible();
  await expect.element(button('Create 1 image')).toBeDisabled();
});

test('a variable is put in where the caret stands, which switches Vary on', async () => {
  const state = await open(scriptedStudio());
  await button('Insert variable').click();
  expect(state.draft.form.variables).toBe(true);
  await expect.element(prompt()).toHaveValue('Two pears{one|another}');
  await expect.element(page.getByText('2 values')).toBeVisible();
});

test('images in the tray make it an edit; a variation shows the prompt that it sends, and which way it goes', async () => {
  const openai = { ...paid(), profiles: paid().profiles.map((profile) => ({ ...profile, server: 'openai' as const })) };
  const script = scriptedStudio({ ...describeInputs, 'settings.get': () => openai, 'jobs.create': () => job(1) });
  const state = await open(script);
  await expect.element(page.getByRole('radio', { name: 'Variation' })).not.toBeInTheDocument();
  state.draft.form.inputs = [input(1), input(2)];
  await expect.element(button('Create 1 image')).toBeEnabled();
  await expect.element(page.getByText('not supported by edits')).toBeVisible();
  await page.getByRole('radio', { name: 'Variation' }).click();
  const variation = page.getByRole('textbox', { name: 'Variation prompt' });
  await expect.element(variation).toHaveValue(VARIATION_PROMPT);
  await expect.element(page.getByText(/this server has no variations endpoint/u)).toBeVisible();
  await variation.fill('Bluer');
  await button('Create 1 variation').click();
  await expect
    .poll(() => requests(script)[0]?.request)
    .toMatchObject({
      operation: 'edit',
      variation: true,
      inputs: [input(1), input(2)],
      parameters: { prompt: 'Bluer' },
    });
  await button('Reset').click();
  await expect.element(variation).toHaveValue(VARIATION_PROMPT);
  await page.getByRole('radio', { name: 'Edit' }).click();
  await expect.element(prompt()).toHaveValue('Two pears');
});

test('where the server has the endpoint a variation goes there, without a prompt', async () => {
  const script = scriptedStudio({ ...describeInputs, 'jobs.create': () => job(1) });
  const state = await open(script);
  Object.assign(state.draft.form, { inputs: [input(1)], varying: true, model: 'dall-e-2' });
  await expect
    .element(page.getByText(/variations endpoint, which has no prompt. Your prompt is saved./u))
    .toBeVisible();
  await expect.element(page.getByRole('radiogroup', { name: 'Quality' })).not.toBeInTheDocument();
  await button('Create 1 variation').click();
  await expect
    .poll(() => requests(script)[0]?.request)
    .toEqual({
      operation: 'variation',
      profileId: 'demo' as ProfileId,
      inputs: [input(1)],
      parameters: { model: 'dall-e-2', n: 1, response_format: 'b64_json' },
    });
});

test('a request that is loaded brings everything back, its images too, and the draft before it can be had again', async () => {
  const script = scriptedStudio({ ...describeInputs, 'jobs.create': () => job(1) });
  const state = await open(script);
  const request: JobRequest = {
    operation: 'edit',
    profileId: 'demo' as ProfileId,
    parameters: { prompt: 'Make it dusk', model: 'gpt-image-1.5', n: 2, input_fidelity: 'high', quality: 'low' },
    inputs: [input(2), input(1), input(3, 'mask')],
  };
  state.draft.load(request);
  await expect.element(prompt()).toHaveValue('Make it dusk');
  await expect
    .element(page.getByRole('radiogroup', { name: 'Input fidelity' }).getByRole('radio', { name: 'High' }))
    .toBeChecked();
  await button('Create 2 images').click();
  await expect.poll(() => requests(script)[0]?.request).toMatchObject(request);
  await button('Restore previous draft').click();
  await expect.element(prompt()).toHaveValue('Two pears');
  await expect.element(button('Create 1 image')).toBeEnabled();
});

test('a mask has a strict one beside it, with its feather, and both are sent', async () => {
  const script = scriptedStudio({ ...describeInputs, 'jobs.create': () => job(1) });
  const state = await open(script);
  const strict = page.getByRole('switch', { name: 'Strict mask' });
  await expect.element(strict).not.toBeInTheDocument();
  state.draft.load({
    operation: 'edit',
    profileId: 'demo' as ProfileId,
    parameters: { prompt: 'Make it dusk', model: 'gpt-image-1.5' },
    inputs: [input(2), input(3, 'mask')],
    strict: { feather: 6 },
  });
  await expect.element(strict).toBeChecked();
  await expect.element(page.getByText('Pixels outside stay identical')).toBeVisible();
  const feather = page.getByRole('spinbutton', { name: 'Feather, number' });
  await expect.element(feather).toHaveValue(6);
  await feather.fill('20');
  await userEvent.keyboard('{Enter}');
  await button('Create 1 image').click();
  await expect.poll(() => requests(script)[0]?.request).toMatchObject({ strict: { feather: 20 } });
  await strict.click();
  await expect.element(feather).toBeDisabled();
  expect((await axe.run(document.body)).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  // The same prompt, this soon, would be a second click of the first.
  state.draft.form.prompt = 'Make it night';
  await button('Create 1 image').click();
  await expect.poll(() => requests(script)[1]?.request).toBeDefined();
  expect(requests(script)[1]?.request).not.toHaveProperty('strict');
});

test('references that are gone from the library are left out, and ones that cannot be asked for keep it from being sent', async () => {
  const lost: ErrorReport = { code: 'host-lost', message: 'Not responding.', billing: 'possible' };
  const script = scriptedStudio({ 'inputs.get': () => ({ refusal: lost }) });
  const state = await open(script);
  state.draft.form.inputs = [input(1), input(9)];
  await expect.element(page.getByText('The references can’t be loaded. They’re still saved')).toBeVisible();
  Object.assign(script.answers, describeInputs);
  script.push({ type: 'connection', online: false });
  script.push({ type: 'connection', online: true });
  await expect.element(button('Create 1 image')).toBeEnabled();
  expect(state.draft.form.inputs).toEqual([input(1)]);
});

test('images can go into a collection besides the library, also one that is made on the spot', async () => {
  let all = [{ id: uuid(1), name: 'Lights', query: null, images: 3 }];
  const script = scriptedStudio({
    'jobs.create': () => job(1),
    'collections.list': () => all,
    'collections.create': ({ name }: { name: string }) => {
      const made = { id: uuid(2), name, query: null, images: 0 };
      all = [...all, made];
      return made;
    },
  });
  const state = await open(script);
  await choose('Collection', /^Lights/u);
  expect(state.draft.form.collectionId).toBe(uuid(1));
  await choose('Collection', /^New collection/u);
  await page.getByRole('textbox', { name: 'Collection name' }).fill(' Pears ');
  // The Enter that accepts a composed word, in Chromium and in Safari, creates nothing.
  const composed = page.getByRole('textbox', { name: 'Collection name' }).element();
  for (const sign of [{ isComposing: true }, { keyCode: 229 }])
    composed.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, ...sign }));
  expect(calls(script, 'collections.create')).toEqual([]);
  await button('Add').click();
  await expect.element(page.getByRole('combobox', { name: 'Collection' })).toHaveTextContent('Pears 0 images');
  await button('Create 1 image').click();
  await expect.poll(() => requests(script)[0]?.request).toMatchObject({ collectionId: uuid(2) });
});

test.each(['dark', 'light'])('every part of the form is labelled and readable: %s', async (theme) => {
  document.documentElement.dataset['theme'] = theme;
  const state = await open(scriptedStudio(describeInputs));
  Object.assign(state.draft.form, {
    prompt: 'A {red|blue} kite',
    variables: true,
    inputs: [input(1)],
    format: 'gif',
    size: '1600x1024',
    user: 'me',
    model: 'gpt-image-2.6-flare',
    style: 'vivid',
    moreQualities: ['max'],
  });
  await button(/^Vary/u).click();
  await expect.element(page.getByText('2 × 2 = 4')).toBeVisible();
  await expect.element(page.getByText('Style Vivid')).toBeVisible();
  await model().click();
  await expect.element(page.getByRole('option', { name: /^gpt-image-2.5-flare/u }).first()).toBeVisible();
  // Menus float outside the landmarks by design.
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(
    violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    ),
  ).toEqual([]);
});
