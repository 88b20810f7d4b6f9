import type { DraftId } from '../../../electron/contract/entities/ids.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';

/** A window that was just closed or loaded anew lets go of its drafts within this time, in milliseconds. */
const LOCK_TIMEOUT_MS = 1000;

/**
 * The drafts that this window works on. Each is open in one window at a time: two would put their steps in the place of each other's.
 * The browser lets go of them when the window ends, however it does.
 */
export class DraftLocks {
  readonly #held = new Map<DraftId, () => void>();

  /** @throws StudioError `unsupported-here` while another window has it */
  async claim(id: DraftId, name: string): Promise<void> {
    // A browser without locks, or a page that is not to be trusted with them.
    if (this.#held.has(id) || !('locks' in navigator)) return;
    this.#held.set(id, await lock(id, name));
  }

  release(id: DraftId): void {
    this.#held.get(id)?.();
    this.#held.delete(id);
  }
}

/** Resolves with what lets go of it. */
function lock(id: DraftId, name: string): Promise<() => void> {
  const { promise, resolve, reject } = Promise.withResolvers<() => void>();
  const hold = (): Promise<null> => {
    const held = Promise.withResolvers<null>();
    resolve(() => held.resolve(null));
    return held.promise;
  };
  navigator.locks.request(`emulsion.draft.${id}`, { signal: AbortSignal.timeout(LOCK_TIMEOUT_MS) }, hold).catch(() => {
    const message = `The draft “${name}” is open in another window of Emulsion. Go on there, or close it there first. Nothing was changed.`;
    reject(new StudioError({ code: 'unsupported-here', message }));
  });
  return promise;
}
