import type { Image } from '../../electron/contract/entities/images.ts';
import { shapeOf } from '../state/image-flaws.ts';

/** The size of an image as it is shown: of its masked result if there is one. */
export function shownSize(image: Image): { width: number; height: number } {
  return image.strict?.state === 'done' ? image.strict : shapeOf(image);
}
