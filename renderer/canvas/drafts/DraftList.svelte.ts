import type { StudioApi } from '../../../electron/contract/api.ts';
import type { StoredDraft } from '../../../electron/contract/entities/drafts.ts';
import type { DraftId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { newId } from '../../state/new-id.ts';
import { CanvasDraft, ROOT } from './CanvasDraft.svelte.ts';
import { DraftLocks } from './DraftLocks.ts';
import { DraftSaver } from './DraftSaver.svelte.ts';
import { readLastDraft, rememberLastDraft } from './last-draft.ts';

/** The drafts of the library, and the one that is open. A draft is open in one window at a time. */
export class DraftList {
  /** Oldest first; null until loaded. */
  all = $state.raw<readonly StoredDraft[] | null>(null);
  current = $state.raw<CanvasDraft | null>(null);
  readonly saver: DraftSaver;
  readonly #studio: StudioApi;
  readonly #onshow: (draft: CanvasDraft | null) => void;
  readonly #locks = new DraftLocks();
  /** The draft that was requested last. */
  #wanted: DraftId | null = null;
  readonly #opening = new Map<DraftId, Promise<void>>();
  /** Drafts that are being read: job events meanwhile are theirs too. */
  readonly #reading = new Set<CanvasDraft>();

  /** @param library folder of the open library @param onshow called with the draft that is open now; null: none is */
  constructor(studio: StudioApi, library: () => string, onshow: (draft: CanvasDraft | null) => void) {
    this.#studio = studio;
    this.#onshow = onshow;
    this.saver = new DraftSaver(studio, library);
  }

  /**
   * Saves what an earlier page could not, then lists the drafts.
   * @returns the draft that was open last, if it still exists and no other one is open
   */
  async load(): Promise<StoredDraft | null> {
    await this.saver.recover();
    const stored = await this.#studio.drafts.list({});
    this.all = stored.toSorted((one, other) => one.createdAt - other.createdAt);
    const last = this.find(readLastDraft());
    return this.current ? null : last;
  }

  find(id: string | null): StoredDraft | null {
    return this.all?.find((draft) => draft.id === id) ?? null;
  }

  /** The newest draft that began with an image. */
  findByRoot(sha256: Sha256): StoredDraft | null {
    return this.all?.findLast(({ root }) => root === sha256) ?? null;
  }

  /** Begins a draft with an image, and opens it. `steps`: what is drawn on it already, as stored. */
  async create(image: InputImage, { name = image.name, steps = [] as readonly string[] } = {}): Promise<void> {
    this.current?.keep('now');
    const draft = new CanvasDraft(this.#studio, this.saver, newId() as DraftId, image);
    draft.rename(name);
    this.#wanted = draft.id;
    const stored = await this.#studio.drafts.save(draft.head());
    this.all = [...(this.all ?? []), stored];
    if (steps.length > 0) {
      this.saver.knows(draft.id);
      this.saver.queueSteps(draft.id, ROOT, 0, steps);
    }
    await this.#enter(stored, draft);
  }

  /** Opens a stored draft. Opening it twice at once opens it once; the draft that was requested last is shown. */
  async open(stored: StoredDraft): Promise<void> {
    const { id } = stored;
    this.#wanted = id;
    if (this.current?.id === id) return;
    const opening = this.#opening.get(id) ?? this.#read(stored);
    this.#opening.set(id, opening);
    try {
      await opening;
    } finally {
      this.#opening.delete(id);
      this.#releaseUnlessOpen(id);
    }
  }

  /** Deletes a draft; images made from it stay in the library. The draft before it opens in its place. */
  async remove(id: DraftId): Promise<void> {
    await this.#removeStored(id);
    const place = this.all?.findIndex((draft) => draft.id === id) ?? -1;
    this.all = this.all?.filter((draft) => draft.id !== id) ?? null;
    if (this.current?.id !== id) return;
    this.#leave();
    const next = this.all?.[Math.max(0, place - 1)];
    if (next) await this.open(next);
  }

  /** Leaves the open draft. */
  close(): void {
    this.current?.keep('now');
    this.#leave();
    rememberLastDraft(null);
  }

  /** Passes a job event to the open draft and to those being opened. */
  updateJob(job: Job): void {
    for (const draft of [this.current, ...this.#reading]) draft?.take(job);
  }

  #leave(): void {
    if (this.current) this.#locks.release(this.current.id);
    this.#wanted = null;
    this.current = null;
    this.#onshow(null);
  }

  async #removeStored(id: DraftId): Promise<void> {
    await this.#locks.claim(id, this.find(id)?.name ?? '');
    this.saver.pause(id);
    try {
      // Pending saves end before the draft is deleted, and none follows.
      await this.saver.flush();
      await this.#studio.drafts.remove({ draftId: id });
      this.saver.forget(id);
    } finally {
      this.saver.resume(id);
      this.#releaseUnlessOpen(id);
    }
  }

  async #read({ id, name }: StoredDraft): Promise<void> {
    this.current?.keep('now');
    await Promise.all([this.saver.flush(), this.#locks.claim(id, name)]);
    const stored = (await this.#studio.drafts.list({})).find((draft) => draft.id === id);
    if (!stored) throw removedError(name);
    const newest = this.saver.headOf(stored);
    const [root] = newest.root === null ? [] : await this.#studio.inputs.get({ inputs: [newest.root] });
    if (!root) throw missingRootError(name);
    await this.#enter(newest, new CanvasDraft(this.#studio, this.saver, id, root));
  }

  async #enter(stored: StoredDraft, draft: CanvasDraft): Promise<void> {
    await this.#locks.claim(draft.id, stored.name);
    this.#reading.add(draft);
    try {
      await draft.restore(stored);
      if (this.#wanted === draft.id) this.#show(draft);
    } finally {
      this.#reading.delete(draft);
      this.#releaseUnlessOpen(draft.id);
    }
  }

  #show(draft: CanvasDraft): void {
    if (this.current) this.#locks.release(this.current.id);
    this.current = draft;
    rememberLastDraft(draft.id);
    this.#onshow(draft);
  }

  /** Lets other windows open a draft that this one does not show. */
  #releaseUnlessOpen(id: DraftId): void {
    if (this.current?.id !== id) this.#locks.release(id);
  }
}

function removedError(name: string): StudioError {
  return new StudioError({ code: 'not-found', message: `The draft “${name}” was deleted in another window.` });
}

function missingRootError(name: string): StudioError {
  const message = `The image that the draft “${name}” began with is no longer in the library. Images made from it still are.`;
  return new StudioError({ code: 'not-found', message });
}
