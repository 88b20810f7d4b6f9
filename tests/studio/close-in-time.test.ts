import { expect, test, vi } from 'vitest';
import { closeInTime } from '../../electron/studio/close-in-time.ts';

test('closing waits for what ends in time, and passes its error on', async () => {
  const log = vi.fn();
  const closed: string[] = [];
  await closeInTime(async () => void closed.push('closed'), log);
  expect(closed).toEqual(['closed']);
  const failure = new Error('the disk is gone');
  await expect(closeInTime(() => Promise.reject(failure), log)).rejects.toBe(failure);
  expect(log).not.toHaveBeenCalled();
});

test('a disk that doesn’t answer keeps nobody from quitting; what goes wrong later is logged', async () => {
  const log = vi.fn();
  const hung = Promise.withResolvers<undefined>();
  await closeInTime(() => hung.promise, log, 10);
  expect(log).toHaveBeenCalledWith(expect.stringMatching(/^Closing took more than/u), null);
  const failure = new Error('the disk came back read-only');
  hung.reject(failure);
  await expect.poll(() => log.mock.lastCall).toContain(failure);
});
