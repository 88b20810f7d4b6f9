import { DayWatch } from '../../electron/contract/query/day-watch.ts';
import { currentTime } from './clock.ts';

/** Calls back when another local day begins, or at the first look at the page after that, until the returned function is called. */
export function watchDay(changed: () => void): () => void {
  const watch = new DayWatch({ now: currentTime, after }, changed);
  const ending = new AbortController();
  const { signal } = ending;
  const check = (): void => watch.check();
  addEventListener('focus', check, { signal });
  addEventListener('pageshow', check, { signal });
  document.addEventListener('visibilitychange', check, { signal });
  return () => {
    ending.abort();
    watch.stop();
  };
}

function after(milliseconds: number, act: () => void): () => void {
  const timer = setTimeout(act, milliseconds);
  return () => clearTimeout(timer);
}
