import { afterEach, expect, test } from 'vitest';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { HOST, job, picture, scriptedStudio, SETTINGS } from './scripted-studio.ts';

const started: StudioState[] = [];
afterEach(() => started.splice(0).forEach((state) => state.stop()));

async function start(script: ReturnType<typeof scriptedStudio>): Promise<StudioState> {
  const state = new StudioState(script.studio);
  started.push(state);
  await state.start();
  return state;
}

test('starting loads settings, host, jobs, pictures and runs', async () => {
  const page = { pictures: [picture(1)], total: 1, next: null };
  const state = await start(scriptedStudio({ 'jobs.list': () => [job(1)], 'library.page': () => page }));
  expect(state.preferences.settings).toEqual(SETTINGS);
  expect(state.preferences.host).toEqual(HOST);
  expect(state.preferences.profile?.name).toBe('Demo server');
  expect(state.jobs.all.length).toBe(1);
  expect(state.gallery.pictures.length).toBe(1);
  expect(state.runs.loaded).toBe(true);
});

test('starting fails when the settings cannot be had', async () => {
  const script = scriptedStudio({
    'settings.get': () => ({ refusal: { code: 'internal', message: 'No settings.', billing: 'none' } }),
  });
  const state = new StudioState(script.studio);
  started.push(state);
  await expect(state.start()).rejects.toThrow('No settings.');
});

test('each event reaches its subject', async () => {
  const script = scriptedStudio();
  const state = await start(script);
  script.push({ type: 'job', job: job(1) });
  expect(state.jobs.all.length).toBe(1);
  script.push({ type: 'job-dismissed', jobId: job(1).id });
  expect(state.jobs.all.length).toBe(0);
  script.push({ type: 'settings', settings: { ...SETTINGS, theme: 'light' } });
  expect(state.preferences.settings?.theme).toBe('light');
  script.answers['library.page'] = () => ({ pictures: [picture(2)], total: 1, next: null });
  script.push({ type: 'library' });
  await expect.poll(() => state.gallery.total).toBe(1);
});

test('when the connection returns, what was missed is fetched', async () => {
  const script = scriptedStudio();
  const state = await start(script);
  script.push({ type: 'connection', online: false });
  expect(state.connection).toBe(false);
  script.answers['jobs.list'] = () => [job(7)];
  script.push({ type: 'connection', online: true });
  await expect.poll(() => state.jobs.all.length).toBe(1);
  expect(state.connection).toBe(true);
});
