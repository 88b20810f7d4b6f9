import type { StudioApi } from '../../../electron/contract/api.ts';
import type { DraftHead, StoredDraft } from '../../../electron/contract/entities/drafts.ts';
import type { DraftId, NodeId } from '../../../electron/contract/entities/ids.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { rectOf } from '../../stage/geometry.ts';
import { readForm, type RequestDraft, type RequestForm } from '../../state/request-form.ts';
import { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import { CanvasTray } from './CanvasTray.svelte.ts';
import { isNewer, readDraftFile, writeDraftFile, type DraftFile, type Layer, type SentState } from './draft-file.ts';
import type { DraftSaver } from './DraftSaver.svelte.ts';
import { StepHistory } from './StepHistory.ts';
import { isVariation, promptOf } from '../steps/step-names.ts';
import { nodeOf, stepsTree } from '../steps/steps-tree.ts';

export const ROOT = 'root' as NodeId;

/** All that was asked for has come, laid over the first image where that was wished for. */
function isComplete({ state, request, generations }: Job): boolean {
  const images = generations.flatMap((generation) => generation.images);
  if (state === 'waiting' || state === 'running' || images.length === 0) return false;
  return request.operation !== 'edit' || !request.strict || images.every(({ strict }) => strict !== undefined);
}

/**
 * One draft of the canvas: an image, all that was made of it as a tree, the image of that tree that is on the stage with what was drawn
 * on it, the references and the form. Whatever changes is kept in the library.
 */
export class CanvasDraft implements RequestDraft {
  readonly id: DraftId;
  readonly root: InputImage;
  readonly tray: CanvasTray;
  name = $state('');
  form = $state<RequestForm>(readForm(null));
  syncedInputs: string | null = null;
  /** What of the drawing goes out. */
  layer = $state<Layer>('mask');
  wholeImage = $state(false);
  /** The image and the frame for which the form's size was chosen. */
  sizedFor = $state('');
  node = $state<NodeId>(ROOT);
  /** The image on the stage with its history. */
  document = $state.raw<CanvasDocument>();
  /** Everything that was sent from here, oldest first. */
  jobs = $state.raw<readonly Job[]>([]);
  /** The image that the one on the stage was made from, as it went out; null at the root, and until it is known. */
  before = $state.raw<InputImage | null>(null);
  /** Images have come of a job that was sent while this draft was open. */
  onreceived: (job: Job) => void = () => undefined;
  /** Something is being drawn, and is in no history yet. */
  isDrawing: () => boolean = () => false;
  readonly #studio: StudioApi;
  readonly #saver: DraftSaver;
  readonly #history: StepHistory;
  /** The newest change of the image on the stage, while it is being loaded: older ones are dropped. */
  #loading: symbol | null = null;

  constructor(studio: StudioApi, saver: DraftSaver, id: DraftId, root: InputImage) {
    this.#studio = studio;
    this.#saver = saver;
    this.id = id;
    this.root = root;
    this.tray = new CanvasTray(studio);
    this.#history = new StepHistory(studio, saver, id);
    this.name = root.name;
  }

  /** What was sent last, to know what is new since; null before something was. */
  sent = $state.raw<SentState | null>(null);

  /** The person waits for what was sent: no other image of the tree was opened since. Not reactive. */
  isWaiting = false;

  /** What is on the stage and in the form now. */
  get present(): SentState {
    const { node, document, form, root } = this;
    return { node, at: document?.at ?? 0, frame: document?.effectiveFrame ?? rectOf(root), prompt: form.prompt.trim() };
  }

  readonly #unsent = $derived.by(() => {
    const { node, at, prompt } = this.present;
    const drawn = at > 0 && !(this.sent?.node === node && this.sent.at === at);
    const written =
      prompt !== (this.sent?.prompt ?? promptOf(this.jobs.findLast((job) => !isVariation(job)) ?? null).trim());
    return drawn || written ? { from: node, prompt } : null;
  });
  readonly tree = $derived.by(() => stepsTree(this.root, this.jobs, this.#unsent));

  /**
   * Reads what is kept of a draft; its image is on the stage afterwards. Rejects where that image or the references cannot be had, and
   * for one that a newer version wrote; what is kept stays as it is then.
   */
  async restore(stored: StoredDraft): Promise<void> {
    if (isNewer(stored.document)) throw newerVersionError(stored.name);
    const file = readDraftFile(stored.document);
    this.#saver.knows(this.id);
    this.name = stored.name || this.root.name;
    this.jobs = await this.#studio.drafts.listJobs({ draftId: this.id });
    if (file) await this.#take(file);
    await this.goTo(file?.node ?? ROOT).catch((thrown: unknown) => {
      // Only an image that is gone is left for the first one; any other failure is for the person to see.
      if (thrown instanceof StudioError && thrown.code === 'not-found') return this.goTo(ROOT);
      throw thrown;
    });
  }

  /** Puts an image of the tree on the stage, with what was drawn on it. Rejects where it cannot be had; the stage stays then. */
  async goTo(node: NodeId): Promise<void> {
    await this.#show(node, () => true);
    const job = this.node === node && nodeOf(this.tree, node)?.job;
    // It may have been laid over its image on the way.
    if (job) void this.#replaceRaw(job);
  }

  /** Takes the newest truth of a job, if it was sent from here. */
  take(job: Job): void {
    if (job.request.canvas?.draftId !== this.id) return;
    const place = this.jobs.findIndex(({ id }) => id === job.id);
    const earlier = this.jobs[place] ?? null;
    this.jobs = place === -1 ? [...this.jobs, job] : this.jobs.with(place, job);
    if (isComplete(job) && (earlier === null || !isComplete(earlier))) this.onreceived(job);
    void this.#replaceRaw(job);
  }

  /** Takes the newest truth of an image. */
  replace(image: Image): void {
    for (const job of this.jobs) {
      if (job.id !== image.jobId) continue;
      const generations = job.generations.map((generation) => ({
        ...generation,
        images: generation.images.map((known) => (known.id === image.id ? image : known)),
      }));
      this.take({ ...job, generations });
    }
  }

  /** Asks anew what was sent from here. */
  async reload(): Promise<void> {
    try {
      this.jobs = await this.#studio.drafts.listJobs({ draftId: this.id });
    } catch {
      // The host is away again: the next time it is found this is asked anew.
    }
  }

  /** Records that the present state is being sent. Returns a function that takes it back, where nothing was sent. */
  noteSending(): () => void {
    const { present, sent: before } = this;
    this.sent = present;
    this.isWaiting = true;
    return () => {
      if (this.sent === present) this.sent = before;
    };
  }

  stopWaiting(): void {
    this.isWaiting = false;
  }

  /** Whether the person waits for the images of a job: it was sent from what is on the stage now. */
  waitsFor({ request }: Job): boolean {
    const { node, at } = this.present;
    return this.isWaiting && this.sent?.node === node && this.sent.at === at && request.canvas?.node === node;
  }

  rename(name: string): void {
    this.name = name;
  }

  /** Chooses whether the mask or the marks are sent. */
  useLayer(layer: Layer): void {
    this.layer = layer;
  }

  /** The person allows the whole image to change without a mask. */
  allowWholeImage(allowed: boolean): void {
    this.wholeImage = allowed;
  }

  undo(): void {
    this.document?.undo();
    this.keep();
  }

  redo(): void {
    this.document?.redo();
    this.keep();
  }

  /** Keeps all but the steps, which are kept as they are made. To be called in an effect as well: it reads what it keeps. */
  keep(at: 'soon' | 'now' = 'soon'): void {
    this.#saver.queueHead(this.head(), at);
  }

  /** The draft as the library keeps it, without its steps. */
  head(): DraftHead {
    this.#remember();
    const document = writeDraftFile({
      node: this.node,
      references: this.tray.references,
      layer: this.layer,
      form: { ...$state.snapshot(this.form), inputs: [] },
      ...this.#history.head,
      wholeImage: this.wholeImage,
      sizedFor: this.sizedFor,
      sent: this.sent,
    });
    return { id: this.id, name: this.name.slice(0, 200), root: this.root.sha256, document };
  }

  async #take(file: DraftFile): Promise<void> {
    this.form = readForm(file.form);
    this.layer = file.layer;
    this.wholeImage = file.wholeImage;
    this.sizedFor = file.sizedFor;
    this.sent = file.sent;
    this.#history.restore(file);
    await this.tray.load([{ role: 'image', sha256: this.root.sha256, image: this.root.image }, ...file.references]);
    // Kept now, the draft would have lost its references.
    if (this.tray.error) throw new StudioError(this.tray.error);
  }

  /** `still`: asked before the stage changes, whether it is to. */
  async #show(node: NodeId, still: () => boolean): Promise<void> {
    const loading = Symbol(node);
    this.#loading = loading;
    try {
      const [image, history] = await Promise.all([this.#imageOf(node), this.#history.read(node)]);
      if (this.#loading !== loading) return;
      // Whenever it tells of a step, that belongs to its own image, whatever is on the stage by then.
      const listener = { onsteps: (from: number): void => this.#onsteps(node, document, from) };
      const document: CanvasDocument = await CanvasDocument.open(image, listener, history);
      if (this.#loading !== loading || !still()) return;
      this.#remember();
      this.node = node;
      this.tray.stage(image);
      this.document = document;
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
    this.before = null;
    void this.#lookBack(node);
    this.layer = this.document.marks.length > 0 && this.document.mask.marked === 0 ? 'markup' : this.layer;
    this.keep();
  }

  /** What a strict mask made of the image, where there is that, unless the raw answer was drawn on and has another size. */
  async #imageOf(node: NodeId): Promise<InputImage> {
    if (node === ROOT) return this.root;
    const image = await this.#studio.inputs.fromImage({ imageId: node });
    const on = this.#history.fileOf(node);
    if (on === undefined || on === image.sha256) return image;
    const [drawn] = await this.#studio.inputs.get({ inputs: [on] });
    return drawn && (drawn.width !== image.width || drawn.height !== image.height) ? drawn : image;
  }

  /** Learns of the image that the one on the stage was made from. Without it there is nothing to compare with, which is all. */
  async #lookBack(node: NodeId): Promise<void> {
    const job = nodeOf(this.tree, node)?.job;
    const input = job && job.request.operation !== 'create' ? job.request.inputs[0] : undefined;
    if (!input) return;
    const [before = null] = await this.#studio.inputs.get({ inputs: [input.sha256] }).catch(() => []);
    if (this.node === node) this.before = before;
  }

  /** The raw answer was put on the stage before it was laid over its image: what was asked for takes its place, unless it was drawn on. */
  async #replaceRaw(job: Job): Promise<void> {
    const { node, document } = this;
    const shown = job.generations.flatMap(({ images }) => images).find(({ id }) => id === (node as string));
    if (shown?.strict?.state !== 'done' || document?.image.sha256 === shown.strict.sha256) return;
    const untouched = (): boolean =>
      this.document === document && document?.steps.length === 0 && !document.isReadOnly && !this.isDrawing();
    // Where the person is on the way to another image, that one comes.
    if (!untouched() || this.#loading !== null) return;
    // It stays as it is where that cannot be had.
    await this.#show(node, untouched).catch(() => undefined);
  }

  #onsteps(node: NodeId, document: CanvasDocument, from: number): void {
    // The same image was loaded again meanwhile: the steps belong to its new document.
    if (node === this.node && this.document && this.document !== document) {
      for (const step of document.steps.slice(from)) this.document.commit(step);
      return;
    }
    this.#history.save(node, document, from);
    this.keep('now');
  }

  #remember(): void {
    if (this.document) this.#history.remember(this.node, this.document);
  }
}

function newerVersionError(name: string): StudioError {
  const message = `The draft “${name}” was saved by a newer version of Emulsion. Open it with that version. Nothing was changed.`;
  return new StudioError({ code: 'unsupported-here', message });
}
