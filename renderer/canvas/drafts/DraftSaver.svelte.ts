import type { StudioApi } from '../../../electron/contract/api.ts';
import type { DraftHead } from '../../../electron/contract/entities/drafts.ts';
import type { DraftId, NodeId } from '../../../electron/contract/entities/ids.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { newId } from '../../state/new-id.ts';

/** Calls are at most 2 MB: so many characters of steps go into one. */
const MAX_BATCH_CHARACTERS = 1_500_000;
const MAX_BATCH_STEPS = 1000;
/** Words are kept so soon after the last key, in milliseconds; steps at once. */
const HEAD_DELAY_MS = 400;
/** What was refused is tried again after this time, in milliseconds. */
const RETRY_DELAY_MS = 5000;
/** Each page has a place of its own in the storage, which all of them share. */
const STORAGE_PREFIX = 'emulsion.canvas.unsaved';

/** Steps of one image that the library does not have yet: all from `from` on. */
interface PendingSteps {
  draftId: DraftId;
  node: NodeId;
  from: number;
  steps: string[];
}

/** What a page leaves for the next one. */
interface PendingChanges {
  heads: DraftHead[];
  steps: PendingSteps[];
}

/**
 * Keeps drafts in the library as they are worked on: a head a moment after it changed, steps at once and in order. What could not be
 * kept is tried again, each draft for itself; when the page goes away, it is left with the browser's storage and brought to the library
 * at the next start.
 */
export class DraftSaver {
  /** Why the draft is not kept; null while it is. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;
  /** Drafts that the library has. */
  readonly #kept = new Set<DraftId>();
  /** Drafts that were removed: what is told of them comes too late. */
  readonly #gone = new Set<DraftId>();
  readonly #paused = new Set<DraftId>();
  /** Where this page leaves what is not kept yet. */
  readonly #place = `${STORAGE_PREFIX}.${newId()}`;
  #hasLeft = false;
  /** Places of pages before this one. What they hold is with this one now. */
  readonly #places: string[] = [];
  /** Heads that changed, one a draft. */
  readonly #heads = new Map<DraftId, DraftHead>();
  #steps: PendingSteps[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** The library has this draft already. */
  knows(draftId: DraftId): void {
    this.#gone.delete(draftId);
    this.#kept.add(draftId);
  }

