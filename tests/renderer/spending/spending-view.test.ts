import axe from 'axe-core';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Settings } from '../../../electron/contract/entities/settings.ts';
import { tokenPrices } from '../../../electron/contract/entities/money.ts';
import type { Spending } from '../../../electron/contract/entities/spending.ts';
import { setClock } from '../../../renderer/page/clock.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import '../../../renderer/app.css';
import SpendingView from '../../../renderer/spending/SpendingView.svelte';
import { spendingLine } from './spending-line.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { job, scriptedStudio, SETTINGS, uuid, type ScriptedStudio } from '../state/scripted-studio.ts';

const SUNBURST = 'gpt-image-2.6-sunburst';
const NOTHING: Spending = {
  total: 0,
  images: 0,
  bars: [],
  models: [],
  profiles: [],
  collections: [],
  uncertain: [],
};
const NOW = new Date(2026, 10, 22, 12).getTime();
const TODAY = new Date(2026, 10, 22).getTime();

beforeEach(() => setClock(() => NOW));
afterEach(() => setClock(null));

function some(): Spending {
  const uncertain = { generationId: uuid(1), at: TODAY, billing: 'possible', model: SUNBURST, max: 610_000 };
  return {
    total: 18_420_000,
    images: 287,
    bars: [
      { at: TODAY, model: SUNBURST, cost: 13_550_000 },
      { at: TODAY, model: 'gpt-image-2', cost: 4_870_000 },
    ],
    models: [
      { name: SUNBURST, images: 121, cost: 13_550_000 },
      { name: 'gpt-image-2', images: 166, cost: 4_870_000 },
    ],
    profiles: [{ name: 'OpenAI', images: 287, cost: 18_420_000 }],
    collections: [
      { name: 'Casa Azul', images: 86, cost: 6_970_000 },
      { name: '', images: 201, cost: 11_450_000 },
    ],
    uncertain: [{ ...uncertain, state: 'failed', code: 'timed-out' } as Spending['uncertain'][number]],
  };
}

interface Mounted extends ScriptedStudio {
  settings: () => Settings;
  of(endpoint: string): unknown[];
}

async function mount(spending: Spending | (() => unknown), change: Partial<Settings> = {}): Promise<Mounted> {
  let settings: Settings = { ...SETTINGS, ...change };
  const script = scriptedStudio({
    'spending.get': () => (typeof spending === 'function' ? spending() : spending),
    'settings.get': () => settings,
    'settings.change': (change: Partial<Settings>) => {
      settings = { ...settings, ...change };
      script.push({ type: 'settings', settings });
      return settings;
    },
  });
  const state = new StudioState(script.studio);
  onTestFinished(() => state.stop());
  await state.start();
  const { container } = await renderInApp(SpendingView, { studio: script.studio, mirror: state }, {});
  container.style.height = '100vh';
  const of = (endpoint: string): unknown[] =>
    script.calls.filter((call) => call.endpoint === endpoint).map(({ payload }) => payload);
  return { ...script, settings: () => settings, of };
}

const act = (name: string | RegExp) => page.getByRole('button', { name });
const field = (name: string) => page.getByRole('textbox', { name, exact: true });

test('the month’s totals, chart and tables', async () => {
  const script = await mount(some(), { monthlyCap: 40_000_000 });
  await expect.element(page.getByText('46% of the $40 cap')).toBeVisible();
  await expect.element(page.getByText('$0.064 each')).toBeVisible();
  const [asked] = script.of('spending.get') as [{ span: { from: number; to: number }; steps: number[] }];
  expect(new Date(asked.span.from)).toEqual(new Date(2026, 10, 1));
  expect(new Date(asked.span.to)).toEqual(new Date(2026, 11, 1));
  expect(asked.steps[0]).toBe(asked.span.from);
  const table = page.getByRole('table', { name: 'Spent by collection' });
  await expect.element(table.getByRole('row', { name: /In no collection/u })).toMatchTextContent(/201.*\$11\.45/u);
  await expect.element(page.getByRole('table', { name: 'Spent by profile' })).toMatchTextContent(/OpenAI/u);
});

