import axe from 'axe-core';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { HostBridge, Outcome } from '../../electron/contract/api.ts';
import type { EndpointName } from '../../electron/contract/endpoints.ts';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import '../../renderer/app.css';
import { HOST, StudioInPage } from './settings/studio-in-page.ts';
import { IDLE, NOTHING_SPENT } from './state/scripted-studio.ts';

const DEMO = 'demo' as ProfileId;

/** What the page finds as `window.studio`; the application takes hold of it once, each test puts its own far end behind it. */
let far: StudioInPage;
let broken: ErrorReport | null;
/** What a test answers itself. */
let answers: Partial<Record<EndpointName, () => unknown>>;
const listeners = new Set<(event: StudioEvent) => void>();
const push = (event: StudioEvent) => {
  for (const listener of listeners) listener(event);
};
const REST: Partial<Record<EndpointName, unknown>> = {
  'host.info': HOST,
  'jobs.list': [],
  'jobs.finished': { jobs: [], next: null },
  'jobs.history': { jobs: [], next: null },
  'queue.get': IDLE,
  'library.recentJobs': [],
  'library.newest': { images: [], all: 0 },
  'spending.tokenHistory': { model: '', entries: [] },
  'spending.get': NOTHING_SPENT,
  'collections.list': [],
  'tags.list': [],
  'trash.get': { images: 0, bytes: 0 },
};

