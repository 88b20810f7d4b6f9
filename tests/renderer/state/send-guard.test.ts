import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SendGuard } from '../../../renderer/state/send-guard.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const running = (): boolean => false;
const failed = (): boolean => true;

describe.each([0, 30, 80, 150, 200, 300, 900])('ten clicks, %i ms apart', (pause) => {
  test('are one request, also where its job shows at once', () => {
    const guard = new SendGuard();
    let sent = 0;
    for (let click = 0; click < 10; click += 1) {
      const press = guard.press('two pears', 1);
      press?.accepted(running);
      sent += press ? 1 : 0;
      vi.advanceTimersByTime(pause);
    }
    expect(sent).toBe(1);
  });

  test('are one request while its answer is awaited, however long that takes', () => {
    const guard = new SendGuard();
    const press = guard.press('two pears', 1);
    vi.advanceTimersByTime(60_000);
    for (let click = 0; click < 9; click += 1) {
      expect(guard.press('two pears', 1)).toBeNull();
      vi.advanceTimersByTime(pause);
    }
    press?.accepted(running);
    expect(guard.press('two pears', 1)).toBeNull();
  });
});

test('clicks that a busy page handles late are repetitions by when they were made', async () => {
  vi.useRealTimers();
  const guard = new SendGuard();
  const button = document.createElement('button');
  let sent = 0;
  button.onclick = () => {
    const press = guard.press('two pears', 0);
    press?.accepted(running);
    sent += press ? 1 : 0;
  };
  const [first, second] = [new MouseEvent('click'), new MouseEvent('click')];
  button.dispatchEvent(first);
  expect(sent).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  button.dispatchEvent(second);
  expect(sent).toBe(1);
  button.dispatchEvent(new MouseEvent('click'));
  expect(sent, 'an ignored click starts the second anew').toBe(1);
});

test('a click after a second without one is another request', () => {
  const guard = new SendGuard();
  guard.press('two pears', 1)?.accepted(running);
  vi.advanceTimersByTime(999);
  expect(guard.press('two pears', 1)).toBeNull();
  vi.advanceTimersByTime(1000);
  expect(guard.press('two pears', 1)).not.toBeNull();
});

test('a changed form is another request at once', () => {
  const guard = new SendGuard();
  guard.press('two pears', 1)?.accepted(running);
  expect(guard.press('three pears', 1)).not.toBeNull();
});

test('what has failed or was refused can be sent again at once', () => {
  const guard = new SendGuard();
  guard.press('two pears', 1)?.accepted(failed);
  vi.advanceTimersByTime(100);
  guard.press('two pears', 1)?.refused();
  vi.advanceTimersByTime(350);
  // The failed job's own button, at the same place.
  expect(guard.press('retry 1', 2)).not.toBeNull();
});

test('a double click is one request, also where the first one fails at once', () => {
  const guard = new SendGuard();
  guard.press('retry 1', 1)?.accepted(failed);
  for (const clicks of [2, 3, 4]) {
    vi.advanceTimersByTime(200);
    expect(guard.press('retry 2', clicks)).toBeNull();
  }
});

test('the second click of a double click never hits a button that the first one put under the pointer', () => {
  const guard = new SendGuard();
  expect(guard.press('retry 1', 2)).toBeNull();
  guard.press('two pears', 1)?.asked();
  expect(guard.press('two pears over the cap', 2)).toBeNull();
  expect(guard.press('two pears over the cap', 1)).not.toBeNull();
});

test('a held key is one request', () => {
  const guard = new SendGuard();
  const sent = Array.from({ length: 40 }, () => {
    vi.advanceTimersByTime(33);
    const press = guard.press('two pears');
    press?.accepted(running);
    return press;
  });
  expect(sent.filter((press) => press !== null)).toHaveLength(1);
});
