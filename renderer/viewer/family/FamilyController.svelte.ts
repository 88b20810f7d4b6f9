import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Family } from '../../../electron/contract/entities/views.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { familyTree, type FamilyTree } from './family-tree.ts';

/** Milliseconds that an image is open before its family is asked for, so that skipping through a library asks for none. */
const PAUSE = 120;

/** The family of the open image. The one before stays until the next has come, if the image belongs to it. */
export class FamilyController {
  imageId = $state<ImageId | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  #family = $state.raw<Family | null>(null);
  /** Images whose children are all shown. */
  #unfolded = $state.raw<ReadonlySet<ImageId>>(new Set());
  readonly #studio: StudioApi;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Null while it loads. */
  readonly family = $derived.by((): Family | null => {
    const { imageId } = this;
    return this.#family?.members.some(({ image }) => image.id === imageId) === true ? this.#family : null;
  });

  readonly tree = $derived.by((): FamilyTree | null =>
    this.family === null || this.imageId === null ? null : familyTree(this.family, this.imageId, this.#unfolded),
  );

  /** Relatives besides the image itself; 0 while it loads. */
  get relatives(): number {
    return this.family === null ? 0 : this.family.members.length - 1;
  }

  /** Loads an image's family, also again: images may have been added to it. */
  show(imageId: ImageId): void {
    const first = this.imageId === null;
    this.imageId = imageId;
    clearTimeout(this.#timer);
    if (first) void this.#load(imageId);
    else this.#timer = setTimeout(() => void this.#load(imageId), PAUSE);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  unfold(imageId: ImageId): void {
    this.#unfolded = new Set([...this.#unfolded, imageId]);
  }

  async #load(imageId: ImageId): Promise<void> {
    try {
      const family = await this.#studio.library.family({ imageId });
      if (this.imageId !== imageId) return;
      this.#family = family;
      this.error = null;
    } catch (thrown) {
      if (this.imageId === imageId) this.error = toErrorReport(thrown);
    }
  }
}
