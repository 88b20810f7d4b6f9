import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import { RequestController } from '../../request/controller/RequestController.svelte.ts';
import { InputTray } from '../../request/tray/InputTray.svelte.ts';
import { rectOf } from '../../stage/geometry.ts';
import type { RequestDraft, RequestForm } from '../../state/request-form.ts';
import type { StudioState } from '../../state/studio-state.svelte.ts';
import type { CanvasDraft } from '../drafts/CanvasDraft.svelte.ts';
import { reachesBeyond } from '../frame/framing.ts';
import { snapFrame } from '../frame/snap-frame.ts';
import { assertReadable } from './assert-readable.ts';
import { croppedFrame, frameImage, framingOf } from './frame-image.ts';

interface Options {
  extras(): Pick<JobRequest, 'canvas'>;
  /** The model that the draft's form chooses. */
  model(): Model;
  /** Runs an action. False: it failed, and the failure is shown. */
  attempt(action: () => Promise<void>): Promise<boolean>;
  /** Called when sending has ended. */
  after(): void;
}

/** Sends variations of the image on the stage: the draft's form with a count of its own, without mask, marks and references. */
export class VariationRequest {
  /** How many variations are requested at once. */
  count = $state(4);
  readonly controller: RequestController;
  readonly #studio: StudioApi;
  readonly #draft: CanvasDraft;
  readonly #options: Options;
  readonly #tray: SingleImageTray;

  constructor(studio: StudioApi, state: StudioState, draft: CanvasDraft, options: Options) {
    this.#studio = studio;
    this.#draft = draft;
    this.#options = options;
    this.#tray = new SingleImageTray(studio);
    this.controller = new RequestController(studio, state, {
      draft: this.#requestDraft(),
      tray: this.#tray,
      extras: options.extras,
      version: () => JSON.stringify(draft.present),
      beforeSend: () => this.#prepare(),
      afterSend: options.after,
    });
  }

  setCount(count: number): void {
    this.count = count;
  }

  /** The image that variations are made of. While one is being sent, its framed image stays. */
  show(image: InputImage | null): void {
    if (!this.controller.sending) this.#tray.show(image);
  }

  /** Frames the image. A part of the frame outside the image is not sent: there is nothing to vary. */
  async #prepare(): Promise<boolean> {
    const { document } = this.#draft;
    if (!document) return false;
    const framing = { ...framingOf(document, this.#options.model()), frame: croppedFrame(document) };
    return this.#options.attempt(async () => {
      assertReadable(document);
      this.#tray.show(await frameImage(this.#studio, framing));
    });
  }

  /** The form's size is the frame's; a variation of an extended frame has the size of its cropped part. */
  #size({ document, form }: CanvasDraft): string {
    if (!document?.frame || !reachesBeyond(document.frame, document.size)) return form.size;
    const { size } = snapFrame(croppedFrame(document) ?? rectOf(document.size), document.size, this.#options.model());
    return `${size.width}x${size.height}`;
  }

  #requestDraft(): RequestDraft {
    const form = (): RequestForm => ({
      ...this.#draft.form,
      varying: true,
      count: this.count,
      size: this.#size(this.#draft),
      moreModels: [],
      moreQualities: [],
      inputs: this.#tray.inputs(),
    });
    return {
      get form() {
        return form();
      },
      syncedInputs: null,
    };
  }
}

/** Holds the image on the stage alone. */
class SingleImageTray extends InputTray {
  show(image: InputImage | null): void {
    if (this.images[0] !== (image ?? undefined)) this.images = image ? [image] : [];
  }
}
