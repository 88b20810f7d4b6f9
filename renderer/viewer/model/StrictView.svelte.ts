import type { StudioApi } from '../../../electron/contract/api.ts';
import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import type { StrictMaskResult } from '../../../electron/contract/entities/strict-mask-result.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { stillVariant } from '../../state/image-urls.ts';

/** What can be looked at of an image with a strict mask: what was made, what came, and where that differs from the first image. */
export const STRICT_VARIANTS = ['made', 'raw', 'heat'] as const;
export type StrictVariant = (typeof STRICT_VARIANTS)[number];

type Made = Extract<StrictMaskResult, { state: 'done' }>;

/** What a strict mask made of an image; null where it made nothing, or has not yet. */
export function strictResultOf(image: Image | null): Made | null {
  return image?.strict?.state === 'done' ? image.strict : null;
}

/** What stands on the stage: its address, that of a small copy to show before, its size and whether something shines through. */
export interface StageImage {
  whole: string;
  preview: string | null;
  width: number;
  height: number;
  alpha: boolean;
  /** Before the image's name; null for the image itself. */
  what: string | null;
}

/** All looks of one image have one size, so that nothing moves between them. `moving`: an animation plays. */
export function stageImage(image: Image, look: StrictVariant, host: HostInfo, moving: boolean): StageImage {
  const at = (path: string): string => `${host.imageBase}/${path}`;
  const original = at(`${moving ? 'original' : stillVariant(image)}/${image.id}`);
  const made = strictResultOf(image);
  if (made === null) {
    const { width, height, hasAlpha: alpha } = image;
    return { whole: original, preview: at(`preview/${image.id}`), width, height, alpha, what: null };
  }
  const { width, height } = made;
  switch (look) {
    case 'made': {
      const preview = at(`preview/${image.id}/${made.sha256.slice(0, 16)}`);
      return { whole: at(`input/${made.sha256}`), preview, width, height, alpha: made.hasAlpha, what: null };
    }
    case 'raw':
      return { whole: original, preview: null, width, height, alpha: image.hasAlpha, what: 'Raw answer' };
    case 'heat':
      return { whole: at(`heat/${image.id}`), preview: null, width, height, alpha: false, what: 'Heat map' };
  }
}

/** Which look of an image is on the stage, and making its strict mask anew. */
export class StrictView {
  look = $state<StrictVariant>('made');
  /** Being made now. */
  making = $state.raw<ImageId | null>(null);
  /** Why the last one was not made, and of which image. */
  refusal = $state.raw<{ imageId: ImageId; error: ErrorReport } | null>(null);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  /** Another image is on the stage. */
  leave(): void {
    this.look = 'made';
  }

  /** @returns whether there is something new to see */
  async make(imageId: ImageId, feather: number): Promise<boolean> {
    this.making = imageId;
    this.refusal = null;
    try {
      await this.#studio.strict.apply({ imageId, options: { feather } });
      return true;
    } catch (thrown) {
      this.refusal = { imageId, error: toErrorReport(thrown) };
      return false;
    } finally {
      this.making = null;
    }
  }
}
