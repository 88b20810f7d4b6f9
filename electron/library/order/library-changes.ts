import { setImmediate } from 'node:timers/promises';
import type { Change, ChangePage, Edit } from '../../contract/entities/changes.ts';
import type { ChangeId, ImageId } from '../../contract/entities/ids.ts';
import type { Selection } from '../../contract/entities/views.ts';
import { toErrorReport, type ErrorReport } from '../../contract/errors/errors.ts';
import { Checkpoints } from '../db/checkpoints.ts';
import { prepare, type Readable } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import { applyAtOnce, putAtOnce } from './apply-entry.ts';
import { applyLong, putLong, type Intended } from './apply-long.ts';
import { concernedBy, type Concerned } from './concerned.ts';
import { planEdit } from './edit-plans.ts';
import { findEntry, hasCells, listChanges, nextToPrune, removeEntryPiece, toChange, type Entry } from './journal.ts';
import { LongChange, type Control, type Ended } from './long-change.ts';
import type { Direction } from './image-cells.ts';
import type { Plan, Timelines } from './plan.ts';
import { gone, refused } from './refusal.ts';
import { inSlices } from './slices.ts';
import { emptyLong } from './empty-trash.ts';

/** Changes of at most so many images are done at once, in one transaction: about 10 ms. */
const FEW = 200;

/** Before so many images are deleted for good, the database is copied. */
const MANY = 20;

/** The page's clock may be ahead of this process's by so much, ms. */
const CLOCKS_DIFFER = 1000;

export interface ChangesOptions {
  library: Pick<Library, 'db' | 'folder'>;
  /** The images of a view's selection by timeline, in the view's order. @throws StudioError `index-loading` */
  resolve(selection: Selection & { kind: 'view' }): Promise<Timelines>;
  /** A change was applied or reverted, or went on. `concerned`: null while it goes on. */
  changed(change: Change, concerned: Concerned | null): void;
  failed(thrown: unknown): void;
  /** Many images are about to be deleted for good. Doesn't reject. */
  beforeDeleting?(): Promise<void>;
}

/** Every change of marks, notes, tags, collections and the trash: applied, journalled, undone and redone. */
export class LibraryChanges {
  readonly #options: ChangesOptions;
  /** Long changes, the first of which is running. */
  readonly #long = new Map<ChangeId, LongChange>();
  /** Calls whose selections are still being resolved: a repeated call waits for the first. */
  readonly #begun = new Map<ChangeId, Promise<Change>>();
  #turn: Promise<void> = Promise.resolve();
  #closed = false;
  /** When images were last moved to the trash under an earlier time, ms since 1970. */
  #movedAt = 0;

  readonly #checkpoints: Checkpoints;

  constructor(options: ChangesOptions) {
    this.#options = options;
    this.#checkpoints = new Checkpoints(options.library.db, (thrown) => options.failed(thrown));
  }

