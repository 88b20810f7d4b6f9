import type { SizeRule } from '../../../electron/contract/catalogue/models.ts';
import type { Rect, Size } from '../../stage/geometry.ts';
import { reachOf } from './frame-limits.ts';
import { snapFrame } from './snap-frame.ts';

export function sameRect(one: Rect, other: Rect): boolean {
  return one.left === other.left && one.top === other.top && one.width === other.width && one.height === other.height;
}

/** Whether a frame extends the image. */
export function reachesBeyond(frame: Rect, image: Size): boolean {
  return Object.values(reachOf(frame, image)).some((reach) => reach > 0);
}

/**
 * The size that a framed image, its mask and its markup are scaled to before they are sent, if the frame is larger than the model supports.
 * Null: they are not scaled.
 */
export function sizeToSend(frame: Rect, model: { sizes: SizeRule }): Size | null {
  // Only the size matters, not where the image lies in the frame.
  const { size } = snapFrame({ ...frame, left: 0, top: 0 }, frame, model);
  return size.width * size.height < frame.width * frame.height * 0.9 ? size : null;
}
