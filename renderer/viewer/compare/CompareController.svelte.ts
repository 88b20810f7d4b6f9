import type { StudioApi } from '../../../electron/contract/api.ts';
import type { HostInfo, ImageId, PictureRecord } from '../../../electron/contract/entities.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors.ts';
import { Comparison, type ComparedSide } from '../../stage/compare/Comparison.svelte.ts';
import { pictureName, fullSizeUrl } from '../../state/image-urls.ts';
import { compareRows } from './compare-rows.ts';

/** Two pictures of the library with their records. */
export class CompareController {
  first = $state.raw<PictureRecord | null>(null);
  second = $state.raw<PictureRecord | null>(null);
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

  /** Loads both records; the answer for a pair that was left meanwhile is thrown away. */
  async show(first: ImageId, second: ImageId): Promise<void> {
    this.#wanted = `${first} ${second}`;
    this.error = null;
    try {
      const [one, other] = await Promise.all([
        this.#studio.library.picture({ imageId: first }),
        this.#studio.library.picture({ imageId: second }),
      ]);
      if (this.#wanted !== `${first} ${second}`) return;
      [this.first, this.second] = [one, other];
      const alike = one.model === other.model;
      this.comparison.show(
        this.#sideOf(one, alike ? `First, ${one.model}` : one.model),
        this.#sideOf(other, alike ? `Second, ${other.model}` : other.model),
      );
      this.comparison.fit();
    } catch (thrown) {
      if (this.#wanted === `${first} ${second}`) this.error = toErrorReport(thrown);
    }
  }

  #sideOf(picture: PictureRecord, label: string): ComparedSide {
    const { thumbhash } = picture;
    // What a strict mask made is what everybody sees of it, and may be of another size than the answer.
    const { width, height, hasAlpha: alpha } = picture.strict?.state === 'done' ? picture.strict : picture;
    return { src: fullSizeUrl(picture, this.#host), width, height, thumbhash, alpha, label, alt: pictureName(picture) };
  }
}
