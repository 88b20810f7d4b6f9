import type { StudioApi } from '../../../electron/contract/api.ts';
import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { StrictMaskResult } from '../../../electron/contract/entities/strict-mask-result.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { attempt } from '../../state/attempt.ts';
import { shapeOf } from '../../state/image-flaws.ts';
import { stillVariant } from '../../state/image-urls.ts';

/** The files of an image with a strict mask: the masked result, the original response, and a heat map of their differences outside the mask. */
export type StrictVariant = 'made' | 'raw' | 'heat';

type StrictMaskDone = Extract<StrictMaskResult, { state: 'done' }>;

/** The finished result of an image's strict mask; null without one. */
export function strictResultOf(image: Image | null): StrictMaskDone | null {
  return image?.strict?.state === 'done' ? image.strict : null;
}

/** What the stage shows. */
export interface StageImage {
  src: string;
  /** A small copy that is shown until `src` has loaded. */
  previewSrc: string | null;
  width: number;
  height: number;
  alpha: boolean;
  /** Placed before the image's name; null for the image itself. */
  label: string | null;
}

/** The size of an image on the stage: the same for all its variants, so that the stage keeps still between them. */
export function stageSize(image: Image | null): { width: number; height: number } {
  return strictResultOf(image) ?? (image ? shapeOf(image) : { width: 1, height: 1 });
}

/** The file of an image's variant. `moving`: the animation plays. */
export function stageImage(image: Image, variant: StrictVariant, host: HostInfo, moving: boolean): StageImage {
  const at = (path: string): string => `${host.imageBase}/${path}`;
  const original = at(`${moving ? 'original' : stillVariant(image)}/${image.id}`);
  const made = strictResultOf(image);
  if (made === null) {
    const { hasAlpha: alpha } = image;
    const { width, height } = shapeOf(image);
    return { src: original, previewSrc: at(`preview/${image.id}`), width, height, alpha, label: null };
  }
  const { width, height } = made;
  switch (variant) {
    case 'made': {
      const previewSrc = at(`preview/${image.id}/${made.sha256.slice(0, 16)}`);
      return { src: at(`input/${made.sha256}`), previewSrc, width, height, alpha: made.hasAlpha, label: null };
    }
    case 'raw':
      return { src: original, previewSrc: null, width, height, alpha: image.hasAlpha, label: 'Original response' };
    case 'heat':
      return { src: at(`heat/${image.id}`), previewSrc: null, width, height, alpha: false, label: 'Heat map' };
  }
}

/** Which variant of a strict mask's image is shown, and applying the mask again. */
export class StrictView {
  variant = $state<StrictVariant>('made');
  /** The image whose mask is being applied. */
  applying = $state.raw<ImageId | null>(null);
  /** Why applying the mask failed, and for which image. */
  failure = $state.raw<{ imageId: ImageId; error: ErrorReport } | null>(null);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Resets the choice when another image is shown. */
  reset(): void {
    this.variant = 'made';
  }

  /** Applies the mask again. Returns whether it succeeded. */
  async apply(imageId: ImageId, feather: number): Promise<boolean> {
    this.applying = imageId;
    this.failure = null;
    const error = await attempt(() => this.#studio.strict.apply({ imageId, options: { feather } }));
    if (error) this.failure = { imageId, error };
    this.applying = null;
    return error === null;
  }
}
