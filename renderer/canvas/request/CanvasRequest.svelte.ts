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

/** What the person is asked before a request goes out. */
export type ConfirmReason = 'nothing-marked' | 'all-marked';

/**
 * What a draft of the canvas sends: the form's request with the framed image and the mask or the markup, which are made only when the
 * person sends; and variations of the image, with a count of their own.
 */
export class CanvasRequest {
  question = $state<ConfirmReason | null>(null);
  /** Why image, mask or markup could not be made. */
  error = $state.raw<ErrorReport | null>(null);
  readonly edit: RequestController;
  readonly variations: VariationRequest;
  readonly vary: RequestController;
  readonly draft: CanvasDraft;
  readonly #studio: StudioApi;
  readonly #overlap: () => number;
  #answered: ConfirmReason | null = null;
  #planned: { images: InputImage[]; made: InputImage[] } | null = null;

  /** @param overlap how far the seam of an extended frame reaches into the image, in its pixels */
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
      measures: () => this.#measures(),
      before: () => this.#makeEdit(),
      after: () => this.#unmake(),
    });
    this.variations = new VariationRequest(studio, state, draft, {
      extras,
      model: () => this.edit.model,
      attempt: (action) => this.#attempt(action),
      after: () => this.follow(),
    });
    this.vary = this.variations.controller;
  }

  /** The layer that goes out with the image; null: the image alone. */
  readonly goesOut = $derived.by((): 'mask' | 'markup' | null => {
    const { document, layer } = this.draft;
    if (!document) return null;
    const hasMarks = document.marks.length > 0;
    const hasMask = this.marked > 0 || this.extends;
    if (hasMarks && (layer === 'markup' || !hasMask))
      return this.edit.model.markup ? 'markup' : hasMask ? 'mask' : null;
    return hasMask ? 'mask' : null;
  });

  /** The frame reaches beyond the image: something is to be made there. */
  readonly extends = $derived.by(() => {
    const { document } = this.draft;
    return document?.frame ? reachesBeyond(document.frame, document.size) : false;
  });

  /** The frame that the model can make, and the size to ask for; null while there is no image. */
  readonly snapped = $derived.by(() => {
    const { document } = this.draft;
    return document ? snapFrame(document.effectiveFrame, document.size, this.edit.model) : null;
  });

  /** Brings the tray to what will go out. To be called in an effect: it reads what it depends on, and writes only what is new. */
  follow(): void {
    const { document, tray } = this.draft;
    if (!document || this.edit.sending) return;
    const { goesOut } = this;
    const [stage = null] = tray.images;
    const size = this.snapped?.size;
    untrack(() => {
      if (size) this.#askFor(size);
      // As large as the first image, which it has to fit: both are cut to the frame when they are made.
      tray.plan(goesOut, stage ?? document.size);
      this.variations.show(stage);
      this.#fill();
    });
  }

  /** Sends what is on the stage. True when a job was made of it. */
  send(): Promise<boolean> {
    return this.#noted(() => this.edit.send());
  }

  /** The person has answered the question: the same click goes on. */
  answer(): Promise<boolean> {
    if (this.question === null) return Promise.resolve(false);
    this.#answered = this.question;
    this.question = null;
    // Whether there is a question is asked at once; for the next click the answer does not hold.
    const sending = this.send();
    this.#answered = null;
    return sending;
  }

  /** The person has said yes to going over the cap. */
  sendOverCap(): Promise<boolean> {
    return this.#noted(() => this.edit.sendOverCap());
  }

  cancelQuestion(): void {
    this.question = null;
  }

  dismissError(): void {
    this.error = null;
  }

  /** The person is asked about what is on the stage: nothing else comes there by itself. */
  get isAsking(): boolean {
    return this.question !== null || this.edit.capConfirmation !== null || this.vary.capConfirmation !== null;
  }

  /** How much is marked, in pixels. To be read in a `$derived`: it is read again whenever the mask changes. */
  get marked(): number {
    const { document } = this.draft;
    return document && document.maskVersion >= 0 ? document.mask.marked : 0;
  }

  async #makeEdit(): Promise<boolean> {
    const { document, tray } = this.draft;
    if (!document || (!document.isReadOnly && this.#asks())) return false;
    const goesOut = this.goesOut;
    // All as it is at the click: what changes while it is made belongs to the next request.
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

  /** Another image or another frame asks for its own size; what the person has chosen since stays. */
  #askFor({ width, height }: Size): void {
    const { document, form, node } = this.draft;
    const key = `${node} ${JSON.stringify(document?.effectiveFrame)}`;
    if (this.draft.sizedFor === key) return;
    this.draft.sizedFor = key;
    form.size = `${width}x${height}`;
    form.sizeFor = form.model;
  }

  /** The form knows its inputs by what is in the tray. */
  #fill(): void {
    const { form, tray } = this.draft;
    const inputs = tray.inputs();
    if (JSON.stringify(inputs) !== JSON.stringify(form.inputs)) form.inputs = inputs;
  }

  /** How large what goes out will be, once it is made. */
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

  /** Says whether the person has to be asked first, and asks. */
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
      // References that came meanwhile stay.
      tray.images = [...images, ...tray.images.slice(1).filter((image) => !made.includes(image))];
    }
    // Another image may have come onto the stage.
    if (this.#planned && document) tray.stage(document.image);
    this.#planned = null;
    this.follow();
  }

  /** Knows what of the stage is sent, from the click on: images may come before the call itself is answered. */
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
