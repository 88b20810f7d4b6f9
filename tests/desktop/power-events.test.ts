import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { forwardPowerEvents } from '../../electron/desktop/power-events.ts';

test('forwards each suspend and resume to the studio', () => {
  const monitor = new EventEmitter();
  const calls: string[] = [];
  forwardPowerEvents(monitor as never, {
    suspend: () => void calls.push('suspend'),
    resume: () => void calls.push('resume'),
  });
  for (const event of ['suspend', 'lock-screen', 'resume', 'suspend']) monitor.emit(event);
  expect(calls).toEqual(['suspend', 'resume', 'suspend']);
});
