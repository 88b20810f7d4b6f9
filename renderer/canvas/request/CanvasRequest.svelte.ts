import { untrack } from 'svelte';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { EstimateFacts } from '../../../electron/contract/costs/estimate.ts';
import { attempt } from '../../state/attempt.ts';
import { RequestController } from '../../request/controller/RequestController.svelte.ts';
import type { Size } from '../../stage/geometry.ts';
import type { StudioState } from '../../state/studio-state.svelte.ts';
import type { CanvasDraft } from '../drafts/CanvasDraft.svelte.ts';
import { addSeam } from '../frame/add-seam.ts';
import { reachesBeyond } from '../frame/framing.ts';
import { snapFrame } from '../frame/snap-frame.ts';
import { exportMarkup } from '../markup/export-markup.ts';
import { exportMask } from '../mask/files/export-mask.ts';
import { assertReadable } from './assert-readable.ts';
import { frameImage, framingOf } from './frame-image.ts';
import { VariationRequest } from './VariationRequest.svelte.ts';

/** Why the person has to confirm before a request is sent. */
export type ConfirmReason = 'nothing-marked' | 'all-marked';

/** Sends edits of the image on the stage, with the mask or the marks. Framed image, mask and markup files are created when sending. */
export class CanvasRequest {
  question = $state<ConfirmReason | null>(null);
  /** Why an image, mask or markup file could not be created. */
  error = $state.raw<ErrorReport | null>(null);
  readonly edit: RequestController;
  readonly variations: VariationRequest;
  readonly vary: RequestController;
  readonly draft: CanvasDraft;
  readonly #studio: StudioApi;
  readonly #overlap: () => number;
  #answered: ConfirmReason | null = null;
  #planned: { images: InputImage[]; made: InputImage[] } | null = null;

  /** @param overlap how far the seam of an extended frame reaches into the image, px */
  constructor(studio: StudioApi, state: StudioState, draft: CanvasDraft, overlap: () => number) {
    this.#studio = studio;
    this.#overlap = overlap;
    this.draft = draft;
    const extras = () => ({ canvas: { draftId: draft.id, node: draft.node } });
    const { tray } = draft;
    this.edit = new RequestController(studio, state, {
      draft,
      tray,
      extras,
      inputSizes: () => this.#measures(),
      version: () => JSON.stringify(draft.present),
      beforeSend: () => this.#makeEdit(),
      afterSend: () => this.#unmake(),
    });
    this.variations = new VariationRequest(studio, state, draft, {
      extras,
      model: () => this.edit.model,
      attempt: (action) => this.#attempt(action),
      after: () => this.follow(),
    });
    this.vary = this.variations.controller;
  }

  /** The layer that is sent with the image; null: the image alone. */
  readonly goesOut = $derived.by((): 'mask' | 'markup' | null => {
    const { document, layer } = this.draft;
    if (!document) return null;
    const hasMarks = document.marks.length > 0;
    const hasMask = this.marked > 0 || this.extends;
    if (hasMarks && (layer === 'markup' || !hasMask))
      return this.edit.model.markup ? 'markup' : hasMask ? 'mask' : null;
    return hasMask ? 'mask' : null;
  });

  /** The frame extends the image. */
  readonly extends = $derived.by(() => {
    const { document } = this.draft;
    return document?.frame ? reachesBeyond(document.frame, document.size) : false;
  });

  /** The frame that the model supports, and the size to request; null without an image. */
  readonly snapped = $derived.by(() => {
    const { document } = this.draft;
    return document ? snapFrame(document.effectiveFrame, document.size, this.edit.model) : null;
  });

  /** Updates the tray to what will be sent. Call it in an effect: it reads what it depends on, and writes only changes. */
  follow(): void {
    const { document, tray } = this.draft;
    if (!document || this.edit.sending) return;
    const { goesOut } = this;
    const [stage = null] = tray.images;
    const size = this.snapped?.size;
    untrack(() => {
      if (size) this.#askFor(size);
      // As large as the first image: both are cut to the frame when sending.
      tray.plan(goesOut, stage ?? document.size);
      this.variations.show(stage);
      this.#fill();
    });
  }

  /** Sends what is on the stage. True when a job was created. */
  send(clicks = 0): Promise<boolean> {
    return this.#noted(() => this.edit.send(clicks));
  }

  /** The person has confirmed: the same click continues. */
  answer(): Promise<boolean> {
    if (this.question === null) return Promise.resolve(false);
    this.#answered = this.question;
    this.question = null;
    // The check is synchronous; the answer does not hold for the next click.
    const sending = this.send();
    this.#answered = null;
    return sending;
  }