test.each([1000, 1280, 1400, 1800])('names of models can be read in a window %i wide', async (width) => {
  await page.viewport(width, 800);
  onTestFinished(() => page.viewport(1400, 900));
  await mount(some());
  const name = page.getByRole('table', { name: 'Spent by model' }).getByTitle(SUNBURST);
  await expect.element(name).toBeVisible();
  const { scrollWidth, clientWidth } = name.element();
  // A narrow one may lose the end, not the most of it.
  expect(clientWidth / scrollWidth).toBeGreaterThan(width < 1280 ? 0.6 : 0.999);
});

test('what is not certain is told beside and never counted', async () => {
  await mount(some());
  const section = page.getByRole('region', { name: 'Uncertain' });
  await expect.element(section).toMatchTextContent(/Timed out\s*≤ \$0\.610\s*1 request/u);
  await act('Show them in Activity').click();
  expect(location.hash).toBe('#/activity');
});

test('the chart is walked by keys, each bar told in words, and stands as a table too', async () => {
  await mount(some());
  const slider = page.getByRole('slider', { name: 'Spent by day' });
  await expect
    .element(slider)
    .toHaveAttribute('aria-valuetext', expect.stringMatching(/\$18\.42 \(gpt-image-2\.6-sunburst \$13\.55/u));
  slider.element().focus();
  await userEvent.keyboard('{Home}');
  await expect.element(slider).toHaveAttribute('aria-valuenow', '1');
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}');
  await expect.element(slider).toHaveAttribute('aria-valuenow', '2');
  await userEvent.keyboard('{End}{ArrowRight}');
  await expect.element(slider).toHaveAttribute('aria-valuenow', slider.element().getAttribute('aria-valuemax') ?? '');
  const rows = page.getByRole('table', { name: /Spent by day,/u }).getByRole('row');
  expect(rows.elements().map((row) => row.textContent)).toHaveLength(2);
});

test('other months, weeks and years are asked for, but none that has not begun', async () => {
  const script = await mount(some());
  await expect.element(act('Later')).toBeDisabled();
  await act('Earlier').click();
  await expect.element(act('Later')).toBeEnabled();
  await page.getByRole('radio', { name: 'Month' }).click();
  await expect.poll(() => script.of('spending.get').length).toBe(3);
  const spans = script.of('spending.get').map((asked) => (asked as { span: { from: number; to: number } }).span);
  expect(spans[1]?.to).toBe(spans[0]?.from);
  expect(new Date(spans[2]?.from ?? 0).getMonth()).toBe(0);
  expect((script.of('spending.get')[2] as { steps: number[] }).steps).toHaveLength(12);
});

test('a request that ends is counted at once', async () => {
  let spending = NOTHING;
  const script = await mount(() => spending);
  await expect.element(page.getByText(/No spending in/u)).toBeVisible();
  spending = some();
  const [generation] = job(1).generations;
  if (!generation) throw new Error('A job without a request.');
  script.push({ type: 'job', job: job(1, { generations: [{ ...generation, finishedAt: 5, state: 'done' }] }) });
  await expect.element(page.getByText('$0.064 each')).toBeVisible();
});

test('an error stands in the page and can be tried again', async () => {
  let spending: unknown = {
    refusal: { code: 'library-damaged', message: 'The library could not be read.', billing: 'none' },
  };
  await mount(() => spending);
  await expect.element(page.getByRole('alert')).toMatchTextContent(/could not be read/u);
  spending = some();
  await act('Try again').click();
  await expect.element(page.getByText('$0.064 each')).toBeVisible();
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});

test('the cap is switched on, changed and switched off; nonsense is refused', async () => {
  const script = await mount(some());
  const cap = page.getByRole('switch', { name: 'Monthly cap' });
  await cap.click();
  await expect.element(field('Ask at')).toHaveValue('$20');
  await field('Ask at').fill('forty');
  await userEvent.keyboard('{Enter}');
  await expect.element(field('Ask at')).toHaveAccessibleDescription(/Enter an amount/u);
  await field('Ask at').fill('32.50');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => script.settings().monthlyCap).toBe(32_500_000);
  await expect.element(field('Ask at')).toHaveValue('$32.50');
  await cap.click();
  await expect.poll(() => script.settings().monthlyCap).toBeNull();
  await cap.click();
  await expect.poll(() => script.settings().monthlyCap).toBe(32_500_000);
});

