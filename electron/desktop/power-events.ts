import type { PowerMonitor } from 'electron';
import type { Studio } from '../studio/studio.ts';

/** Tells the studio when the computer goes to sleep and when it has woken. */
export function forwardPowerEvents(
  monitor: Pick<PowerMonitor, 'on'>,
  studio: Pick<Studio, 'suspend' | 'resume'>,
): void {
  monitor.on('suspend', () => studio.suspend());
  monitor.on('resume', () => studio.resume());
}