const bridge: HostBridge = {
  async call(endpoint, payload): Promise<Outcome> {
    if (broken) return { error: broken };
    const answer = answers[endpoint];
    if (answer) return { ok: await answer() };
    if (endpoint === 'settings.get') return { ok: far.settings };
    if (endpoint in REST) return { ok: REST[endpoint] };
    const ok = await far.call(endpoint, payload);
    push({ type: 'settings', settings: far.settings });
    return ok;
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  uploadHeaders: {},
};

async function open(hash = '') {
  history.replaceState(null, '', location.pathname + location.search + hash);
  window.studio = bridge;
  const { default: App } = await import('../../renderer/App.svelte');
  return render(App);
}

const link = (name: string) => page.getByRole('link', { name, exact: true });

afterEach(() => page.viewport(1000, 700));
beforeEach(() => {
  far = new StudioInPage([], DEMO);
  broken = null;
  answers = {};
  listeners.clear();
  localStorage.clear();
  sessionStorage.clear();
});

test('three links lead through the house, and the address follows', async () => {
  await open();
  await expect.element(link('Create')).toHaveAttribute('aria-current', 'page');
  await link('Library').click();
  await expect.element(page.getByRole('combobox', { name: 'Search' })).toBeVisible();
  expect(location.hash).toBe('#/library');
  await link('Settings').click();
  await expect.element(page.getByRole('heading', { name: 'Profiles' })).toBeVisible();
  await expect.element(link('Settings')).toHaveAttribute('aria-current', 'page');
  await expect.element(link('Library')).not.toHaveAttribute('aria-current');
});

const grid = () => page.getByRole('grid', { name: 'Images' });

const ONE_IMAGE = { id: 'view-1', revision: 1, total: 1, all: 1, buckets: [], errors: [], byParts: false };
/** The shape of a view of one image. */
function serveShape() {
  const { fetch } = window;
  const shape = vi.spyOn(window, 'fetch').mockImplementation((input, init) => {
    return input === '/index/view-1/shape' ? Promise.resolve(new Response(Uint16Array.of(4096))) : fetch(input, init);
  });
  onTestFinished(() => shape.mockRestore());
}

test('the library’s first images are requested before its view is built, and its lists after them', async () => {
  await page.viewport(1400, 800);
  serveShape();
  const order: string[] = [];
  const noted = (name: string, answer: unknown) => () => {
    order.push(grid().query() === null ? name : `${name} with the grid`);
    return answer;
  };
  const rows = Promise.withResolvers<unknown[]>();
  answers['views.ask'] = noted('views.ask', ONE_IMAGE);
  answers['views.rows'] = noted('views.rows', rows.promise);
  answers['tags.list'] = noted('tags.list', []);
  await open('#/library');
  await expect.element(grid()).toBeVisible();
  expect(order).toEqual(['views.ask', 'views.rows']);
  rows.resolve([]);
  await expect.poll(() => order.some((name) => name.startsWith('tags.list'))).toBe(true);
});

test('a question that isn’t answered doesn’t keep the library’s view from being shown', async () => {
  answers['views.ask'] = () => new Promise(() => undefined);
  await open('#/library');
  await expect.element(grid()).toBeVisible();
});

test('keys lead everywhere, and to the prompt and the search from anywhere', async () => {
  await open('#/settings');
  await expect.element(page.getByRole('heading', { name: 'Profiles' })).toBeVisible();
  await userEvent.keyboard('{Control>}f{/Control}');
  await expect.element(page.getByRole('combobox', { name: 'Search' })).toHaveFocus();
  await userEvent.keyboard('{Control>}l{/Control}');
  await expect.element(page.getByRole('textbox', { name: 'Prompt' })).toHaveFocus();
  await userEvent.keyboard('{Control>}2{/Control}');
  await expect.element(link('Library')).toHaveAttribute('aria-current', 'page');
  await userEvent.keyboard('{Control>},{/Control}');
  await expect.element(link('Settings')).toHaveAttribute('aria-current', 'page');
  await userEvent.keyboard('{Control>}1{/Control}');
  await expect.element(link('Create')).toHaveAttribute('aria-current', 'page');
});

test('images that arrive late don’t take the focus from where a person has gone since', async () => {
  await page.viewport(1400, 800);
  serveShape();
  const view = Promise.withResolvers<unknown>();
  answers['views.ask'] = () => view.promise;
  answers['views.rows'] = () => [];
  await open('#/settings');
  await expect.element(page.getByRole('heading', { name: 'Profiles' })).toBeVisible();
  await userEvent.keyboard('{Control>}2{/Control}');
  await expect.element(grid()).toBeInTheDocument();
  await userEvent.keyboard('{Control>}f{/Control}');
  const search = page.getByRole('combobox', { name: 'Search' });
  await expect.element(search).toHaveFocus();
  view.resolve(ONE_IMAGE);
  await expect.element(grid().getByRole('gridcell')).toBeVisible();
  await expect.element(search).toHaveFocus();
});

test('a key pressed while the application opens acts once it is open', async () => {
  const host = Promise.withResolvers<unknown>();
  answers['host.info'] = () => host.promise;
  await open();
  await expect.element(link('Library')).toBeVisible();
  await userEvent.keyboard('{Control>}o{/Control}');
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await expect.element(dialog).not.toBeInTheDocument();
  host.resolve(HOST);
  await expect.element(dialog).toBeVisible();
});

test('in a narrow window the key to the prompt opens the sheet that it is in', async () => {
  await page.viewport(880, 600);
  await open('#/library');
  await expect.element(page.getByRole('combobox', { name: 'Search' })).toBeVisible();
  await userEvent.keyboard('{Control>}l{/Control}');
  await expect.element(page.getByRole('textbox', { name: 'Prompt' })).toHaveFocus();
});

test('the first run stays until a profile is chosen, even while one is being saved', async () => {
  far = new StudioInPage();
  far.check = () => ({ code: 'key-refused', billing: 'none', message: 'The server refused this key.' });
  await open();
  await page.getByLabelText('API key').fill('sk-wrong-0123456789');
  await page.getByRole('button', { name: 'Check the key and start' }).click();
  await expect.element(page.getByRole('alert')).toMatchTextContent(/refused/u);
  await page.getByRole('radio', { name: 'Demo server' }).click();
  await page.getByRole('button', { name: 'Start with the demo' }).click();
  await expect.element(link('Create')).toHaveAttribute('aria-current', 'page');
});

test('the theme of the settings is on the page, and is there at the next load before them', async () => {
  await open('#/settings');
  await expect.poll(() => document.documentElement.dataset['theme']).toBe('dark');
  push({ type: 'settings', settings: { ...far.settings, theme: 'light' } });
  await expect.poll(() => document.documentElement.dataset['theme']).toBe('light');
  push({ type: 'settings', settings: { ...far.settings, theme: 'system' } });
  await expect.poll(() => document.documentElement.dataset['theme']).toBeUndefined();
});

test('a lost connection is said as long as it lasts', async () => {
  await open();
  await expect.element(link('Create')).toHaveAttribute('aria-current', 'page');
  push({ type: 'connection', online: false });
  const line = page.getByText(/Connection to Emulsion lost/u);
  await expect.element(line).toBeVisible();
  // Nothing lies under it.
  const acts = page.getByRole('complementary', { name: 'Request' }).element().getBoundingClientRect();
  expect(acts.bottom).toBeLessThanOrEqual(line.element().getBoundingClientRect().top);
  push({ type: 'connection', online: true });
  await expect.element(page.getByText(/Connection to Emulsion lost/u)).not.toBeInTheDocument();
});

test('a studio that cannot open says why, and can be tried again', async () => {
  broken = { code: 'library-locked', billing: 'none', message: 'Another Emulsion has this library open.' };
  await open();
  await expect.element(page.getByRole('alert')).toMatchTextContent(/Another Emulsion has this library open\./u);
  broken = null;
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect.element(page.getByRole('textbox', { name: 'Prompt' })).toBeVisible();
});

test('image files that the library doesn’t list are told of on every view, named in Settings, and dismissed there', async () => {
  const unlisted = { count: 22, folder: '/images/originals', files: ['originals/ab/cd.png', 'originals/ef/01.webp'] };
  far.settings = { ...far.settings, library: { ...far.settings.library, unlisted } };
  await open();
  const sentence =
    '22 image files in the library’s folder aren’t listed in the library. They are safe in /images/originals, and nothing was changed.';
  await expect.element(page.getByRole('status').filter({ hasText: sentence })).toBeVisible();
  await page.getByRole('button', { name: 'Details' }).click();
  const notice = page.getByRole('alert').filter({ hasText: sentence });
  await expect.element(notice.getByText('originals/ef/01.webp')).toBeVisible();
  await expect.element(notice.getByText('and 20 more')).toBeVisible();
  await expect.element(page.getByRole('status').filter({ hasText: sentence })).not.toBeInTheDocument();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  await notice.getByRole('button', { name: 'Dismiss' }).click();
  await expect.element(notice).not.toBeInTheDocument();
  expect(far.of('settings.dismissUnlisted')).toHaveLength(1);
});

test.each([
  ['The library’s disk is nearly full.', 'The disk is nearly full.', { free: { bytes: 500_000_000, low: true } }],
  ['This library is read-only.', /^Emulsion can’t write to its folder\./u, { readOnly: true as const }],
  [
    'The library’s database is damaged.',
    'The database is damaged. Nothing new is sent.',
    { damage: 'It is malformed.' },
  ],
])('Details of “%s” lead to where the settings tell of it, from other sections too', async (line, title, library) => {
  far.settings = { ...far.settings, library: { ...far.settings.library, ...library } };
  await open();
  const details = page.getByRole('status').filter({ hasText: line }).getByRole('button', { name: 'Details' });
  await details.click();
  await expect.element(page.getByRole('button', { name: 'Library folder' })).toHaveAttribute('aria-current', 'true');
  await expect.element(page.getByText(title)).toBeVisible();
  await expect.element(details).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Profiles' }).click();
  await details.click();
  await expect.element(page.getByText(title)).toBeVisible();
});

test('a library that a service copies is told of at the start, until it is dismissed', async () => {
  const shared = (accepted: boolean) => ({ by: 'dropbox' as const, accepted });
  far.settings = { ...far.settings, library: { ...far.settings.library, shared: shared(false) } };
  answers = {
    'settings.dismissShared': () => {
      far.settings = { ...far.settings, library: { ...far.settings.library, shared: shared(true) } };
      push({ type: 'settings', settings: far.settings });
      return far.settings;
    },
  };
  await open();
  const line = page.getByRole('status').filter({ hasText: 'Dropbox copies the library’s folder' });
  await line.getByRole('button', { name: 'Details' }).click();
  await expect.element(page.getByText('Dropbox copies this folder.')).toBeVisible();
  await link('Create').click();
  await line.getByRole('button', { name: 'Dismiss' }).click();
  await expect.element(line).not.toBeInTheDocument();
});
