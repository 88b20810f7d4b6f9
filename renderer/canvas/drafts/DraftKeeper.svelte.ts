import type { StudioApi } from '../../../electron/contract/api.ts';
import type { DraftHead } from '../../../electron/contract/drafts.ts';
import type { DraftId, NodeId } from '../../../electron/contract/entities.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors.ts';

/** Calls are at most 2 MB: so many characters of steps go into one. */
const MOST_CHARACTERS = 1_500_000;
const MOST_STEPS = 1000;
/** Words are kept so soon after the last key, in milliseconds; steps at once. */
const PAUSE = 400;
const UNSAVED = 'emulsion.canvas.unsaved';

/** Steps of one picture that the library does not have yet: all from `from` on. */
interface Unsaved {
  draftId: DraftId;
  node: NodeId;
  from: number;
  steps: string[];
}

/** What a page leaves for the next one. */
interface Left {
  heads: DraftHead[];
  steps: Unsaved[];
}

/**
 * Keeps drafts in the library as they are worked on: a head a moment after it changed, steps at once and in order. What could not be
 * kept is tried again; when the page goes away, it is left with the page's own storage and brought to the library at the next start.
 */
export class DraftKeeper {
  /** Why the draft is not kept; null while it is. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;
  /** Drafts that the library has. */
  readonly #kept = new Set<DraftId>();
  /** Heads that changed, one a draft. */
  readonly #heads = new Map<DraftId, DraftHead>();
  #steps: Unsaved[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** The library has this draft already. */
  knows(draftId: DraftId): void {
    this.#kept.add(draftId);
  }

  /** The draft is like this now. */
  keepHead(head: DraftHead, at: 'soon' | 'now' = 'soon'): void {
    this.#heads.set(head.id, head);
    clearTimeout(this.#timer);
    if (at === 'now') void this.flush();
    else this.#timer = setTimeout(() => void this.flush(), PAUSE);
  }

  /** The steps of a picture from `from` on are these now. */
  keepSteps(draftId: DraftId, node: NodeId, from: number, steps: readonly string[]): void {
    const same = this.#steps.find((entry) => entry.draftId === draftId && entry.node === node && entry.from <= from);
    if (same) same.steps = [...same.steps.slice(0, from - same.from), ...steps];
    else this.#steps = [...this.#steps, { draftId, node, from, steps: [...steps] }];
    void this.flush();
  }

  /** Resolves when all that was told is kept, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#drain().finally(() => (this.#running = null));
    return this.#running;
  }

  /** The draft is removed: nothing of it is kept any more. */
  forget(draftId: DraftId): void {
    this.#kept.delete(draftId);
    this.#heads.delete(draftId);
    this.#steps = this.#steps.filter((entry) => entry.draftId !== draftId);
  }

  /** The page may go away: what the library does not have yet is left with the page's storage. */
  leave(): void {
    void this.flush();
    try {
      const unsaved: Left = { heads: [...this.#heads.values()], steps: this.#steps };
      if (unsaved.heads.length === 0 && unsaved.steps.length === 0) localStorage.removeItem(UNSAVED);
      else localStorage.setItem(UNSAVED, JSON.stringify(unsaved));
    } catch {
      // Storage is full or switched off: the call that is under way is all there is.
    }
  }

  /** Brings what the last page could not keep to the library. */
  async recover(): Promise<void> {
    const left = readUnsaved();
    if (left === null) return;
    for (const head of left.heads) this.#heads.set(head.id, head);
    this.#steps = left.steps;
    await this.flush();
  }

  async #drain(): Promise<void> {
    try {
      while (this.#heads.size > 0 || this.#steps.length > 0) {
        const [head] = this.#heads.values();
        const [first] = this.#steps;
        // A draft is there before its steps are. Afterwards steps go first: should the program end between the two, the draft counts
        // more of them as taken back than are, which a redo brings back.
        if (first && (this.#kept.has(first.draftId) || !head)) await this.#saveSteps(first);
        else if (head) await this.#saveHead(head);
      }
      this.error = null;
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  async #saveHead(head: DraftHead): Promise<void> {
    await this.#studio.drafts.save(head);
    this.#kept.add(head.id);
    if (this.#heads.get(head.id) === head) this.#heads.delete(head.id);
  }

  async #saveSteps(entry: Unsaved): Promise<void> {
    const { draftId, node, from } = entry;
    const steps = batch(entry.steps);
    await this.#studio.drafts.putSteps({ draftId, node, from, steps });
    // It may have been cut short meanwhile by a step after an undo, which tells of itself anew.
    const done = entry.steps.slice(0, steps.length).every((step, place) => step === steps[place]) ? steps.length : 0;
    entry.from += done;
    entry.steps = entry.steps.slice(done);
    if (entry.steps.length === 0) this.#steps = this.#steps.filter((other) => other !== entry);
  }
}

/** What the last page left, and leaves it no longer: it is with this one now. */
function readUnsaved(): Left | null {
  try {
    const left = localStorage.getItem(UNSAVED);
    localStorage.removeItem(UNSAVED);
    return left === null ? null : (JSON.parse(left) as Left);
  } catch {
    // Storage is switched off, or holds what we did not write.
    return null;
  }
}

/** As many of the steps, from the first on, as one call carries; at least one. */
function batch(steps: readonly string[]): string[] {
  let characters = 0;
  const count = steps.findIndex((step, place) => {
    characters += step.length;
    return place > 0 && (characters > MOST_CHARACTERS || place >= MOST_STEPS);
  });
  return count === -1 ? [...steps] : steps.slice(0, count);
}
