import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createCallTimes, logFolder, watchStalls, type AppLog, type CallName } from '../../electron/log/log.ts';

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

it('writes each call with its time, also one that fails', async () => {
  const call = vi.fn<AppLog['call']>();
  let now = 0;
  const times = createCallTimes({ call }, () => now);
  await expect(
    times.measure('jobs.list', () => {
      now = 30;
      return 7;
    }),
  ).resolves.toBe(7);
  await expect(
    times.measure('jobs.create', async () => {
      now = 180;
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(call.mock.calls).toEqual([[{ name: 'jobs.list', ms: 30 }], [{ name: 'jobs.create', ms: 150 }]]);
});

it('names the calls that ran since a time', async () => {
  let now = 0;
  const times = createCallTimes({ call: () => undefined }, () => now);
  await times.measure('a.old', () => undefined);
  now = 100;
  await times.measure('b.ended', () => undefined);
  let end = (): void => undefined;
  const running = times.measure('c.running', () => new Promise<void>((done) => (end = done)));
  const second = times.measure('c.running', () => running);
  expect(times.after(100)).toEqual(['b.ended', 'c.running']);
  expect(times.after(0)).toEqual(['a.old', 'b.ended', 'c.running']);
  end();
  await second;
});

it('notices a blocked event loop and names the call', async () => {
  const stalls: { calls: readonly CallName[]; ms: number }[] = [];
  const times = createCallTimes({ call: () => undefined });
  onTestFinished(watchStalls({ stall: (stall) => stalls.push(stall) }, times));
  await wait(60);
  await times.measure('library.newest', () => block(320));
  // A busy machine may stop the process before that, too.
  const blocked = () => stalls.find(({ calls }) => calls.length > 0);
  await expect.poll(blocked).toMatchObject({ calls: ['library.newest'] });
  expect(blocked()?.ms).toBeGreaterThan(200);
});

it('puts the file where the system expects it, or below EMULSION_HOME', () => {
  expect(logFolder('/c/Emulsion', {}, 'linux', '/h')).toBe('/c/Emulsion/logs');
  expect(logFolder('/c/Emulsion', {}, 'darwin', '/h')).toBe('/h/Library/Logs/Emulsion');
  expect(logFolder('/p/preferences', { EMULSION_HOME: '/p' }, 'darwin', '/h')).toBe('/p/preferences/logs');
});
