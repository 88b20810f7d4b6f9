import { flushSync } from 'svelte';
import { expect, onTestFinished, test } from 'vitest';
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
