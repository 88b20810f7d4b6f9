import type { StudioApi } from '../../../electron/contract/api.ts';
import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { Comparison, type ComparedSide } from '../../stage/compare/Comparison.svelte.ts';
import { shapeOf } from '../../state/image-flaws.ts';
import { imageName, fullSizeUrl } from '../../state/image-urls.ts';
import { compareRows } from './compare-rows.ts';

/** Loads the records of two images and compares them. */
export class CompareController {
  first = $state.raw<ImageRecord | null>(null);
  second = $state.raw<ImageRecord | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  readonly comparison = new Comparison();
  readonly #studio: StudioApi;
  readonly #host: HostInfo;
  #wanted = '';

  constructor(studio: StudioApi, host: HostInfo) {
    this.#studio = studio;
    this.#host = host;
  }

  readonly rows = $derived.by(() =>
    this.first === null || this.second === null ? [] : compareRows(this.first, this.second),
  );

  /** Loads both records. A result that arrives after another pair was requested is ignored. */
  async show(first: ImageId, second: ImageId): Promise<void> {
    this.#wanted = `${first} ${second}`;
    this.error = null;
    try {
      const [one, other] = await Promise.all([
        this.#studio.library.image({ imageId: first }),
        this.#studio.library.image({ imageId: second }),
      ]);
      if (this.#wanted !== `${first} ${second}`) return;
      [this.first, this.second] = [one, other];
      const alike = one.model === other.model;
      this.comparison.show(
        this.#sideOf(one, alike ? `First, ${one.model}` : one.model),
        this.#sideOf(other, alike ? `Second, ${other.model}` : other.model),
      );
      this.comparison.camera.fit();
    } catch (thrown) {
      if (this.#wanted === `${first} ${second}`) this.error = toErrorReport(thrown);
    }
  }

  #sideOf(image: ImageRecord, label: string): ComparedSide {
    const { thumbhash } = image;
    // The masked result may have another size than the response.
    const {
      width,
      height,
      hasAlpha: alpha,
    } = image.strict?.state === 'done' ? image.strict : { ...image, ...shapeOf(image) };
    return { src: fullSizeUrl(image, this.#host), width, height, thumbhash, alpha, label, alt: imageName(image) };
  }
}