  /** The draft is like this now. */
  queueHead(head: DraftHead, at: 'soon' | 'now' = 'soon'): void {
    if (this.#gone.has(head.id)) return;
    this.#heads.set(head.id, head);
    clearTimeout(this.#timer);
    if (at === 'now') void this.flush();
    else this.#timer = setTimeout(() => void this.flush(), HEAD_DELAY_MS);
  }

  /** The steps of an image from `from` on are these now. */
  queueSteps(draftId: DraftId, node: NodeId, from: number, steps: readonly string[]): void {
    if (this.#gone.has(draftId)) return;
    // What lay behind that place is no more.
    this.#steps = this.#steps.filter((entry) => !isOf(entry, draftId, node) || entry.from <= from);
    const same = this.#steps.findLast((entry) => isOf(entry, draftId, node));
    if (same) same.steps = [...same.steps.slice(0, from - same.from), ...steps];
    else this.#steps = [...this.#steps, { draftId, node, from, steps: [...steps] }];
    void this.flush();
  }

  /** The head as it will be kept: the one that the library has, unless a newer one waits. */
  headOf<Head extends DraftHead>(stored: Head): Head {
    return { ...stored, ...this.#heads.get(stored.id) };
  }

  /** The steps as they will be kept: those that the library has with those that wait. */
  stepsOf(draftId: DraftId, node: NodeId, stored: readonly string[]): string[] {
    const waiting = this.#steps.filter((entry) => isOf(entry, draftId, node));
    return waiting.reduce((lines, { from, steps }) => [...lines.slice(0, from), ...steps], [...stored]);
  }

  /** Resolves when all that was told is kept, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#drain().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Keeps nothing of a draft until `resume`: it is being removed. What is told of it meanwhile waits. */
  pause(draftId: DraftId): void {
    this.#paused.add(draftId);
  }

  resume(draftId: DraftId): void {
    this.#paused.delete(draftId);
    void this.flush();
  }

  /** The draft is removed: nothing of it is kept any more. */
  forget(draftId: DraftId): void {
    this.#gone.add(draftId);
    this.#kept.delete(draftId);
    this.#heads.delete(draftId);
    this.#steps = this.#steps.filter((entry) => entry.draftId !== draftId);
  }

  /** The page may go away: what the library does not have yet is left with the browser's storage, until it has. */
  leave(): void {
    void this.flush();
    this.#leave();
  }

  /** Brings what pages before this one could not keep to the library. */
  async recover(): Promise<void> {
    for (const [place, left] of readPending()) {
      this.#places.push(place);
      for (const head of left.heads) this.#heads.set(head.id, head);
      this.#steps = [...this.#steps, ...left.steps];
    }
    if (this.#places.length > 0) await this.flush();
  }

  /** Leaves all that waits, and nothing else: what is kept already would take the place of what came after it. */
  #leave(): void {
    const idle = this.#heads.size === 0 && this.#steps.length === 0;
    writePending(this.#place, idle ? null : { heads: [...this.#heads.values()], steps: this.#steps });
    this.#hasLeft = !idle;
    for (const place of this.#places.splice(0)) writePending(place, null);
  }

  async #drain(): Promise<void> {
    const refused = new Map<DraftId, ErrorReport>();
    for (let next = this.#next(refused); next; next = this.#next(refused)) {
      await next.save().catch((thrown: unknown) => refused.set(next.draftId, toErrorReport(thrown)));
    }
    [this.error = null] = refused.values();
    if (refused.size > 0) this.#timer = setTimeout(() => void this.flush(), RETRY_DELAY_MS);
    // Should the page be killed before that, the next one has it.
    if (refused.size > 0 || this.#hasLeft || this.#places.length > 0) this.#leave();
  }

  /** What is saved next. A draft that was refused waits for the next time, and the others do not wait for it. */
  #next(refused: ReadonlyMap<DraftId, ErrorReport>): { draftId: DraftId; save(): Promise<void> } | null {
    // A draft is there before its steps are. Afterwards steps go first: should the program end between the two, the draft counts more
    // of them as taken back than are, which a redo brings back.
    const ready = ({ draftId }: PendingSteps): boolean => this.#kept.has(draftId) || !this.#heads.has(draftId);
    const waits = (id: DraftId): boolean => refused.has(id) || this.#paused.has(id);
    const steps = this.#steps.find((entry) => !waits(entry.draftId) && ready(entry));
    if (steps) return { draftId: steps.draftId, save: () => this.#saveSteps(steps) };
    const head = [...this.#heads.values()].find(({ id }) => !waits(id));
    return head ? { draftId: head.id, save: () => this.#saveHead(head) } : null;
  }

  async #saveHead(head: DraftHead): Promise<void> {
    await this.#studio.drafts.save(head);
    this.#kept.add(head.id);
    if (this.#heads.get(head.id) === head) this.#heads.delete(head.id);
  }

  async #saveSteps(entry: PendingSteps): Promise<void> {
    const { draftId, node, from } = entry;
    const steps = batch(entry.steps);
    await this.#studio.drafts.saveSteps({ draftId, node, from, steps });
    // It may have been cut short meanwhile by a step after an undo, which tells of itself anew.
    const done = steps.every((step, place) => step === entry.steps[place]) ? steps.length : 0;
    entry.from += done;
    entry.steps = entry.steps.slice(done);
    if (entry.steps.length === 0) this.#steps = this.#steps.filter((other) => other !== entry);
  }
}

function isOf(entry: PendingSteps, draftId: DraftId, node: NodeId): boolean {
  return entry.draftId === draftId && entry.node === node;
}

/** Null: nothing is to be there. */
function writePending(place: string, left: PendingChanges | null): void {
  try {
    // What was there before must not outlive it where there is no room for this.
    localStorage.removeItem(place);
    if (left) localStorage.setItem(place, JSON.stringify(left));
  } catch {
    // Storage is full or switched off: the call that is under way is all there is.
  }
}

/** What pages before this one left, by its places. */
function readPending(): [place: string, left: PendingChanges][] {
  try {
    const places = Object.keys(localStorage).filter((place) => place.startsWith(STORAGE_PREFIX));
    return places.toSorted().map((place) => [place, parsePending(localStorage.getItem(place))]);
  } catch {
    // Storage is switched off.
    return [];
  }
}

/** Nothing where it is not what we wrote. */
function parsePending(text: string | null): PendingChanges {
  try {
    const { heads, steps } = JSON.parse(text ?? '') as PendingChanges;
    return { heads: [...heads], steps: [...steps] };
  } catch {
    return { heads: [], steps: [] };
  }
}

/** As many of the steps, from the first on, as one call carries; at least one. */
function batch(steps: readonly string[]): string[] {
  let characters = 0;
  const count = steps.findIndex((step, place) => {
    characters += step.length;
    return place > 0 && (characters > MAX_BATCH_CHARACTERS || place >= MAX_BATCH_STEPS);
  });
  return count === -1 ? [...steps] : steps.slice(0, count);
}
