import { currentTime } from '../../page/clock.ts';

/** The current time in ms since 1970, updated once a second while it runs. */
export class Clock {
  now = $state(currentTime());

  /** Ticks until the returned function is called. */
  run(): () => void {
    this.now = currentTime();
    const timer = setInterval(() => (this.now = currentTime()), 1000);
    return () => clearInterval(timer);
  }
}
