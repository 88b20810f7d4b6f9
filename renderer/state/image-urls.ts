import type { HostInfo } from '../../electron/contract/entities/host.ts';
import type { Image } from '../../electron/contract/entities/images.ts';
import { RENDITIONS } from '../../electron/contract/entities/renditions.ts';

const MAX_NAME_LENGTH = 300;

/** An image's accessible name: its prompt; a prompt of pages is cut. An image without one was made from another image. */
export function imageName({ prompt }: Pick<Image, 'prompt'>): string {
  const name = prompt.trim();
  if (name === '') return 'Untitled';
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}

/** An image may be drawn this much larger than it is before it looks soft. */
const MAX_UPSCALE = 1.15;

/**
 * The smallest stored rendition that fills a place of that height (CSS px). Images that are not developed yet, or cannot be (a
 * drawing that is too costly to rasterise, broken bytes), have neither thumbhash nor thumbnail: their original stands in. An animation's
 * original would move by itself, so its first frame does.
 */
export function renditionUrl(image: Image, height: number, host: HostInfo, density = devicePixelRatio): string {
  const edge = height * Math.max(1, image.width / image.height) * density;
  const made = image.strict?.state === 'done' ? image.strict.sha256 : null;
  if ((image.thumbhash === null && made === null) || edge > RENDITIONS.preview * 2) return fullSizeUrl(image, host);
  const rendition = edge <= RENDITIONS.thumbnail * MAX_UPSCALE ? 'thumbnail' : 'preview';
  // The same address would show the raw answer for as long as the browser remembers it.
  return `${host.imageBase}/${rendition}/${image.id}${made === null ? '' : `/${made.slice(0, 16)}`}`;
}

/** An image at its full size, standing still: what a strict mask made of it, or the answer itself. */
export function fullSizeUrl(image: Image, host: HostInfo): string {
  if (image.strict?.state === 'done') return `${host.imageBase}/input/${image.strict.sha256}`;
  return `${host.imageBase}/${stillVariant(image)}/${image.id}`;
}

/** The address part of an image at its full size that does not move. */
export function stillVariant({ format }: Pick<Image, 'format'>): 'original' | 'png' {
  return format === 'gif' ? 'png' : 'original';
}
