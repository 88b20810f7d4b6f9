import type { PowerMonitor } from 'electron';
import type { Studio } from '../studio/studio.ts';

/** Forwards the computer's suspend and resume events to the studio. */
export function forwardPowerEvents(
  monitor: Pick<PowerMonitor, 'on'>,
  studio: Pick<Studio, 'suspend' | 'resume'>,
): void {
  monitor.on('suspend', () => studio.suspend());
  monitor.on('resume', () => studio.resume());
}
