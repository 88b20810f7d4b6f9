import type { StudioApi } from '../../../electron/contract/api.ts';
import type { DraftHead } from '../../../electron/contract/entities/drafts.ts';
import type { DraftId, NodeId } from '../../../electron/contract/entities/ids.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { newId } from '../../state/new-id.ts';
import { shortHash } from '../../state/short-hash.ts';

/** Characters of steps in one call; the limit of a call is 2 MB. */
const MAX_BATCH_CHARACTERS = 1_500_000;
const MAX_BATCH_STEPS = 1000;
/** Delay before a changed head is saved, ms. Steps are saved at once. */
const HEAD_DELAY_MS = 400;
/** A key of an earlier release, which doesn't say of which library. */
const UNKNOWN_LIBRARY = /^emulsion\.canvas\.unsaved\.[^.]+$/u;
/** Delay before a failed save is retried, ms. */
const RETRY_DELAY_MS = 5000;
/** localStorage key prefix; the library's hash and a part of the page's own follow: no other library knows its drafts. */
const STORAGE_PREFIX = 'emulsion.canvas.unsaved';

/** Steps of one image that are not saved yet: all from index `from` on. */
interface PendingSteps {
  draftId: DraftId;
  node: NodeId;
  from: number;
  steps: string[];
}

/** Unsaved changes that a page leaves in localStorage for the next one. */
interface PendingChanges {
  heads: DraftHead[];
  steps: PendingSteps[];
}

/**
 * Saves drafts in the library: heads a moment after a change, steps at once and in order. Failed saves are retried, each draft
 * independently. When the page ends, unsaved changes go to localStorage; the next start saves them.
 */
export class DraftSaver {
  /** Why the last save failed; null if it did not. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: StudioApi;
  /** Drafts that are in the library. */
  readonly #kept = new Set<DraftId>();
  /** Deleted drafts: later changes of them are dropped. */
  readonly #gone = new Set<DraftId>();
  readonly #paused = new Set<DraftId>();
  readonly #library: () => string;
  /** Of this page's localStorage key. */
  readonly #pageId = newId();
  #hasLeft = false;
  /** The library is no longer open: nothing more is saved to the one that is. */
  #closed = false;
  /** Keys of earlier pages whose changes this page has taken over. */
  readonly #oldKeys: string[] = [];
  /** Unsaved heads by draft. */
  readonly #heads = new Map<DraftId, DraftHead>();
  #steps: PendingSteps[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;

  /** @param library folder of the open library */
  constructor(studio: StudioApi, library: () => string) {
    this.#studio = studio;
    this.#library = library;
  }

  /** The draft is in the library already. */
  knows(draftId: DraftId): void {
    this.#gone.delete(draftId);
    this.#kept.add(draftId);
  }

