import type { DraftId } from '../../../electron/contract/entities/ids.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';

/** A window that was just closed or reloaded releases its drafts within this time, ms. */
const LOCK_TIMEOUT_MS = 1000;

/**
 * Locks on the drafts that this window has open. A draft is open in one window at a time: two would overwrite each other's steps. The
 * browser releases the locks when the window ends.
 */
export class DraftLocks {
  readonly #held = new Map<DraftId, () => void>();

  /** @throws StudioError `unsupported-here` while another window has it */
  async claim(id: DraftId, name: string): Promise<void> {
    // The browser has no locks, or does not give them to this page.
    if (this.#held.has(id) || !('locks' in navigator)) return;
    this.#held.set(id, await lock(id, name));
  }

  release(id: DraftId): void {
    this.#held.get(id)?.();
    this.#held.delete(id);
  }
}

/** Resolves with a function that releases the lock. */
function lock(id: DraftId, name: string): Promise<() => void> {
  const { promise, resolve, reject } = Promise.withResolvers<() => void>();
  const hold = (): Promise<null> => {
    const held = Promise.withResolvers<null>();
    resolve(() => held.resolve(null));
    return held.promise;
  };
  navigator.locks
    .request(`emulsion.draft.${id}`, { signal: AbortSignal.timeout(LOCK_TIMEOUT_MS) }, hold)
    .catch((cause: unknown) => {
      const isHeld = cause instanceof DOMException && cause.name === 'TimeoutError';
      const message = isHeld
        ? `The draft “${name}” is open in another window of Emulsion. Continue there, or close it there first. Nothing was changed.`
        : `The draft “${name}” couldn’t be locked for this window. Reload the page. Nothing was changed.`;
      reject(new StudioError({ code: 'unsupported-here', message }, { cause }));
    });
  return promise;
}
