import type { StudioApi } from '../../electron/contract/api.ts';
import type { StoredDraft } from '../../electron/contract/entities/drafts.ts';
import type { DraftId, ImageId, JobId, NodeId } from '../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../electron/contract/entities/inputs.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { StudioError, toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import type { StudioState } from '../state/studio-state.svelte.ts';
import { Gallery } from '../state/gallery.svelte.ts';
import { formatQuantity } from '../shared/format/counts.ts';
import { toasts } from '../shared/feedback/toasts.svelte.ts';
import { newId } from '../state/new-id.ts';
import { CanvasDraft } from './drafts/CanvasDraft.svelte.ts';
import { CanvasRequest } from './request/CanvasRequest.svelte.ts';
import { DraftLocks } from './drafts/DraftLocks.ts';
import { DraftSaver } from './drafts/DraftSaver.svelte.ts';
import { Review } from './review/Review.svelte.ts';
import { ToolBox } from './stage/ToolBox.svelte.ts';
import { prepareForStage, isOversized, scaleToUsableSize } from './drafts/fit-for-stage.ts';

const CURRENT = 'emulsion.canvas.draft';

/** A file on its way onto the stage. */
interface Arrival {
  name: string;
  /** 0 to 1. */
  part: number;
  cancel(): void;
}

/** The canvas: its drafts, and the one that is open. Lives as long as the page, so that nothing is lost by a look at another view. */
export class Canvas {
  /** All drafts, in the order in which they were begun; null before they are known. */
  drafts = $state.raw<readonly StoredDraft[] | null>(null);
  draft = $state.raw<CanvasDraft | null>(null);
  /** Why something could not be opened. */
  error = $state.raw<ErrorReport | null>(null);
  /** An image or a draft is being opened: its name. */
  opening = $state<string | null>(null);
  arrival = $state.raw<Arrival | null>(null);
  /** An image that is larger than any model uses, until the person says what to do. */
  oversized = $state.raw<InputImage | null>(null);
  /** What the open draft sends. */
  request = $state.raw<CanvasRequest | null>(null);
  readonly saver: DraftSaver;
  readonly tools: ToolBox;
  readonly review = new Review();
  /** The click whose images are shown to choose from. */
  sheet = $state<JobId | null>(null);
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  readonly #claims = new DraftLocks();
  #loading: Promise<void> | null = null;
  /** The draft that was asked for last. */
  #wanted: DraftId | null = null;
  /** Drafts that are being opened. */
  readonly #entering = new Map<DraftId, Promise<void>>();
  readonly #coming = new Set<CanvasDraft>();

  constructor(studio: StudioApi, state: StudioState) {
    this.#studio = studio;
    this.#state = state;
    this.saver = new DraftSaver(studio);
    this.tools = new ToolBox({ sizes: () => this.request?.edit.model.sizes ?? null });
  }

