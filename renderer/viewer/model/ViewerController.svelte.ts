import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputRecord } from '../../../electron/contract/entities/generations.ts';
import type { ImageId, ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import type { PartialImage, Image } from '../../../electron/contract/entities/images.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { CreateParameters } from '../../../electron/contract/catalogue/parameters.ts';
import { MAX_IMAGES_PER_JOB } from '../../../electron/contract/catalogue/models.ts';
import { formFromRequest } from '../../state/request-form.ts';
import type { StudioState } from '../../state/studio-state.svelte.ts';
import { requestFromRecord } from '../rerun/repeat-request.ts';
import { inputLabel } from '../inputs/input-labels.ts';
import { StrictView } from './StrictView.svelte.ts';

/** How near the end of what is loaded the next page is asked for. */
const NEAR_END = 8;

/** What is looked at in place of the image: a partial image, or one that went out with the request. */
export type Preview = { kind: 'partial'; partial: PartialImage } | { kind: 'input'; input: InputRecord };

/** One image of the library with its record, and the way to its neighbours. */
export class ViewerController {
  imageId = $state<ImageId | null>(null);
  record = $state.raw<ImageRecord | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  readonly strict: StrictView;
  aside = $state.raw<Preview | null>(null);
  /** The image whose original is not in the library folder, as the host said when it was asked last. */
  #gone = $state<ImageId | null>(null);
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  readonly #imageBase: string;

  constructor(studio: StudioApi, state: StudioState, imageBase: string) {
    this.#studio = studio;
    this.#state = state;
    this.#imageBase = imageBase;
    this.strict = new StrictView(studio);
  }

  /** The original of the image that is shown is not in the library folder. */
  get gone(): boolean {
    return this.#gone !== null && this.#gone === this.imageId;
  }

  /** What is known of the image at once: from its record, or from the gallery while the record is on its way. */
  readonly image = $derived.by((): Image | null => {
    if (this.record?.id === this.imageId) return this.record;
    return (
      this.#state.gallery.images[this.index] ?? this.record?.siblings.find(({ id }) => id === this.imageId) ?? null
    );
  });

  /** Its place in the gallery's order, or -1 when it is not loaded there. */
  readonly index = $derived.by(() => this.#state.gallery.images.findIndex(({ id }) => id === this.imageId));

  get previous(): Image | null {
    return this.index > 0 ? (this.#state.gallery.images[this.index - 1] ?? null) : null;
  }

  get next(): Image | null {
    return this.index < 0 ? null : (this.#state.gallery.images[this.index + 1] ?? null);
  }

  /** What stands on the stage in place of the image, as an address and a name. */
  readonly shownAside = $derived.by((): { src: string; alt: string } | null => {
    const { aside } = this;
    if (aside === null) return null;
    return aside.kind === 'partial'
      ? {
          src: `${this.#imageBase}/partial/${aside.partial.generationId}/${aside.partial.index}`,
          alt: `Partial ${aside.partial.index + 1}`,
        }
      : { src: `${this.#imageBase}/input/${aside.input.sha256}`, alt: inputLabel(aside.input) };
  });

  /** Looks at something in place of the image, or at the image again when it is looked at already. */
  look(aside: Preview): void {
    this.aside = this.isLookedAt(aside) ? null : aside;
  }

  isLookedAt(aside: Preview): boolean {
    return this.aside !== null && keyOf(this.aside) === keyOf(aside);
  }

  /** Shows another image; the answer of one that was left meanwhile is thrown away. */
  async show(imageId: ImageId): Promise<void> {
    if (imageId !== this.imageId) {
      this.aside = null;
      this.strict.leave();
    }
    this.imageId = imageId;
    this.error = null;
    this.#state.gallery.lastViewed = imageId;
    void this.checkOriginal();
    if (this.index >= this.#state.gallery.images.length - NEAR_END) void this.#state.gallery.loadMore();
    try {
      const record = await this.#studio.library.image({ imageId });
      if (this.imageId === imageId) this.record = record;
    } catch (thrown) {
      if (this.imageId === imageId) this.error = toErrorReport(thrown);
    }
  }

  /** Asks whether the original is there. What the browser keeps of it is no answer: it would show an image that is gone. */
  async checkOriginal(): Promise<void> {
    const imageId = this.imageId;
    if (imageId === null) return;
    try {
      const address = `${this.#imageBase}/original/${imageId}`;
      const { ok, status } = await fetch(address, { method: 'HEAD', cache: 'no-store' });
      if (status === 404) this.#gone = imageId;
      else if (ok && this.#gone === imageId) this.#gone = null;
    } catch {
      // The host does not answer at all, which the page says by itself.
    }
  }

  /** Loads the whole request into Create, inputs and all; what was written there can be brought back. */
  reuse(record: ImageRecord): void {
    const { profileId } = this.#state.preferences.settings ?? {};
    // The form keeps no profile: a request goes to the one that is chosen.
    const form = formFromRequest(requestFromRecord(record, profileId ?? ('demo' as ProfileId)));
    // A click for four streamed images was four requests of one; asked again, it is four again.
    const streamed = (record.generation.parameters as Partial<CreateParameters>).stream === true;
    const count = streamed ? Math.max(form.count, record.siblings.length) : form.count;
    this.#state.draft.replace({ ...form, count: Math.min(MAX_IMAGES_PER_JOB, count) });
  }

  /** Shows the file that stands on the stage, or the original where it has none of its own. */
  async reveal(imageId: ImageId): Promise<void> {
    try {
      await this.#studio.host.reveal({ imageId, raw: this.strict.look !== 'made' });
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }
}

function keyOf(aside: Preview): string {
  return aside.kind === 'partial'
    ? `partial ${aside.partial.generationId} ${aside.partial.index}`
    : `input ${aside.input.role} ${aside.input.position}`;
}
