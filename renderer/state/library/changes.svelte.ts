import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Marks } from '../../../electron/contract/entities/annotations.ts';
import type { Change, Edit } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId, ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { StudioError, toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { newId } from '../new-id.ts';

/** Changes that the history shows. */
const HISTORY_LENGTH = 50;

export interface ChangeSource {
  studio: Pick<StudioApi, 'changes'>;
  view: {
    /** @returns a function to call once it is known whether the marks were stored */
    patch(ids: ImageId[], marks: Partial<Marks>): (stored: boolean) => void;
  };
  /** Why nothing can be changed; null if it can. */
  whyNot?: () => string | null;
}

/** What is said of a change that this page asked for: in a toast, with Undo if it can be undone. */
export type ChangeNews =
  | { kind: 'done' | 'undone' | 'redone'; change: Change }
  | { kind: 'failed'; act: 'apply' | 'undo' | 'redo'; error: ErrorReport };

/** Every edit of the library from this page, its undo, and the journal of the last ones. */
export class LibraryChanges {
  /** The journal's last changes, newest first; other pages' too. */
  recent = $state.raw<Change[]>([]);
  /** Why the last edit, undo or redo failed; null after one that succeeded. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #source: ChangeSource;
  readonly #listeners = new Set<(news: ChangeNews) => void>();
  /** Changes of this page that are still to be announced. */
  readonly #awaited = new Map<ChangeId, 'done' | 'undone' | 'redone'>();

  /** Number of updates so far, and which was each change's last one. */
  #updates = 0;
  readonly #updated = new Map<ChangeId, number>();
  #lastTurn: Promise<void> = Promise.resolve();
  #loading: Promise<void> = Promise.resolve();
  /** Turns that begin once no change is in these states. */
  #waiting: { states: readonly Change['state'][]; begin: () => void }[] = [];

  constructor(source: ChangeSource) {
    this.#source = source;
  }

  /** Why nothing can be changed, as a sentence for controls; null if it can. Calls do nothing then: keys and drops have no control. */
  get whyNot(): string | null {
    return this.#source.whyNot?.() ?? null;
  }

  /** Changes that are being applied or reverted. */
  readonly running = $derived(this.recent.filter(isRunning));
  /** What `undo` reverts. */
  readonly undoable = $derived(this.recent.find(({ state }) => state === 'done') ?? null);
  /** What `redo` applies again: undone last, with nothing done after it. */
  readonly redoable = $derived.by(() => {
    const done = this.recent.findIndex(({ state }) => state !== 'undone');
    // One that was cancelled or failed isn't in the journal.
    return this.recent.slice(0, done < 0 ? undefined : done).findLast(({ undoneAt }) => undoneAt !== null) ?? null;
  });

  /** What `undo` without a change is about. */
  get #last(): Change | null {
    return this.recent.find(({ state }) => state === 'applying' || state === 'done') ?? null;
  }

  /** Calls `listener` for what is to be said of this page's changes, until the returned function is called. */
  listen(listener: (news: ChangeNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads the journal's last changes. Undo and redo wait for it: which change is the last is in there. */
  load(): Promise<void> {
    this.#loading = this.#read();
    return this.#loading;
  }

  async #read(): Promise<void> {
    try {
      const since = this.#updates;
      const { changes } = await this.#source.studio.changes.list({ after: null, limit: HISTORY_LENGTH });
      // Events that came meanwhile know more than the list.
      const newer = this.recent.filter(({ id }) => (this.#updated.get(id) ?? 0) > since);
      const others = changes.filter(({ id }) => !newer.some((change) => change.id === id));
      this.recent = [...others, ...newer].sort(newestFirst).slice(0, HISTORY_LENGTH);
      this.#wake();
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  /** A `change` event. */
  applyUpdate(change: Change): void {
    this.#updated.set(change.id, ++this.#updates);
    const others = this.recent.filter(({ id }) => id !== change.id);
    this.recent = [...others, change].sort(newestFirst).slice(0, HISTORY_LENGTH);
    this.#announce(change);
    this.#wake();
  }

  /**
   * Applies an edit to the selected images.
   * @param shown ids of selected images on the screen: their marks are painted at once
   * @returns the change, which may still be running; null if it failed (see `error`)
   */
  async apply(selection: Selection | Promise<Selection>, edit: Edit, shown?: ImageId[]): Promise<Change | null> {
    if (this.whyNot !== null) return null;
    const marks = marksOf(edit);
    const ids = shown ?? (selection instanceof Promise || selection.kind !== 'images' ? [] : selection.imageIds);
    const settle = marks && ids.length > 0 ? this.#source.view.patch(ids, marks) : undefined;
    const change = await this.perform('apply', async (id) =>
      this.#source.studio.changes.apply({ id, selection: await selection, edit }),
    );
    settle?.(change !== null);
    return change;
  }

  /**
   * Runs a journalled call with a new id, such as `tags.rename`, and tells the outcome.
   * @returns its result; null if it failed (see `error`)
   */
  async perform<R>(act: 'apply' | 'undo' | 'redo', call: (id: ChangeId) => Promise<R>): Promise<R | null> {
    if (this.whyNot !== null) return null;
    const id = newId() as ChangeId;
    this.error = null;
    this.#awaited.set(id, 'done');
    try {
      const result = await call(id);
      if (isChange(result)) this.#take(result, undefined);
      return result;
    } catch (thrown) {
      this.#awaited.delete(id);
      this.#fail(act, thrown);
      return null;
    }
  }

  /** Reverts a change; without one, the last. One that is still being applied is cancelled. */
  undo(asked: Change | null = null): Promise<void> {
    if (this.whyNot !== null) return Promise.resolve();
    // One press waits for what is running; impatient ones would take back what nobody has seen.
    if (asked === null && this.#waiting.length > 0) return this.#lastTurn;
    return this.#inTurn(async () => {
      // What is older is put back only after what came later.
      await this.#noneIn('reverting');
      const change = asked ?? this.#last;
      if (change?.state === 'applying' && change.edit.kind === 'empty') this.#fail('undo', cannotUndoEmptying());
      else if (change?.state === 'applying') await this.cancel(change.id);
      else if (change)
        await this.#turn('undo', change.id, 'undone', () => this.#source.studio.changes.undo({ id: change.id }));
    });
  }

  /** Applies an undone change again; without one, that undone last. */
  redo(change: Change | null = null): Promise<void> {
    if (this.whyNot !== null) return Promise.resolve();
    return this.#inTurn(async () => {
      await this.#noneIn('reverting');
      if (change === null && this.redoable === null) return;
      await this.#noneIn('reverting', 'applying');
      const id = (change ?? this.redoable)?.id;
      if (id !== undefined) await this.#turn('redo', id, 'redone', () => this.#source.studio.changes.redo({ id }));
    });
  }

  /** Stops a running change and reverts it. */
  async cancel(id: ChangeId): Promise<void> {
    await this.#turn('undo', id, 'undone', () => this.#source.studio.changes.cancel({ id }));
  }

  /** One after another: which change is the last is known once the turn before has ended. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = (): Promise<void> => this.#loading.then(act);
    this.#lastTurn = this.#lastTurn.then(turn, turn);
    return this.#lastTurn;
  }

  /** Resolves once no change is in one of these states; its end comes by an event. */
  #noneIn(...states: readonly Change['state'][]): Promise<void> {
    return new Promise((begin) => {
      this.#waiting.push({ states, begin });
      this.#wake();
    });
  }

  #wake(): void {
    const isFree = ({ states }: { states: readonly Change['state'][] }): boolean =>
      !this.recent.some(({ state }) => states.includes(state));
    const free = this.#waiting.filter(isFree);
    this.#waiting = this.#waiting.filter((turn) => !free.includes(turn));
    for (const { begin } of free) begin();
  }

  async #turn(
    act: 'undo' | 'redo',
    id: ChangeId,
    end: 'undone' | 'redone',
    call: () => Promise<Change>,
  ): Promise<void> {
    this.error = null;
    this.#awaited.set(id, end);
    const known = this.#known(id);
    try {
      this.#take(await call(), known);
    } catch (thrown) {
      this.#awaited.delete(id);
      this.#fail(act, thrown);
    }
  }

  #known(id: ChangeId): Change | undefined {
    return this.recent.find((change) => change.id === id);
  }

  /** Takes a call's answer. An event may be quicker, and knows more than that it has begun. `known`: what was known before the call. */
  #take(change: Change, known: Change | undefined): void {
    if (isRunning(change) && this.#known(change.id) !== known) return;
    this.applyUpdate(change);
  }

  #announce(change: Change): void {
    const kind = this.#awaited.get(change.id);
    if (kind === undefined || isRunning(change)) return;
    if (change.error) {
      this.#awaited.delete(change.id);
      this.#failed(kind === 'done' ? 'apply' : kind === 'undone' ? 'undo' : 'redo', change.error);
      return;
    }
    // An event of the state before may arrive after the call that leaves it.
    if ((change.state === 'undone') !== (kind === 'undone')) return;
    this.#awaited.delete(change.id);
    this.#tell({ kind, change });
  }

  #fail(act: 'apply' | 'undo' | 'redo', thrown: unknown): void {
    this.#failed(act, toErrorReport(thrown));
  }

  #failed(act: 'apply' | 'undo' | 'redo', error: ErrorReport): void {
    this.error = error;
    this.#tell({ kind: 'failed', act, error });
  }

  #tell(news: ChangeNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

/** What an edit makes of an image's marks; null where it doesn't concern them. */
export function marksOf(edit: Edit): Partial<Marks> | null {
  switch (edit.kind) {
    case 'rate':
      return { rating: edit.rating };
    case 'favourite':
      return { favourite: edit.on };
    case 'reject':
      return { rejected: edit.on };
    default:
      return null;
  }
}

function cannotUndoEmptying(): StudioError {
  const message = 'These images are being deleted for good, so this can’t be undone. Nothing was changed.';
  return new StudioError({ code: 'parameter-invalid', message });
}

function isRunning({ state }: Change): boolean {
  return state === 'applying' || state === 'reverting';
}

function isChange(result: unknown): result is Change {
  return typeof result === 'object' && result !== null && 'edit' in result && 'applied' in result;
}

function newestFirst(a: Change, b: Change): number {
  return b.at - a.at || (a.id < b.id ? 1 : -1);
}