  /** Loads the drafts once and opens the one that was open last. */
  start(): Promise<void> {
    this.#loading ??= this.#start().catch((thrown: unknown) => {
      this.#loading = null;
      this.error = toErrorReport(thrown);
    });
    return this.#loading;
  }

  /** Follows what becomes of jobs, and the page's end, until the returned function is called. */
  listen(): () => void {
    const leave = (): void => this.saver.leave();
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') leave();
    };
    const ended = new AbortController();
    addEventListener('pagehide', leave, { signal: ended.signal });
    document.addEventListener('visibilitychange', hidden, { signal: ended.signal });
    const unsubscribe = this.#studio.subscribe((event) => this.#take(event));
    return () => {
      ended.abort();
      unsubscribe();
    };
  }

  /** Opens a draft. The one that was open is kept. */
  async open(id: DraftId): Promise<void> {
    const stored = this.drafts?.find((draft) => draft.id === id);
    if (!stored) return;
    await this.#attempt(stored.name, () => this.#restore(stored));
  }

  /** Opens an image of the library: the draft that began with it, or a new one. */
  async openImage(imageId: ImageId): Promise<void> {
    await this.start();
    await this.#attempt('The image', async () => {
      const image = await this.#studio.inputs.fromImage({ imageId });
      const known = this.drafts?.findLast(({ root }) => root === image.sha256);
      if (known) await this.#restore(known);
      else await this.#admit(image);
    });
  }

  /** Opens a file from the disk, the clipboard or a drop: as a new draft. */
  async openFile(file: File): Promise<void> {
    await this.start();
    const stop = new AbortController();
    const name = file.name || 'Pasted image';
    this.arrival = { name, part: 0, cancel: () => stop.abort() };
    const onProgress = (part: number): void => {
      if (this.arrival) this.arrival = { ...this.arrival, part };
    };
    await this.#attempt(name, async () => {
      try {
        await this.#admit(await this.#studio.addInput(file, name, { signal: stop.signal, onProgress }));
      } catch (thrown) {
        if (!stop.signal.aborted) throw thrown;
      } finally {
        this.arrival = null;
      }
    });
  }

  /** The person has said what becomes of an oversized image. */
  async openOversized(scaled: boolean): Promise<void> {
    const image = this.oversized;
    this.oversized = null;
    if (!image) return;
    await this.#attempt(image.name, async () =>
      this.#begin(scaled ? await scaleToUsableSize(this.#studio, image) : image),
    );
  }

  /** Puts another image of the open draft on the stage. */
  async goTo(node: NodeId): Promise<void> {
    const { draft } = this;
    this.sheet = null;
    this.review.mode = 'edit';
    if (draft) draft.isWaiting = false;
    if (!draft || draft.node === node) return;
    // It is quick; only what goes wrong is worth a word.
    await draft.goTo(node).catch((thrown: unknown) => (this.error = toErrorReport(thrown)));
  }

  /** Compares an image of the open draft with the one that it was made from. */
  async compare(node: NodeId): Promise<void> {
    await this.#review(node);
  }

  /** A view of the library to choose from, apart from the Library's own. */
  browse(): Gallery {
    return new Gallery(this.#studio);
  }

  /** Removes a draft; what was made of it stays in the library. The next one opens. */
  async remove(id: DraftId): Promise<void> {
    await this.#attempt('The draft', async () => {
      await this.#removeKept(id);
      const place = this.drafts?.findIndex((draft) => draft.id === id) ?? -1;
      this.drafts = this.drafts?.filter((draft) => draft.id !== id) ?? null;
      if (this.draft?.id !== id) return;
      this.#leave();
      const next = this.drafts?.[Math.max(0, place - 1)];
      if (next) await this.#restore(next);
    });
  }

  /** Leaves the open draft for an empty stage, on which another image can be opened. */
  close(): void {
    this.draft?.keep('now');
    this.#leave();
    remember(null);
  }

  #leave(): void {
    if (this.draft) this.#claims.release(this.draft.id);
    this.#wanted = null;
    this.draft = null;
    this.request = null;
  }

  async #removeKept(id: DraftId): Promise<void> {
    const name = this.drafts?.find((draft) => draft.id === id)?.name ?? '';
    await this.#claims.claim(id, name);
    this.saver.pause(id);
    try {
      // What is on its way is there before it is removed, and nothing follows.
      await this.saver.flush();
      await this.#studio.drafts.remove({ draftId: id });
      this.saver.forget(id);
    } finally {
      this.saver.resume(id);
      this.#releaseInput(id);
    }
  }

  async #start(): Promise<void> {
    await this.saver.recover();
    const stored = await this.#studio.drafts.list({});
    this.drafts = stored.toSorted((one, other) => one.createdAt - other.createdAt);
    const last = this.drafts.find(({ id }) => id === remembered());
    if (last && !this.draft) await this.#attempt(last.name, () => this.#restore(last));
  }

  async #admit(image: InputImage): Promise<void> {
    const fit = await prepareForStage(this.#studio, image);
    if (isOversized(fit)) this.oversized = fit;
    else await this.#begin(fit);
  }

  async #begin(image: InputImage): Promise<void> {
    this.draft?.keep('now');
    const draft = new CanvasDraft(this.#studio, this.saver, newId() as DraftId, image);
    this.#wanted = draft.id;
    const stored = await this.#studio.drafts.save(draft.head());
    this.drafts = [...(this.drafts ?? []), stored];
    await this.#enter(stored, draft);
  }

  /** Opens a kept draft, once however often it is asked for. The one that was asked for last is shown. */
  async #restore(stored: StoredDraft): Promise<void> {
    const { id } = stored;
    this.#wanted = id;
    if (this.draft?.id === id) return;
    const entering = this.#entering.get(id) ?? this.#load(stored);
    this.#entering.set(id, entering);
    try {
      await entering;
    } finally {
      this.#entering.delete(id);
      this.#releaseInput(id);
    }
  }

  async #load({ id, name }: StoredDraft): Promise<void> {
    this.draft?.keep('now');
    await Promise.all([this.saver.flush(), this.#claims.claim(id, name)]);
    const kept = (await this.#studio.drafts.list({})).find((draft) => draft.id === id);
    if (!kept) throw lost(name);
    const newest = this.saver.headOf(kept);
    const [root] = newest.root === null ? [] : await this.#studio.inputs.get({ inputs: [newest.root] });
    if (!root) throw missingRootError(name);
    await this.#enter(newest, new CanvasDraft(this.#studio, this.saver, id, root));
  }

  async #enter(stored: StoredDraft, draft: CanvasDraft): Promise<void> {
    await this.#claims.claim(draft.id, stored.name);
    // What becomes of its jobs meanwhile is told once.
    this.#coming.add(draft);
    try {
      await draft.restore(stored);
      if (this.#wanted === draft.id) this.#show(draft);
    } finally {
      this.#coming.delete(draft);
      this.#releaseInput(draft.id);
    }
  }

  /** Other windows may have a draft that is not on this one's stage. */
  #releaseInput(id: DraftId): void {
    if (this.draft?.id !== id) this.#claims.release(id);
  }

  #take(event: StudioEvent): void {
    if (event.type === 'job') for (const draft of [this.draft, ...this.#coming]) draft?.take(event.job);
    // What was told meanwhile was missed.
    if (event.type === 'connection' && event.online) void this.draft?.reload();
    if (event.type === 'connection' && event.online) void this.saver.flush();
  }

  /** Images have come. They are shown at once where the person waits for them, and otherwise offered. */
  #arrived(draft: CanvasDraft, job: Job): void {
    if (this.draft !== draft) return;
    const images = job.generations.flatMap((generation) => generation.images);
    const [first] = images;
    if (!first) return;
    const show = (): void => {
      if (images.length > 1) this.sheet = job.id;
      else void this.#review(first.id as string as NodeId);
    };
    const { node, at } = draft.present;
    const waits =
      draft.isWaiting && draft.sent?.node === node && draft.sent.at === at && job.request.canvas?.node === node;
    const free = this.sheet === null && !this.tools.busy && !this.request?.isAsking;
    if (waits && free && this.review.mode === 'edit') show();
    else if (this.sheet !== job.id)
      toasts.show({
        message: `${formatQuantity(images.length, 'image')} made from this draft`,
        action: { label: 'Show', run: show },
      });
  }

  async #review(node: NodeId): Promise<void> {
    await this.goTo(node);
    if (this.draft?.node === node) this.review.mode = 'split';
  }

  #show(draft: CanvasDraft): void {
    draft.onreceived = (job) => this.#arrived(draft, job);
    draft.isDrawing = () => this.draft === draft && this.tools.busy;
    this.sheet = null;
    this.review.mode = 'edit';
    this.review.camera = null;
    if (this.draft) this.#claims.release(this.draft.id);
    this.draft = draft;
    this.request = new CanvasRequest(this.#studio, this.#state, draft, () => this.tools.settings.overlap);
    remember(draft.id);
  }

  async #attempt(name: string, action: () => Promise<void>): Promise<void> {
    this.opening = name;
    this.error = null;
    try {
      await action();
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    } finally {
      this.opening = null;
    }
  }
}

function lost(name: string): StudioError {
  return new StudioError({ code: 'not-found', message: `The draft “${name}” was removed in another window.` });
}

function missingRootError(name: string): StudioError {
  const message = `The image that the draft “${name}” began with is no longer in the library. What was made of it is.`;
  return new StudioError({ code: 'not-found', message });
}

function remember(id: DraftId | null): void {
  try {
    if (id === null) localStorage.removeItem(CURRENT);
    else localStorage.setItem(CURRENT, id);
  } catch {
    // Storage is full or switched off: the next start shows an empty stage, and the drafts above it.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(CURRENT);
  } catch {
    return null;
  }
}
