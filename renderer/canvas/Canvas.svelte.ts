import type { StudioApi } from '../../electron/contract/api.ts';
import type { DraftId, ImageId, JobId, NodeId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { attempt } from '../state/attempt.ts';
import { formatQuantity } from '../shared/format/counts.ts';
import { toasts } from '../shared/feedback/toasts.svelte.ts';
import type { StudioState } from '../state/studio-state.svelte.ts';
import type { CanvasDraft } from './drafts/CanvasDraft.svelte.ts';
import { writeStep } from './drafts/draft-file.ts';
import { DraftList } from './drafts/DraftList.svelte.ts';
import type { DraftSaver } from './drafts/DraftSaver.svelte.ts';
import { ImageOpener } from './drafts/ImageOpener.svelte.ts';
import { CanvasRequest } from './request/CanvasRequest.svelte.ts';
import { Review } from './review/Review.svelte.ts';
import { ToolBox } from './stage/ToolBox.svelte.ts';

/** The canvas: its drafts, the open one with its request, the tools and the review. Lives as long as the page. */
export class Canvas {
  /** Why something could not be opened or deleted. */
  error = $state.raw<ErrorReport | null>(null);
  /** The name of what is being opened. */
  opening = $state<string | null>(null);
  /** The request of the open draft. */
  request = $state.raw<CanvasRequest | null>(null);
  /** The job whose images are shown to choose from. */
  sheet = $state<JobId | null>(null);
  readonly drafts: DraftList;
  readonly opener: ImageOpener;
  readonly tools: ToolBox;
  readonly review = new Review();
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  #loading: Promise<void> | null = null;

  constructor(studio: StudioApi, state: StudioState) {
    this.#studio = studio;
    this.#state = state;
    this.drafts = new DraftList(
      studio,
      () => state.preferences.settings?.library.folder ?? '',
      (draft) => this.#show(draft),
    );
    this.opener = new ImageOpener(studio, this.drafts, () => state.preferences.settings?.stripMetadata ?? true);
    this.tools = new ToolBox({ sizes: () => this.request?.edit.model.sizes ?? null });
  }

  get draft(): CanvasDraft | null {
    return this.drafts.current;
  }

  get saver(): DraftSaver {
    return this.drafts.saver;
  }

  /** Loads the drafts once and opens the one that was open last. */
  start(): Promise<void> {
    this.#loading ??= this.#start().catch((thrown: unknown) => {
      this.#loading = null;
      this.error = toErrorReport(thrown);
    });
    return this.#loading;
  }

  /** Follows job and connection events, and the end of the page, until the returned function is called. */
  listen(): () => void {
    const leave = (): void => this.saver.leave();
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') leave();
    };
    const ended = new AbortController();
    addEventListener('pagehide', leave, { signal: ended.signal });
    document.addEventListener('visibilitychange', hidden, { signal: ended.signal });
    const unsubscribe = this.#studio.subscribe((event) => this.#handleEvent(event));
    return () => {
      ended.abort();
      unsubscribe();
    };
  }

  /** Opens a draft. The one that was open is saved. */
  async open(id: DraftId): Promise<void> {
    const stored = this.drafts.find(id);
    if (stored) await this.#attempt(stored.name, () => this.drafts.open(stored));
  }

  /** Opens an image of the library: the draft that began with it, or a new one. */
  async openImage(imageId: ImageId): Promise<void> {
    await this.start();
    await this.#attempt('The image', () => this.opener.openImage(imageId));
  }

  /** Opens a file from the disk, the clipboard or a drop as a new draft. */
  async openFile(file: File): Promise<void> {
    await this.start();
    const name = file.name || 'Pasted image';
    await this.#attempt(name, () => this.opener.openFile(file, name));
  }

  /** Opens the oversized image. `scaled`: at a size that models use. */
  async openOversized(scaled: boolean): Promise<void> {
    const image = this.opener.oversized;
    if (image) await this.#attempt(image.name, () => this.opener.openOversized(image, scaled));
  }

  /** Copies what could be read of a read-only document into a new draft, and opens that. */
  async duplicateReadable(): Promise<void> {
    const { draft } = this;
    const document = draft?.document;
    if (!draft || !document) return;
    const steps = document.steps.slice(0, document.at).map(writeStep);
    const name = `${draft.name} copy`;
    await this.#attempt(name, () => this.drafts.create(document.image, { name, steps }));
  }

  /** Deletes a draft; images made from it stay in the library. The next one opens. */
  async remove(id: DraftId): Promise<void> {
    await this.#attempt('The draft', () => this.drafts.remove(id));
  }

  /** Leaves the open draft for an empty stage, on which another image can be opened. */
  close(): void {
    this.drafts.close();
  }

  /** Shows another image of the open draft on the stage. */
  async goTo(node: NodeId): Promise<void> {
    const { draft } = this;
    this.sheet = null;
    this.review.mode = 'edit';
    draft?.stopWaiting();
    if (!draft || draft.node === node) return;
    const error = await attempt(() => draft.goTo(node));
    if (error) this.error = error;
  }

  /** Compares an image of the open draft with the one that it was made from. */
  async compare(node: NodeId): Promise<void> {
    await this.goTo(node);
    if (this.draft?.node === node) this.review.mode = 'split';
  }

  openSheet(job: JobId): void {
    this.sheet = job;
  }

  closeSheet(): void {
    this.sheet = null;
  }

  dismissError(): void {
    this.error = null;
  }

  /** Shows why something of the canvas failed. */
  report(thrown: unknown): void {
    this.error = toErrorReport(thrown);
  }

  async #start(): Promise<void> {
    const last = await this.drafts.load();
    if (last) await this.#attempt(last.name, () => this.drafts.open(last));
  }

  #handleEvent(event: StudioEvent): void {
    if (event.type === 'job') this.drafts.updateJob(event.job);
    if (event.type !== 'connection' || !event.online) return;
    // Events were missed while the connection was down.
    void this.draft?.reload();
    void this.saver.flush();
  }

  /** Images were received. Shown at once where the person waits for them, otherwise offered in a toast. */
  #received(draft: CanvasDraft, job: Job): void {
    if (this.draft !== draft) return;
    const images = job.generations.flatMap((generation) => generation.images);
    const [first] = images;
    if (!first) return;
    const show = (): void => {
      if (images.length > 1) this.openSheet(job.id);
      else void this.compare(first.id as string as NodeId);
    };
    const free = this.sheet === null && !this.tools.busy && !this.request?.isAsking;
    if (free && this.review.mode === 'edit' && draft.waitsFor(job)) show();
    else if (this.sheet !== job.id)
      toasts.show({
        message: `${formatQuantity(images.length, 'image')} created from this draft`,
        action: { label: 'Show', run: show },
      });
  }

  #show(draft: CanvasDraft | null): void {
    if (!draft) {
      this.request = null;
      return;
    }
    draft.onreceived = (job) => this.#received(draft, job);
    draft.isDrawing = () => this.draft === draft && this.tools.busy;
    this.sheet = null;
    this.review.reset();
    this.request = new CanvasRequest(this.#studio, this.#state, draft, () => this.tools.settings.overlap);
  }

  async #attempt(name: string, action: () => Promise<void>): Promise<void> {
    this.opening = name;
    this.error = null;
    const error = await attempt(action);
    if (error) this.error = error;
    this.opening = null;
  }
}
