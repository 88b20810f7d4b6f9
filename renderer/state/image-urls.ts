import type { HostInfo, Picture } from '../../electron/contract/entities.ts';
import { RENDITIONS } from '../../electron/contract/entities/renditions.ts';

const MAX_NAME_LENGTH = 300;

/** A picture's accessible name: its prompt; a prompt of pages is cut. A picture without one was made from another picture. */
export function pictureName({ prompt }: Pick<Picture, 'prompt'>): string {
  const name = prompt.trim();
  if (name === '') return 'Untitled';
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}

/** A picture may be drawn this much larger than it is before it looks soft. */
const MAX_UPSCALE = 1.15;

/**
 * The smallest stored rendition that fills a place of that height (CSS px). Pictures that are not developed yet, or cannot be (a
 * drawing that is too costly to rasterise, broken bytes), have neither thumbhash nor thumbnail: their original stands in. An animation's
 * original would move by itself, so its first frame does.
 */
export function renditionUrl(picture: Picture, height: number, host: HostInfo, density = devicePixelRatio): string {
  const edge = height * Math.max(1, picture.width / picture.height) * density;
  const made = picture.strict?.state === 'done' ? picture.strict.sha256 : null;
  if ((picture.thumbhash === null && made === null) || edge > RENDITIONS.preview * 2) return fullSizeUrl(picture, host);
  const rendition = edge <= RENDITIONS.thumbnail * MAX_UPSCALE ? 'thumbnail' : 'preview';
  // The same address would show the raw answer for as long as the browser remembers it.
  return `${host.pictureBase}/${rendition}/${picture.id}${made === null ? '' : `/${made.slice(0, 16)}`}`;
}

/** A picture at its full size, standing still: what a strict mask made of it, or the answer itself. */
export function fullSizeUrl(picture: Picture, host: HostInfo): string {
  if (picture.strict?.state === 'done') return `${host.pictureBase}/input/${picture.strict.sha256}`;
  return `${host.pictureBase}/${stillVariant(picture)}/${picture.id}`;
}

/** The address part of a picture at its full size that does not move. */
export function stillVariant({ format }: Pick<Picture, 'format'>): 'original' | 'png' {
  return format === 'gif' ? 'png' : 'original';
}