test('a row of prices is changed for one model or all of its kind, dated, and taken back', async () => {
  const script = await mount(some());
  await act('Edit prices for 2.6, 2.5, 2').click();
  const dialog = page.getByRole('dialog', { name: 'Prices of gpt-image 2.6, 2.5, 2' });
  await expect.element(dialog.getByLabelText('Image out')).toHaveValue('30');
  await dialog.getByLabelText('For').click();
  await page.getByRole('option', { name: 'gpt-image-2', exact: true }).click();
  await dialog.getByLabelText('Image out').fill('a lot');
  await act('Save prices').click();
  await expect.element(dialog.getByLabelText('Image out')).toHaveAccessibleDescription(/Enter a number/u);
  await dialog.getByLabelText('Image out').fill('28.5');
  await dialog.getByLabelText('As of').fill('2999-01-01');
  await act('Save prices').click();
  await expect.element(dialog.getByLabelText('As of')).toHaveAccessibleDescription(/today or an earlier day/u);
  await dialog.getByLabelText('As of').fill('2026-11-20');
  await act('Save prices').click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(script.settings().prices).toMatchObject([
    { model: 'gpt-image-2', date: '2026-11-20', prices: { imageOut: 28.5, textIn: 5 } },
  ]);
  await expect.element(page.getByText(/^yours, of /u)).toBeVisible();
  await act('Reset your prices for gpt-image-2').click();
  await expect.poll(() => script.settings().prices).toEqual([]);
});

test('a model of any name can have prices', async () => {
  const script = await mount(NOTHING);
  await act('Add prices for a model').click();
  const dialog = page.getByRole('dialog', { name: 'Prices of a model' });
  await act('Save prices').click();
  await expect.element(dialog.getByLabelText('Model')).toHaveAccessibleDescription(/Enter the model’s name/u);
  await dialog.getByLabelText('Model').fill('workstation-xl');
  await dialog.getByLabelText('One image').fill('0.004');
  await act('Save prices').click();
  await expect
    .poll(() => script.settings().prices)
    .toMatchObject([{ model: 'workstation-xl', prices: tokenPrices({ perImage: 0.004 }) }]);
  await expect.element(page.getByText('$0.004 an image')).toBeVisible();
});

test('the file holds the lines of all pages', async () => {
  const script = await mount(some());
  const line = spendingLine({ prompt: '=1+1' });
  const pages = [
    { lines: [line, line], next: { at: 1, id: uuid(2) } },
    { lines: [line], next: null },
  ];
  script.answers['spending.lines'] = () => pages.shift();
  const kept = vi.spyOn(URL, 'createObjectURL');
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  onTestFinished(() => {
    kept.mockRestore();
    clicked.mockRestore();
  });
  await act('Export CSV').click();
  await expect.poll(() => clicked.mock.contexts.length).toBe(1);
  const link = clicked.mock.contexts[0] as HTMLAnchorElement;
  expect(link.download).toMatch(/^emulsion-spending-[a-z]+-\d{4}\.csv$/u);
  const text = await (kept.mock.calls[0]?.[0] as Blob).text();
  expect(text.split('\r\n')).toHaveLength(5);
  expect(text).toContain(`,'=1+1\r\n`);
  expect(script.of('spending.lines')).toMatchObject([{ after: null }, { after: { id: uuid(2) } }]);
});

test.each(['dark', 'light'])('it can be read by everyone, %s', async (theme) => {
  document.documentElement.dataset.theme = theme;
  await mount(some(), {
    monthlyCap: 40_000_000,
    prices: [{ model: 'mine', date: '2026-11-01', prices: tokenPrices({ textOut: 10, perImage: 0.01 }) }],
  });
  await expect.element(page.getByText('$0.064 each')).toBeVisible();
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
