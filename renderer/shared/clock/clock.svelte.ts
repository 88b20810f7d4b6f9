import { currentTime } from '../../clock.ts';

/** The time of day, in milliseconds since 1970, moving once a second while someone watches. */
export class Clock {
  now = $state(currentTime());

  /** Ticks until the returned function is called. */
  run(): () => void {
    this.now = currentTime();
    const timer = setInterval(() => (this.now = currentTime()), 1000);
    return () => clearInterval(timer);
  }
}
