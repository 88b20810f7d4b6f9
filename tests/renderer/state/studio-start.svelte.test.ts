import { flushSync } from 'svelte';
import { expect, onTestFinished, test, vi } from 'vitest';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { scriptedStudio } from './scripted-studio.ts';

test('an effect that starts the studio starts it once, whatever is loaded later', async () => {
  const script = scriptedStudio({
    'tags.list': () => [],
    'collections.list': () => [],
    'trash.get': () => ({ images: 0, bytes: 0 }),
  });
  const state = new StudioState(script.studio, script.shape);
  let starts = 0;
  onTestFinished(
    $effect.root(() => {
      $effect(() => {
        starts += 1;
        void state.start();
        return () => state.stop();
      });
    }),
  );
  flushSync();
  await state.library.lists.load();
  await state.history.load();
  flushSync();
  expect(starts).toBe(1);
  expect(script.calls.filter(({ endpoint }) => endpoint === 'settings.get')).toHaveLength(1);
});

test('lists aren’t loaded again for each step of the index’ loading', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const script = scriptedStudio({
    'tags.list': () => [],
    'collections.list': () => [],
    'trash.get': () => ({ images: 0, bytes: 0 }),
  });
  const state = new StudioState(script.studio, script.shape);
  onTestFinished(() => state.stop());
  await state.start();
  await state.library.lists.load();
  const loads = (): number => script.calls.filter(({ endpoint }) => endpoint === 'tags.list').length;
  expect(loads()).toBe(1);
  script.push({ type: 'index', status: { ready: false, revision: 0, loaded: 1, images: 2 } });
  await vi.advanceTimersByTimeAsync(1000);
  expect(loads()).toBe(1);
  script.push({ type: 'index', status: { ready: true, revision: 3, loaded: 2, images: 2 } });
  await vi.advanceTimersByTimeAsync(1000);
  expect(loads()).toBe(2);
});
