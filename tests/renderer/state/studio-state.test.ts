import { afterEach, expect, test } from 'vitest';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { HOST, job, image, scriptedStudio, SETTINGS, viewsOf } from './scripted-studio.ts';

const started: StudioState[] = [];
afterEach(() => started.splice(0).forEach((state) => state.stop()));

async function start(script: ReturnType<typeof scriptedStudio>): Promise<StudioState> {
  const state = new StudioState(script.studio, script.shape);
  started.push(state);
  await state.start();
  return state;
}

test('starting loads settings, host, jobs, images and runs', async () => {
  const state = await start(scriptedStudio({ 'jobs.list': () => [job(1)], ...viewsOf([image(1)]) }));
  expect(state.preferences.settings).toEqual(SETTINGS);
  expect(state.preferences.host).toEqual(HOST);
  expect(state.preferences.profile?.name).toBe('Demo server');
  expect(state.jobs.all.length).toBe(1);
  await expect.poll(() => state.library.view.total).toBe(1);
  expect(state.recentJobs.loaded).toBe(true);
});

test('starting fails when the settings cannot be had', async () => {
  const script = scriptedStudio({
    'settings.get': () => ({ refusal: { code: 'internal', message: 'No settings.', billing: 'none' } }),
  });
  const state = new StudioState(script.studio, script.shape);
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
  Object.assign(script.answers, viewsOf([image(2)], { revision: 2 }));
  script.push({ type: 'index', status: { ready: true, revision: 2, loaded: 1, images: 1 } });
  await expect.poll(() => state.library.view.total).toBe(1);
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

test('new images bring new counts, and a slow count takes nothing else back', async () => {
  let answer: (() => void) | undefined;
  const script = scriptedStudio();
  const state = await start(script);
  script.answers['settings.get'] = async () => {
    await new Promise<void>((done) => (answer = done));
    return { ...SETTINGS, library: { ...SETTINGS.library, images: 3, bytes: 9 } };
  };
  script.push({ type: 'library' });
  await expect.poll(() => answer).toBeDefined();
  script.push({ type: 'settings', settings: { ...SETTINGS, theme: 'light' } });
  answer?.();
  await expect.poll(() => state.preferences.settings?.library).toMatchObject({ images: 3, bytes: 9 });
  expect(state.preferences.settings?.theme).toBe('light');
});

test('a library that changes while it is counted is counted once more', async () => {
  const waiting: (() => void)[] = [];
  let images = 1;
  const script = scriptedStudio();
  const state = await start(script);
  script.answers['settings.get'] = async () => {
    const counted = { ...SETTINGS, library: { ...SETTINGS.library, images } };
    await new Promise<void>((done) => waiting.push(done));
    return counted;
  };
  script.push({ type: 'library' });
  await expect.poll(() => waiting.length).toBe(1);
  images = 2;
  script.push({ type: 'library' });
  waiting[0]?.();
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]?.();
  await expect.poll(() => state.preferences.settings?.library.images).toBe(2);
});
