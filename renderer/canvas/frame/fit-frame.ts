import type { Rect, Size } from '../../stage/geometry.ts';
import { limitsOf, reachOf, shiftInto, xOf, yOf, type FrameMode, type Span } from './frame-limits.ts';

/**
 * The frame of a shape (width to height): to extend, the smallest that holds the picture, grown on the side to which it reaches already,
 * on both where it reaches to neither; to crop, one with about the pixels and the middle that the frame has now, as far as the picture has room.
 */
export function fitFrameToRatio(mode: FrameMode, ratio: number, picture: Size, now: Rect): Rect {
  return mode === 'extend' ? extendedTo(ratio, picture, now) : croppedTo(ratio, picture, now);
}

function extendedTo(ratio: number, picture: Size, now: Rect): Rect {
  const width = Math.max(picture.width, Math.round(picture.height * ratio));
  const height = Math.max(picture.height, Math.round(picture.width / ratio));
  const reach = reachOf(now, picture);
  return {
    left: 0 - before(width - picture.width, reach.left, reach.right),
    top: 0 - before(height - picture.height, reach.top, reach.bottom),
    width,
    height,
  };
}

/** How much of what is added comes before the picture. */
function before(added: number, start: number, end: number): number {
  if (start > 0 === end > 0) return Math.round(added / 2);
  return start > 0 ? added : 0;
}

function croppedTo(ratio: number, picture: Size, now: Rect): Rect {
  const wanted = Math.sqrt(now.width * now.height * ratio);
  const width = Math.min(wanted, picture.width, picture.height * ratio);
  return sized({ width: Math.round(width), height: Math.round(width / ratio) }, 'crop', picture, now);
}

/** The frame of a size that was typed: where it can, with the middle that it has now; never beyond what the mode allows. */
export function fitFrameToSize(mode: FrameMode, size: Size, picture: Size, now: Rect): Rect {
  if (mode === 'crop') return sized(size, mode, picture, now);
  const reach = reachOf(now, picture);
  const grow = (length: number, own: number, start: number, end: number): Span => {
    const min = Math.max(length, own);
    return { from: 0 - before(min - own, start, end > 0 || start <= 0 ? 1 : 0), length: min };
  };
  const x = grow(size.width, picture.width, reach.left, reach.right);
  const y = grow(size.height, picture.height, reach.top, reach.bottom);
  return { left: x.from, top: y.from, width: x.length, height: y.length };
}

function sized({ width, height }: Size, mode: FrameMode, picture: Size, now: Rect): Rect {
  const whole = { left: 0, top: 0, ...picture };
  const limits = limitsOf(mode, picture, whole);
  const centred = (span: Span, length: number): number => Math.round(span.from + (span.length - length) / 2);
  const [across, down] = [Math.min(width, picture.width), Math.min(height, picture.height)];
  return {
    left: shiftInto(centred(xOf(now), across), across, limits.x),
    top: shiftInto(centred(yOf(now), down), down, limits.y),
    width: across,
    height: down,
  };
}
