import { expect, onTestFinished, test } from 'vitest';
import { setClock } from '../../../renderer/page/clock.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { image, scriptedStudio, viewsOf } from './scripted-studio.ts';

const EVENING = new Date(2026, 2, 28, 23, 40).getTime();
const MORNING = new Date(2026, 2, 29, 7).getTime();

test('when the page is looked at on another day, days in the open query and in smart collections mean that one', async () => {
  let now = EVENING;
  setClock(() => now);
  onTestFinished(() => setClock(null));
  const script = scriptedStudio(viewsOf([image(1)]));
  const asked = (endpoint: string) => script.calls.filter((call) => call.endpoint === endpoint).length;
  const state = new StudioState(script.studio, script.shape);
  onTestFinished(() => state.stop());
  await state.start();
  await state.library.lists.load();
  state.library.question.show('date:today');
  await expect.poll(() => state.library.view.question?.query).toBe('date:today');
  const before = { asks: asked('views.ask'), lists: asked('collections.list') };

  dispatchEvent(new Event('focus'));
  now = MORNING;
  document.dispatchEvent(new Event('visibilitychange'));
  dispatchEvent(new Event('focus'));
  await expect.poll(() => state.library.view.askedAt).toBe(MORNING);
  await expect.poll(() => asked('collections.list')).toBe(before.lists + 1);
  expect(asked('views.ask')).toBe(before.asks + 1);
});
