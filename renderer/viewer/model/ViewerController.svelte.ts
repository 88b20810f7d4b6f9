import type { Marks } from '../../../electron/contract/entities/annotations.ts';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputRecord } from '../../../electron/contract/entities/generations.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import type { PartialImage, Image } from '../../../electron/contract/entities/images.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { PlaceInView } from '../../filmstrip/PlaceInView.svelte.ts';
import { attempt } from '../../state/attempt.ts';
import { formFromRecord } from '../../state/request-from-record.ts';
import type { StudioState } from '../../state/studio-state.svelte.ts';
import { inputLabel } from '../inputs/input-labels.ts';
import { StrictView } from './StrictView.svelte.ts';
import { ThumbnailRetry } from './ThumbnailRetry.svelte.ts';

/** Shown on the stage instead of the image: a partial image or an input of the request. */
export type Preview = { kind: 'partial'; partial: PartialImage } | { kind: 'input'; input: InputRecord };

/** The open image with its record, its place among the library's images, and what is changed about it. */
export class ViewerController {
  imageId = $state<ImageId | null>(null);
  record = $state.raw<ImageRecord | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  readonly place: PlaceInView;
  readonly strict: StrictView;
  readonly thumbnail: ThumbnailRetry;
  preview = $state.raw<Preview | null>(null);
  /** The image whose original was missing when the host was last asked. */
  #missingOriginal = $state<ImageId | null>(null);
  readonly #studio: StudioApi;
  readonly #state: StudioState;
  readonly #imageBase: string;

  /** `open`: shows another image of the library. */
  constructor(studio: StudioApi, state: StudioState, imageBase: string, open: (imageId: ImageId) => void) {
    this.#studio = studio;
    this.#state = state;
    this.#imageBase = imageBase;
    this.place = new PlaceInView(state.library.view, ({ id }) => {
      if (id !== this.imageId) open(id);
    });
    this.strict = new StrictView(studio);
    this.thumbnail = new ThumbnailRetry(studio, (imageId, error) => this.#showAgain(imageId, error));
  }

  /** The original of the open image is not in the library folder. */
  get originalMissing(): boolean {
    return this.#missingOriginal !== null && this.#missingOriginal === this.imageId;
  }

  /** The open image, from its record, or from the library's images while the record loads. */
  readonly image = $derived.by((): Image | null => {
    if (this.record?.id === this.imageId) return this.record;
    const { position } = this.place;
    const listed = position === null ? null : this.#state.library.view.at(position);
    if (listed?.id === this.imageId) return listed;
    return this.record?.siblings.find(({ id }) => id === this.imageId) ?? null;
  });

  /** The marks of the record's image, with those that aren't stored yet. */
  readonly marks = $derived.by((): Marks | null => {
    const { position } = this.place;
    const listed = position === null ? null : this.#state.library.view.at(position);
    return listed && listed.id === this.record?.id ? listed.marks : (this.record?.marks ?? null);
  });

  /** Address and name of what is shown instead of the image. */
  readonly previewSource = $derived.by((): { src: string; alt: string } | null => {
    const { preview } = this;
    if (preview === null) return null;
    return preview.kind === 'partial'
      ? {
          src: `${this.#imageBase}/partial/${preview.partial.generationId}/${preview.partial.index}`,
          alt: `Partial ${preview.partial.index + 1}`,
        }
      : { src: `${this.#imageBase}/input/${preview.input.sha256}`, alt: inputLabel(preview.input) };
  });

  /** Shows something instead of the image, or the image again. */
  togglePreview(preview: Preview): void {
    this.preview = this.isPreviewed(preview) ? null : preview;
  }

  isPreviewed(preview: Preview): boolean {
    return this.preview !== null && keyOf(this.preview) === keyOf(preview);
  }

  /** Opens an image. A record that arrives after another image was opened is ignored. */
  async show(imageId: ImageId): Promise<void> {
    if (imageId !== this.imageId) {
      this.preview = null;
      this.strict.reset();
    }
    this.imageId = imageId;
    this.error = null;
    this.#state.library.view.lastViewed = imageId;
    void this.checkOriginal();
    const error = await attempt(async () => {
      const record = await this.#studio.library.image({ imageId });
      if (this.imageId === imageId) this.record = record;
    });
    if (error && this.imageId === imageId) this.error = error;
  }

  /** After an image that may still be open has changed. */
  async #showAgain(imageId: ImageId, error: ErrorReport | null): Promise<void> {
    if (imageId !== this.imageId) return;
    if (error) this.error = error;
    else await this.show(imageId);
  }

  /** Asks the host whether the original exists. Bypasses the browser's cache, which would hide that it is gone. */
  async checkOriginal(): Promise<void> {
    const imageId = this.imageId;
    if (imageId === null) return;
    try {
      const address = `${this.#imageBase}/original/${imageId}`;
      const { ok, status } = await fetch(address, { method: 'HEAD', cache: 'no-store' });
      if (status === 404) this.#missingOriginal = imageId;
      else if (ok && this.#missingOriginal === imageId) this.#missingOriginal = null;
    } catch {
      // The host can't be reached, which the page reports itself.
    }
  }

  /** Puts the whole request, with its inputs, into the Create form. The previous draft can be restored. */
  reuse(record: ImageRecord): void {
    this.#state.draft.replace(formFromRecord(record, this.#state.preferences.settings?.profileId));
  }

  /** Shows the file of the stage in its folder, or the original if it has no file of its own. */
  async reveal(imageId: ImageId): Promise<void> {
    const error = await attempt(() => this.#studio.host.reveal({ imageId, raw: this.strict.variant !== 'made' }));
    if (error) this.error = error;
  }
}

function keyOf(preview: Preview): string {
  return preview.kind === 'partial'
    ? `partial ${preview.partial.generationId} ${preview.partial.index}`
    : `input ${preview.input.role} ${preview.input.position}`;
}
