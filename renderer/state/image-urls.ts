import type { HostInfo } from '../../electron/contract/entities/host.ts';
import type { Image } from '../../electron/contract/entities/images.ts';
import { fileFormatFacts } from '../../electron/contract/catalogue/file-formats.ts';
import { isDisplayable, shapeOf } from './image-flaws.ts';
import { RENDITIONS } from '../../electron/contract/entities/renditions.ts';

const MAX_NAME_LENGTH = 300;

/** An image's accessible name: its prompt, cut to a limit. Variations have no prompt. */
export function imageName({ prompt }: Pick<Image, 'prompt'>): string {
  const name = prompt.trim();
  if (name === '') return 'Untitled';
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}

/** Largest factor by which a rendition is scaled up. */
const MAX_UPSCALE = 1.15;

/**
 * The smallest stored rendition for a height in CSS pixels. Images without thumbnails yet, or without any (an SVG too costly to
 * rasterise, broken bytes), use their original; animations use their first frame, which doesn't move. Null: nothing can be shown.
 */
export function renditionUrl(image: Image, height: number, host: HostInfo, density = devicePixelRatio): string | null {
  const { width, height: tall } = shapeOf(image);
  const edge = height * Math.max(1, width / tall) * density;
  const made = image.strict?.state === 'done' ? image.strict.sha256 : null;
  if ((image.thumbhash === null && made === null) || edge > RENDITIONS.preview * 2) {
    return made !== null || image.thumbhash !== null || isDisplayable(image) ? fullSizeUrl(image, host) : null;
  }
  const rendition = edge <= RENDITIONS.thumbnail * MAX_UPSCALE ? 'thumbnail' : 'preview';
  // Another URL than that of the original response, which the browser has cached.
  return `${host.imageBase}/${rendition}/${image.id}${made === null ? '' : `/${made.slice(0, 16)}`}`;
}

/** The URL of an image at full size without animation: the masked result, or the original response. */
export function fullSizeUrl(image: Image, host: HostInfo): string {
  if (image.strict?.state === 'done') return `${host.imageBase}/input/${image.strict.sha256}`;
  return `${host.imageBase}/${stillVariant(image)}/${image.id}`;
}

/** The URL segment of an image at full size without animation, upright. Browsers don't turn a WebP, so the host looks into it. */
export function stillVariant({ format }: Pick<Image, 'format'>): 'original' | 'png' | 'shown' {
  if (format === 'webp') return 'shown';
  return format === 'gif' || fileFormatFacts(format).shown === 'converted' ? 'png' : 'original';
}
