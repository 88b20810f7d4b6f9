import type { Rect, Size } from '../../stage/geometry.ts';
import { limitsOf, reachOf, shiftInto, xOf, yOf, type FrameMode, type Span } from './frame-limits.ts';

/**
 * The frame with an aspect ratio (width / height). Extend: the smallest that contains the image, grown on the side that is extended already,
 * or on both. Crop: about the same area and centre as now, within the image.
 */
export function fitFrameToRatio(mode: FrameMode, ratio: number, image: Size, now: Rect): Rect {
  return mode === 'extend' ? extendedTo(ratio, image, now) : croppedTo(ratio, image, now);
}

function extendedTo(ratio: number, image: Size, now: Rect): Rect {
  const width = Math.max(image.width, Math.round(image.height * ratio));
  const height = Math.max(image.height, Math.round(image.width / ratio));
  const reach = reachOf(now, image);
  return {
    left: 0 - before(width - image.width, reach.left, reach.right),
    top: 0 - before(height - image.height, reach.top, reach.bottom),
    width,
    height,
  };
}

/** How much of the added length goes before the image. */
function before(added: number, start: number, end: number): number {
  if (start > 0 === end > 0) return Math.round(added / 2);
  return start > 0 ? added : 0;
}

function croppedTo(ratio: number, image: Size, now: Rect): Rect {
  const wanted = Math.sqrt(now.width * now.height * ratio);
  const width = Math.min(wanted, image.width, image.height * ratio);
  return sized({ width: Math.round(width), height: Math.round(width / ratio) }, 'crop', image, now);
}

/** The frame with a size, with the present centre where possible, within what the mode allows. */
export function fitFrameToSize(mode: FrameMode, size: Size, image: Size, now: Rect): Rect {
  if (mode === 'crop') return sized(size, mode, image, now);
  const reach = reachOf(now, image);
  const grow = (length: number, own: number, start: number, end: number): Span => {
    const min = Math.max(length, own);
    return { from: 0 - before(min - own, start, end > 0 || start <= 0 ? 1 : 0), length: min };
  };
  const x = grow(size.width, image.width, reach.left, reach.right);
  const y = grow(size.height, image.height, reach.top, reach.bottom);
  return { left: x.from, top: y.from, width: x.length, height: y.length };
}

function sized({ width, height }: Size, mode: FrameMode, image: Size, now: Rect): Rect {
  const whole = { left: 0, top: 0, ...image };
  const limits = limitsOf(mode, image, whole);
  const centred = (span: Span, length: number): number => Math.round(span.from + (span.length - length) / 2);
  const [across, down] = [Math.min(width, image.width), Math.min(height, image.height)];
  return {
    left: shiftInto(centred(xOf(now), across), across, limits.x),
    top: shiftInto(centred(yOf(now), down), down, limits.y),
    width: across,
    height: down,
  };
}
