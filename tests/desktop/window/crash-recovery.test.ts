import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { reloadAfterCrash } from '../../../electron/desktop/window/crash-recovery.ts';

class SmallPage extends EventEmitter {
  reloads = 0;
  destroyed = false;
  reload = (): void => void (this.reloads += 1);
  isDestroyed = (): boolean => this.destroyed;
  crash(reason = 'crashed'): void {
    this.emit('render-process-gone', {}, { reason });
  }
}

let page: SmallPage;
let time: number;
let answer: PromiseWithResolvers<number>;
const ask = vi.fn<() => Promise<number>>();
const quit = vi.fn<() => void>();
const log = vi.fn<(sentence: string, thrown: unknown) => void>();
const onFault = vi.fn<(error: unknown) => void>();
beforeEach(() => {
  vi.resetAllMocks();
  page = new SmallPage();
  time = 1_000_000;
  answer = Promise.withResolvers();
  ask.mockImplementation(() => answer.promise);
  reloadAfterCrash(page, { ask, quit, log, onFault, now: () => time });
});

test('reloads a crashed page', () => {
  page.crash();
  page.crash('clean-exit');
  expect([page.reloads, ask.mock.calls.length]).toEqual([1, 0]);
  expect(log.mock.calls).toEqual([
    ['The page ended: crashed', null],
    ['The page ended: clean-exit', null],
  ]);
});

test('counts only recent crashes', () => {
  for (let crash = 0; crash < 10; crash += 1) {
    page.crash('oom');
    time += 31_000;
  }
  expect([page.reloads, ask.mock.calls.length]).toEqual([10, 0]);
});

test('asks once after repeated crashes, and can reload', async () => {
  for (let crash = 0; crash < 3; crash += 1) page.crash();
  expect([page.reloads, ask.mock.calls.length]).toEqual([2, 1]);
  answer.resolve(0);
  await expect.poll(() => page.reloads).toBe(3);
  page.crash();
  expect([page.reloads, ask.mock.calls.length]).toEqual([4, 1]);
});

test('can quit after repeated crashes', async () => {
  for (let crash = 0; crash < 3; crash += 1) page.crash();
  answer.resolve(1);
  await expect.poll(() => quit.mock.calls).toHaveLength(1);
  expect(page.reloads).toBe(2);
});

test('reports a failed message box, and ignores a destroyed page', async () => {
  for (let crash = 0; crash < 3; crash += 1) page.crash();
  answer.reject(new Error('no screen'));
  await expect.poll(() => onFault.mock.calls).toHaveLength(1);
  page.destroyed = true;
  page.crash();
  expect(page.reloads).toBe(2);
});
