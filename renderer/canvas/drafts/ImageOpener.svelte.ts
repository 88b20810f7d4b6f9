import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { DraftList } from './DraftList.svelte.ts';
import { isOversized, prepareForStage, scaleToUsableSize } from './prepare-for-stage.ts';

/** A file that is being added to the library's inputs. */
export interface Upload {
  name: string;
  /** 0 to 1. */
  progress: number;
  cancel(): void;
}

/** Opens images as drafts: from the library, or from a file. */
export class ImageOpener {
  upload = $state.raw<Upload | null>(null);
  /** An image larger than any model uses, until the person decides whether to scale it. */
  oversized = $state.raw<InputImage | null>(null);
  readonly #studio: StudioApi;
  readonly #drafts: DraftList;
  readonly #strips: () => boolean;

  /** @param strips whether private metadata is removed from a file */
  constructor(studio: StudioApi, drafts: DraftList, strips: () => boolean = () => true) {
    this.#strips = strips;
    this.#studio = studio;
    this.#drafts = drafts;
  }

  /** Opens an image of the library: the draft that began with it, or a new one. */
  async openImage(imageId: ImageId): Promise<void> {
    const image = await this.#studio.inputs.fromImage({ imageId });
    const known = this.#drafts.findByRoot(image.sha256);
    if (known) await this.#drafts.open(known);
    else await this.#admit(image);
  }

  /** Opens a file as a new draft. Cancelling the upload is no error. */
  async openFile(file: File, name: string): Promise<void> {
    const stop = new AbortController();
    this.upload = { name, progress: 0, cancel: () => stop.abort() };
    const onProgress = (progress: number): void => {
      if (this.upload) this.upload = { ...this.upload, progress };
    };
    try {
      await this.#admit(await this.#studio.addInput(file, name, { signal: stop.signal, onProgress }));
    } catch (thrown) {
      if (!stop.signal.aborted) throw thrown;
    } finally {
      this.upload = null;
    }
  }

  /** Opens the oversized image, scaled to a usable size or as it is. */
  async openOversized(image: InputImage, scaled: boolean): Promise<void> {
    this.oversized = null;
    await this.#drafts.create(scaled ? await scaleToUsableSize(this.#studio, image) : image);
  }

  cancelOversized(): void {
    this.oversized = null;
  }

  async #admit(image: InputImage): Promise<void> {
    const prepared = await prepareForStage(this.#studio, image, this.#strips());
    if (isOversized(prepared)) this.oversized = prepared;
    else await this.#drafts.create(prepared);
  }
}