  /** Applies an edit. See the endpoint `changes.apply`. */
  apply(id: ChangeId, selection: Selection, edit: Edit): Promise<Change> {
    return this.#once(id, async () => {
      const until = selection.kind === 'view' ? selection.until : Number.MAX_SAFE_INTEGER;
      if (edit.kind === 'empty') this.#requireSeen(until);
      const images = await this.#resolve(selection);
      const at = Date.now();
      if (edit.kind === 'empty')
        return this.#run(applying({ id, at, edit, images: images.length }), async (control) => {
          if (images.length >= MANY) await this.#options.beforeDeleting?.();
          return emptyLong(this.#options.library, { id, at, edit, images, until }, control);
        });
      const plan = (): Plan => planEdit(this.#db, edit, images, at);
      const planned = plan();
      return images.length <= FEW ? this.#atOnce(id, planned, at) : this.#enqueue({ id, at, images, plan }, planned);
    });
  }

  /**
   * Changes tags or collections themselves, in turn with long changes.
   * @param images the images that are concerned, listed a page at a time
   * @returns the change: done, or still waiting or running where many images are concerned
   */
  perform(id: ChangeId, images: () => Promise<Timelines>, plan: (images: Timelines) => Plan): Promise<Change> {
    return this.#once(id, async () => {
      const at = Date.now();
      const concerned = await images();
      const planned = plan(concerned);
      // What a long change puts on images must not be removed under it.
      const waits = this.#long.size > 0 && planned.cells.some(({ after }) => after === null);
      if (concerned.length <= FEW && !waits) return this.#atOnce(id, planned, at);
      return this.#enqueue({ id, at, images: concerned, plan: () => plan(concerned) }, planned);
    });
  }

  /** Resolves when a change isn't being made any more. @returns how it ended */
  async ended({ id }: Change): Promise<Change> {
    const long = this.#long.get(id);
    await long?.ended;
    return long?.change ?? this.#change(this.#require(id));
  }

  /** Stops a change that is being applied, and reverts it; one that was finished meanwhile is undone. */
  async cancel(id: ChangeId): Promise<Change> {
    const long = this.#long.get(id);
    const isApplying = (long?.change ?? this.#change(this.#require(id))).state !== 'reverting';
    await long?.cancel();
    // Its turn ends right after it.
    await setImmediate();
    const change = long?.change ?? this.#change(this.#require(id));
    return isApplying && change.state === 'done' ? this.undo(id) : change;
  }

  undo(id: ChangeId): Promise<Change> {
    return this.#put(id, 'back');
  }

  redo(id: ChangeId): Promise<Change> {
    return this.#put(id, 'forward');
  }

  list(page: { after: number | null; limit: number }): ChangePage {
    const { changes, next } = listChanges(this.#db, page);
    return { changes: changes.map((change) => this.#long.get(change.id)?.change ?? change), next };
  }

  /** Stops what is running; the next start reverts it. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const long of this.#long.values()) long.abandon();
    await this.#turn;
    await this.#checkpoints.close();
  }

  get #db(): Library['db'] {
    return this.#options.library.db;
  }

  #once(id: ChangeId, begin: () => Promise<Change>): Promise<Change> {
    const known = this.#long.get(id)?.change ?? this.#find(id);
    if (known) return Promise.resolve(known);
    const begun = this.#begun.get(id) ?? begin().finally(() => this.#begun.delete(id));
    this.#begun.set(id, begun);
    return begun;
  }

  #find(id: ChangeId): Change | null {
    const entry = findEntry(this.#db, id);
    return entry && this.#change(entry);
  }

  #change(entry: Entry): Change {
    return this.#long.get(entry.id)?.change ?? toChange(entry);
  }

  #require(id: ChangeId): Entry {
    const entry = findEntry(this.#db, id);
    if (entry) return entry;
    throw gone('This change is no longer in the history.');
  }

  async #resolve(selection: Selection): Promise<Timelines> {
    const images =
      selection.kind === 'images' ? timelinesOf(this.#db, selection.imageIds) : await this.#options.resolve(selection);
    if (images.length > 0) return images;
    throw gone('None of these images is in the library any more.');
  }

  /**
   * Undoing and redoing put images into the trash under the time at which they were moved there first, and a long change all under one time:
   * what a selection until then doesn't mean could have come since. Nor does it say anything when the clock was set back since.
   */
  #requireSeen(until: number): void {
    if (until === Number.MAX_SAFE_INTEGER) return;
    const now = Date.now();
    if (until > now + CLOCKS_DIFFER || this.#movedAt > now) {
      this.#movedAt = Math.min(this.#movedAt, now);
      throw refused('The computer’s clock was set back meanwhile. Check the trash, and delete again.');
    }
    const isMoving = [...this.#long.values()].some(({ change }) => movesTrash(change));
    if (!isMoving && this.#movedAt < until) return;
    throw refused('More images were moved to the trash meanwhile. Check the trash, and delete again.');
  }

  #atOnce(id: ChangeId, plan: Plan, at: number): Change {
    const entry = applyAtOnce(this.#db, plan, { id, at });
    if (!entry) {
      const { edit, names } = plan;
      // There is nothing to undo.
      return {
        id,
        state: 'final',
        edit,
        names,
        images: plan.images.length,
        applied: plan.images.length,
        left: 0,
        at,
        undoneAt: null,
      };
    }
    const change = toChange(entry);
    this.#options.changed(change, concernedBy(entry));
    this.#prune();
    return change;
  }

  async #put(id: ChangeId, direction: Direction): Promise<Change> {
    const running = this.#long.get(id);
    if (running) throw refused('This change is still being made.');
    const entry = this.#require(id);
    if (entry.state === (direction === 'back' ? 'undone' : 'done')) return toChange(entry);
    const wanted = requirePuttable(this.#db, entry);
    if (entry.inverse.touched > FEW) return this.#enqueuePut(wanted, direction);
    const settled = putAtOnce(this.#db, wanted, direction, Date.now());
    const change = toChange(settled);
    if (movesTrash(change)) this.#movedAt = Date.now();
    this.#options.changed(change, concernedBy(settled));
    return Promise.resolve(change);
  }

  #enqueue(intended: Intended, { edit, names }: Plan): Change {
    const { id, at, images } = intended;
    const change = { ...applying({ id, at, edit, images: images.length }), names };
    return this.#run(change, (control) => applyLong(this.#db, intended, control));
  }

  #enqueuePut(entry: Entry, direction: Direction): Change {
    const at = Date.now();
    const state = direction === 'back' ? 'reverting' : 'applying';
    return this.#run({ ...toChange(entry), state }, (control) => putLong(this.#db, { entry, direction, at }, control));
  }

  /** Takes its turn after the other long changes. */
  #run(waiting: Change, work: (control: Control) => Promise<Ended>): Change {
    const long = new LongChange(waiting, work, {
      report: (change) => this.#options.changed(change, null),
      rest: () => this.#rest(),
    });
    const { id } = waiting;
    this.#long.set(id, long);
    this.#turn = this.#turn.then(async () => {
      let error: ErrorReport | undefined;
      let concerned: Concerned | null = { images: true, order: true, sidecars: true };
      this.#checkpoints.hold();
      try {
        if (!this.#closed) concerned = await long.run();
      } catch (thrown) {
        error = toErrorReport(thrown);
        if (error.code === 'internal') this.#options.failed(thrown);
      }
      this.#long.delete(id);
      if (movesTrash(long.change)) this.#movedAt = Date.now();
      if (this.#closed) return;
      this.#options.changed({ ...long.change, ...(error && { error }) }, concerned);
      this.#prune();
    });
    return waiting;
  }

  /** Between two slices. */
  async #rest(): Promise<void> {
    await this.#checkpoints.keepUp();
    await setImmediate();
  }

  /** Removes what the journal doesn't keep any more, in turn. */
  #prune(): void {
    this.#turn = this.#turn.then(async () => {
      try {
        for (
          let old = this.#closed ? null : nextToPrune(this.#db);
          old !== null;
          old = this.#closed ? null : nextToPrune(this.#db)
        ) {
          const sequence = old;
          await inSlices(
            (size) => (removeEntryPiece(this.#db, sequence) ? size : 0),
            () => this.#closed,
            () => this.#rest(),
          );
        }
      } catch (thrown) {
        this.#options.failed(thrown);
      }
      await this.#checkpoints.release().catch((thrown: unknown) => this.#options.failed(thrown));
    });
  }
}

function movesTrash({ edit: { kind } }: Change): boolean {
  return kind === 'trash' || kind === 'restore' || kind === 'merge';
}

/** What is said of a change that waits. */
function applying({ id, at, edit, images }: Pick<Change, 'id' | 'at' | 'edit' | 'images'>): Change {
  return { id, state: 'applying', edit, names: [], images, applied: 0, left: 0, at, undoneAt: null };
}

/** @throws StudioError `parameter-invalid` */
function requirePuttable(db: Readable, entry: Entry): Entry {
  if (entry.edit.kind === 'empty') throw refused('These images were deleted for good, so this can’t be undone.');
  if (entry.state === 'final') throw refused('This change is too old to be undone.');
  if (entry.inverse.touched > 0 && entry.inverse.cells.length === 0 && !hasCells(db, entry.sequence))
    throw refused('Its images were deleted for good, so this can’t be undone.');
  return entry;
}

/** Images that exist, each once, in the given order. */
function timelinesOf(db: Readable, ids: readonly ImageId[]): number[] {
  const sql = 'SELECT timeline FROM images WHERE id = ?';
  const find = prepare<[string], { timeline: number }>(db, sql);
  return [...new Set(ids)].flatMap((id) => find.get(id)?.timeline ?? []);
}
