import { expect, test, vi } from 'vitest';
import type { View, ViewQuestion } from '../../../../electron/contract/entities/views.ts';
import { WaitingJump } from '../../../../renderer/library/grid/WaitingJump.svelte.ts';

const question = (query: string): ViewQuestion => ({
  ...{ query, sort: { by: 'date', descending: true }, grouping: 'day', stacking: 'none', place: 'library' },
});

/** What a grid shows before the index is ready, and afterwards. */
function loadingView() {
  const state = { view: null as View | null, asked: question('') };
  const answers = ({ query }: ViewQuestion) => query === state.asked.query;
  return Object.assign(state, { total: 200, all: 5000, answers });
}

test('waits for the index, and jumps once', () => {
  const view = loadingView();
  const jump = new WaitingJump(view);
  const act = vi.fn();
  jump.take(act);
  jump.follow();
  expect([jump.isWaiting, act.mock.calls.length]).toEqual([true, 0]);
  view.view = {} as View;
  jump.follow();
  jump.follow();
  expect([jump.isWaiting, act.mock.calls.length]).toEqual([false, 1]);
});

test('the answer to another question isn’t jumped in', () => {
  const view = loadingView();
  const jump = new WaitingJump(view);
  const act = vi.fn();
  jump.take(act);
  view.asked = question('fox');
  view.view = {} as View;
  jump.follow();
  expect([jump.isWaiting, act.mock.calls.length]).toEqual([false, 0]);
});
