import { inputTime } from '../page/input-time.ts';

/** A press repeats the last one if it comes within this time after it, in milliseconds. */
const QUIET_MS = 1000;
/** The clicks of a double click follow each other within this time, in milliseconds; whoever has seen a failure takes longer. */
const DOUBLE_CLICK_MS = 300;

/** A press that was let through. Exactly one of its methods is called when it has an outcome. */
export interface Press {
  /** It became jobs. `failed` says whether all of them have ended without success; it is read at the next press. */
  accepted(failed: () => boolean): void;
  /** Nothing was sent. */
  refused(): void;
  /** Nothing is known to have been sent yet: the person is asked, or the host is. */
  asked(): void;
}

interface LastPress {
  key: string;
  /** When the last press was handled, also one that was ignored: before that the page didn't show it. */
  at: number;
  /** No outcome yet. */
  pending: boolean;
  /** What it sent came to nothing: the next press is no repetition. */
  over: () => boolean;
}

/**
 * Keeps impatient clicks on a button that spends from sending more than one request. A press with the key of the last one is a
 * repetition until one second has passed without a press and the last one has become a job, unless that has failed already. One guard
 * serves all buttons of a page, so that a view that is opened again doesn't forget.
 */
export class SendGuard {
  #last: LastPress | null = null;

  /**
   * @param key what the press asks for; another key is another request
   * @param clicks number of this click in a series of clicks at one place (`event.detail`); 0 for a key
   * @returns null for a press that must be ignored
   */
  press(key: string, clicks = 0): Press | null {
    const now = performance.now();
    const last = this.#last;
    // By when it was made: a busy page handles the clicks of an impatient second later, and far apart.
    const since = last === null ? Infinity : inputTime() - last.at;
    const over = last !== null && last.over();
    if (last !== null && (last.key === key || clicks > 1)) last.at = now;
    if (last?.key === key && !over && (since < QUIET_MS || last.pending)) return null;
    // The second click of a double click may hit another button that the first one put under the pointer.
    if (clicks > 1 && !(over && since >= DOUBLE_CLICK_MS && since < QUIET_MS)) return null;
    return this.#admit({ key, at: now, pending: true, over: () => false });
  }

  /** A press that is ignored because the last one is still being sent: the time runs from it. */
  extend(): void {
    if (this.#last?.pending) this.#last.at = performance.now();
  }

  #admit(press: LastPress): Press {
    this.#last = press;
    const settle = (over: () => boolean): void => {
      press.pending = false;
      press.over = over;
    };
    return {
      accepted: settle,
      refused: () => settle(() => true),
      asked: () => settle(() => false),
    };
  }
}
