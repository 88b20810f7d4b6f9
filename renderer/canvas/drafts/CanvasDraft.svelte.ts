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
import { isComplete, withImage, withJob } from './draft-jobs.ts';
import type { DraftSaver } from './DraftSaver.svelte.ts';
import { StepHistory } from './StepHistory.ts';
import { isVariation, promptOf } from '../steps/step-names.ts';
import { nodeOf, stepsTree } from '../steps/steps-tree.ts';

export const ROOT = 'root' as NodeId;

/**
 * One draft: the image it began with, the tree of images created from it, the one on the stage with its drawing, the references and the
 * form. Changes are saved in the library.
 */
export class CanvasDraft implements RequestDraft {
  readonly id: DraftId;
  readonly root: InputImage;
  readonly tray: CanvasTray;
  name = $state('');
  form = $state<RequestForm>(readForm(null));
  syncedInputs: string | null = null;
  /** Which layer of the drawing is sent. */
  layer = $state<Layer>('mask');
  wholeImage = $state(false);
  /** The image and frame that the form's size was chosen for. */
  sizedFor = $state('');
  node = $state<NodeId>(ROOT);
  /** The image on the stage with its history. */
  document = $state.raw<CanvasDocument>();
  /** All jobs sent from this draft, oldest first. */
  jobs = $state.raw<readonly Job[]>([]);
  /** The input that the image on the stage was created from; null at the root and until it is known. */
  before = $state.raw<InputImage | null>(null);
  /** Called when all images of a job were received. */
  onreceived: (job: Job) => void = () => undefined;
  /** Whether something is being drawn that is not in the history yet. */
  isDrawing: () => boolean = () => false;
  readonly #studio: StudioApi;
  readonly #saver: DraftSaver;
  readonly #history: StepHistory;
  /** The image that is being loaded for the stage; an older load that ends later is dropped. */
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

  /** The state that was sent last; null before the first request. */
  sent = $state.raw<SentState | null>(null);

  /** The person waits for what was sent: no other image of the tree was opened since. Not reactive. */
  isWaiting = false;

  /** The state that would be sent now. */
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
   * Reads a stored draft and puts its image on the stage.
   * @throws StudioError where its image, its steps or its references cannot be read, or a newer version saved it; nothing is saved then
   */
  async restore(stored: StoredDraft): Promise<void> {
    if (isNewer(stored.document)) throw newerVersionError(stored.name);
    const file = readDraftFile(stored.document);
    this.#saver.knows(this.id);
    this.name = stored.name || this.root.name;
    this.jobs = await this.#studio.drafts.listJobs({ draftId: this.id });
    if (file) await this.#take(file);
    await this.goTo(file?.node ?? ROOT).catch((thrown: unknown) => {
      // The image is gone: show the first one. Any other failure is shown to the person.
      if (thrown instanceof StudioError && thrown.code === 'not-found') return this.goTo(ROOT);
      throw thrown;
    });
  }

  /**
   * Puts an image of the tree on the stage, with what was drawn on it.
   * @throws StudioError where it cannot be read; the stage does not change then
   */
  async goTo(node: NodeId): Promise<void> {
    await this.#show(node, () => true);
    const job = this.node === node && nodeOf(this.tree, node)?.job;
    // Its strict mask may have been applied meanwhile.
    if (job) void this.#replaceRaw(job);
  }

  /** Takes the new state of a job, if it was sent from this draft. */
  take(job: Job): void {
    if (job.request.canvas?.draftId !== this.id) return;
    const earlier = this.jobs.find(({ id }) => id === job.id) ?? null;
    this.jobs = withJob(this.jobs, job);
    if (isComplete(job) && (earlier === null || !isComplete(earlier))) this.onreceived(job);
    void this.#replaceRaw(job);
  }

  /** Takes the new state of an image. */
  replace(image: Image): void {
    const job = this.jobs.find(({ id }) => id === image.jobId);
    if (job) this.take(withImage(job, image));
  }

  /** Reads the draft's jobs again. */
  async reload(): Promise<void> {
    try {
      this.jobs = await this.#studio.drafts.listJobs({ draftId: this.id });
    } catch {
      // The connection is down again; this runs again when it is back.
    }
  }

  /** Records that the present state is being sent. Returns a function that reverts this if nothing was sent. */
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

  /** Saves the head of the draft; steps are saved as they are committed. In an effect it runs again after every change. */
  keep(at: 'soon' | 'now' = 'soon'): void {
    this.#saver.queueHead(this.head(), at);
  }

  /** The draft as it is stored, without its steps. */
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
    // Saving the draft now would drop its references.
    if (this.tray.error) throw new StudioError(this.tray.error);
  }

  /** @param still checked just before the stage changes; false: it does not */
  async #show(node: NodeId, still: () => boolean): Promise<void> {
    const loading = Symbol(node);
    this.#loading = loading;
    try {
      const [image, history] = await Promise.all([this.#imageOf(node), this.#history.read(node)]);
      if (this.#loading !== loading) return;
      // A step belongs to its own image, even if another one is on the stage by then.
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

  /** The masked result if there is one; the original response if that was drawn on and has another size. */
  async #imageOf(node: NodeId): Promise<InputImage> {
    if (node === ROOT) return this.root;
    const image = await this.#studio.inputs.fromImage({ imageId: node });
    const on = this.#history.fileOf(node);
    if (on === undefined || on === image.sha256) return image;
    const [drawn] = await this.#studio.inputs.get({ inputs: [on] });
    return drawn && (drawn.width !== image.width || drawn.height !== image.height) ? drawn : image;
  }

  /** Reads the input that the image on the stage was created from. Without it, comparing is not offered. */
  async #lookBack(node: NodeId): Promise<void> {
    const job = nodeOf(this.tree, node)?.job;
    const input = job && job.request.operation !== 'create' ? job.request.inputs[0] : undefined;
    if (!input) return;
    const [before = null] = await this.#studio.inputs.get({ inputs: [input.sha256] }).catch(() => []);
    if (this.node === node) this.before = before;
  }

  /** Replaces an original response on the stage by its masked result, unless it was drawn on. */
  async #replaceRaw(job: Job): Promise<void> {
    const { node, document } = this;
    const shown = job.generations.flatMap(({ images }) => images).find(({ id }) => id === (node as string));
    if (shown?.strict?.state !== 'done' || document?.image.sha256 === shown.strict.sha256) return;
    const untouched = (): boolean =>
      this.document === document && document?.steps.length === 0 && !document.isReadOnly && !this.isDrawing();
    // Another image is being loaded for the stage.
    if (!untouched() || this.#loading !== null) return;
    // The stage keeps the original response if the masked result cannot be read.
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
