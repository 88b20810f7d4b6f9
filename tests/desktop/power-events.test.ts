import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { forwardPowerEvents } from '../../electron/desktop/power-events.ts';

test('forwards each suspend and resume to the studio', () => {
  const monitor = new EventEmitter();
  const heard: string[] = [];
  forwardPowerEvents(monitor as never, {
    suspend: () => void heard.push('suspend'),
    resume: () => void heard.push('resume'),
  });
  for (const event of ['suspend', 'lock-screen', 'resume', 'suspend']) monitor.emit(event);
  expect(heard).toEqual(['suspend', 'resume', 'suspend']);
});