  /** The person has confirmed exceeding the monthly cap. */
  sendOverCap(): Promise<boolean> {
    return this.#noted(() => this.edit.sendOverCap());
  }

  cancelQuestion(): void {
    this.question = null;
  }

  dismissError(): void {
    this.error = null;
  }

  /** A dialog about the stage is open: the stage must not change by itself. */
  get isAsking(): boolean {
    return this.question !== null || this.edit.capConfirmation !== null || this.vary.capConfirmation !== null;
  }

  /** Number of marked pixels. Reactive: it reads the mask's version. */
  get marked(): number {
    const { document } = this.draft;
    return document && document.maskVersion >= 0 ? document.mask.marked : 0;
  }

  async #makeEdit(): Promise<boolean> {
    const { document, tray } = this.draft;
    if (!document || (!document.isReadOnly && this.#asks())) return false;
    const goesOut = this.goesOut;
    // The state at the click: later changes belong to the next request.
    const framing = framingOf(document, this.edit.model);
    const marks = $state.snapshot(document.marks);
    const [, ...references] = tray.images;
    return this.#attempt(async () => {
      assertReadable(document);
      const { size, frame, to } = framing;
      const overlay =
        goesOut === 'mask'
          ? await this.#add(await exportMask(addSeam(document.mask, frame, this.#overlap()), frame, to), 'Mask.png')
          : goesOut === 'markup'
            ? await this.#add(await exportMarkup(marks, size, frame, to), 'Markup.png')
            : null;
      const made = [await frameImage(this.#studio, framing), ...references];
      this.#planned = { images: tray.images, made };
      tray.images = made;
      tray.mask = goesOut === 'mask' ? overlay : null;
      tray.markup = goesOut === 'markup' ? overlay : null;
      this.#fill();
    });
  }

  /** Sets the size once for each image and frame; a size chosen later stays. */
  #askFor({ width, height }: Size): void {
    const { document, form, node } = this.draft;
    const key = `${node} ${JSON.stringify(document?.effectiveFrame)}`;
    if (this.draft.sizedFor === key) return;
    this.draft.sizedFor = key;
    form.size = `${width}x${height}`;
    form.sizeFor = form.model;
  }

  /** Copies the tray's inputs into the form. */
  #fill(): void {
    const { form, tray } = this.draft;
    const inputs = tray.inputs();
    if (JSON.stringify(inputs) !== JSON.stringify(form.inputs)) form.inputs = inputs;
  }

  /** The sizes of what will be sent, for the estimate. */
  #measures(): EstimateFacts['inputs'] {
    const { document, tray } = this.draft;
    if (!document) return [];
    const { frame, size, to } = framingOf(document, this.edit.model);
    const { width, height } = to ?? frame ?? size;
    const references = tray.images.slice(1).map((image) => ({ width: image.width, height: image.height }));
    return [
      ...[{ width, height }, ...references].map((measure) => ({ ...measure, role: 'image' as const })),
      ...(this.goesOut ? [{ width, height, role: this.goesOut }] : []),
    ];
  }

  /** Asks the person to confirm, if needed. True: wait for the answer. */
  #asks(): boolean {
    const { document, wholeImage } = this.draft;
    if (!document) return false;
    const question: ConfirmReason | null =
      this.goesOut === null && !wholeImage
        ? 'nothing-marked'
        : this.goesOut === 'mask' && this.marked === document.size.width * document.size.height
          ? 'all-marked'
          : null;
    if (question === null || question === this.#answered) return false;
    this.question = question;
    return true;
  }

  #add(file: Blob, name: string): Promise<InputImage> {
    return this.#studio.addInput(file, name);
  }

  #unmake(): void {
    const { tray, document } = this.draft;
    if (this.#planned) {
      const { images, made } = this.#planned;
      // Keep references that were added meanwhile.
      tray.images = [...images, ...tray.images.slice(1).filter((image) => !made.includes(image))];
    }
    // The image on the stage may have changed.
    if (this.#planned && document) tray.stage(document.image);
    this.#planned = null;
    this.follow();
  }

  /** Records what is sent before sending: images may be received before the call returns. */
  async #noted(action: () => Promise<boolean>): Promise<boolean> {
    const revert = this.draft.noteSending();
    const sent = await action();
    if (!sent) revert();
    return sent;
  }

  async #attempt(action: () => Promise<void>): Promise<boolean> {
    this.error = null;
    const error = await attempt(action);
    if (error) this.error = error;
    return error === null;
  }
}