  /** Saves a head, soon or at once. */
  queueHead(head: DraftHead, at: 'soon' | 'now' = 'soon'): void {
    if (this.#gone.has(head.id)) return;
    this.#heads.set(head.id, head);
    clearTimeout(this.#timer);
    if (at === 'now') void this.flush();
    else this.#timer = setTimeout(() => void this.flush(), HEAD_DELAY_MS);
  }

  /** Replaces the steps of an image from index `from` on. */
  queueSteps(draftId: DraftId, node: NodeId, from: number, steps: readonly string[]): void {
    if (this.#gone.has(draftId)) return;
    // Entries that begin after `from` are replaced as a whole.
    this.#steps = this.#steps.filter((entry) => !isOf(entry, draftId, node) || entry.from <= from);
    const same = this.#steps.findLast((entry) => isOf(entry, draftId, node));
    if (same) same.steps = [...same.steps.slice(0, from - same.from), ...steps];
    else this.#steps = [...this.#steps, { draftId, node, from, steps: [...steps] }];
    void this.flush();
  }

  /** The newest head: the unsaved one, or else the stored one. */
  headOf<Head extends DraftHead>(stored: Head): Head {
    return { ...stored, ...this.#heads.get(stored.id) };
  }

  /** The newest steps: the stored ones with the unsaved ones applied. */
  stepsOf(draftId: DraftId, node: NodeId, stored: readonly string[]): string[] {
    const waiting = this.#steps.filter((entry) => isOf(entry, draftId, node));
    return waiting.reduce((lines, { from, steps }) => [...lines.slice(0, from), ...steps], [...stored]);
  }

  /** Resolves when everything is saved or has failed. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#closed) return Promise.resolve();
    this.#running ??= this.#drain().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Saves nothing of a draft until `resume`, while it is being deleted. Changes wait. */
  pause(draftId: DraftId): void {
    this.#paused.add(draftId);
  }

  resume(draftId: DraftId): void {
    this.#paused.delete(draftId);
    void this.flush();
  }

  /** The draft is deleted: its changes are dropped. */
  forget(draftId: DraftId): void {
    this.#gone.add(draftId);
    this.#kept.delete(draftId);
    this.#heads.delete(draftId);
    this.#steps = this.#steps.filter((entry) => entry.draftId !== draftId);
  }

  /** The page may end: writes unsaved changes to localStorage, in case saving does not finish. */
  leave(): void {
    void this.flush();
    this.#leave();
  }

  /** Another library is open: what isn't saved is kept for the page that this one's library is open in next. */
  close(): void {
    this.#leave();
    this.#closed = true;
  }

  /** Saves what earlier pages of this library could not. */
  async recover(): Promise<void> {
    for (const [key, left] of readPending(this.#prefix())) {
      this.#oldKeys.push(key);
      for (const head of left.heads) this.#heads.set(head.id, head);
      this.#steps = [...this.#steps, ...left.steps];
    }
    if (this.#oldKeys.length > 0) await this.flush();
  }

  /** Writes all unsaved changes to localStorage, and only those: saved ones would overwrite newer ones later. */
  #leave(): void {
    if (this.#closed) return;
    const idle = this.#heads.size === 0 && this.#steps.length === 0;
    writePending(
      `${this.#prefix()}.${this.#pageId}`,
      idle ? null : { heads: [...this.#heads.values()], steps: this.#steps },
    );
    this.#hasLeft = !idle;
    for (const key of this.#oldKeys.splice(0)) writePending(key, null);
  }

  #prefix(): string {
    return `${STORAGE_PREFIX}.${shortHash(this.#library())}`;
  }

  async #drain(): Promise<void> {
    const refused = new Map<DraftId, ErrorReport>();
    for (let next = this.#next(refused); next; next = this.#next(refused)) {
      await next.save().catch((thrown: unknown) => refused.set(next.draftId, toErrorReport(thrown)));
    }
    [this.error = null] = refused.values();
    if (refused.size > 0) this.#timer = setTimeout(() => void this.flush(), RETRY_DELAY_MS);
    // For the next page, if this one is killed first.
    if (refused.size > 0 || this.#hasLeft || this.#oldKeys.length > 0) this.#leave();
  }

  /** The next save. A draft whose save failed waits for the retry; others do not wait for it. */
  #next(refused: ReadonlyMap<DraftId, ErrorReport>): { draftId: DraftId; save(): Promise<void> } | null {
    // A new draft is saved before its steps. Later, steps go first: if the program ends between the two, the head counts too many steps as
    // undone, which redo fixes.
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
    // A step after an undo may have shortened the entry meanwhile; that change is queued itself.
    const done = steps.every((step, index) => step === entry.steps[index]) ? steps.length : 0;
    entry.from += done;
    entry.steps = entry.steps.slice(done);
    if (entry.steps.length === 0) this.#steps = this.#steps.filter((other) => other !== entry);
  }
}

function isOf(entry: PendingSteps, draftId: DraftId, node: NodeId): boolean {
  return entry.draftId === draftId && entry.node === node;
}

/** Writes changes under a key; null removes it. */
function writePending(key: string, left: PendingChanges | null): void {
  try {
    // An older value must not stay if there is no room for the new one.
    localStorage.removeItem(key);
    if (left) localStorage.setItem(key, JSON.stringify(left));
  } catch {
    // Storage is full or switched off: only the running call can save the changes.
  }
}

/** Changes that earlier pages left, by key. */
function readPending(prefix: string): [key: string, left: PendingChanges][] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${prefix}.`) || UNKNOWN_LIBRARY.test(key));
    return keys.toSorted().map((key) => [key, parsePending(localStorage.getItem(key))]);
  } catch {
    // Storage is switched off.
    return [];
  }
}

/** Empty where the text is not one that this class wrote. */
function parsePending(text: string | null): PendingChanges {
  try {
    const { heads, steps } = JSON.parse(text ?? '') as PendingChanges;
    return { heads: [...heads], steps: [...steps] };
  } catch {
    return { heads: [], steps: [] };
  }
}

/** The first steps that fit into one call; at least one. */
function batch(steps: readonly string[]): string[] {
  let characters = 0;
  const count = steps.findIndex((step, index) => {
    characters += step.length;
    return index > 0 && (characters > MAX_BATCH_CHARACTERS || index >= MAX_BATCH_STEPS);
  });
  return count === -1 ? [...steps] : steps.slice(0, count);
}
