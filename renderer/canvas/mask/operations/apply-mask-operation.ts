import { rectOf } from '../../../stage/geometry.ts';
import { unpackBits } from '../pixels/bits.ts';
import { boundsOf, type Coverage, type Touch } from '../pixels/coverage.ts';
import { feather } from './feather.ts';
import { grow } from './grow.ts';
import type { Combine, MaskOperation } from './mask-operation.ts';
import { drawEllipse, drawPolygon, drawRectangle } from './shapes.ts';
import { drawStroke } from './stroke.ts';

/**
 * Applies an operation to a mask. Deterministic: the same operations give the same bytes on every machine.
 * @throws StudioError `bad-payload` for a region of another image size
 */
export function applyMaskOperation(mask: Coverage, op: MaskOperation, touch: Touch): void {
  switch (op.kind) {
    case 'stroke':
      drawStroke(mask, op, op.points, touch);
      break;
    case 'rectangle':
      drawRectangle(mask, op.rect, op.combine, touch);
      break;
    case 'ellipse':
      drawEllipse(mask, op.rect, op.combine, touch);
      break;
    case 'polygon':
      drawPolygon(mask, op.points, op.combine, touch);
      break;
    case 'region':
      drawRegion(mask, op.bits, op.combine, touch);
      break;
    case 'grow':
      grow(mask, op.by, touch);
      break;
    case 'feather':
      feather(mask, op.by, touch);
      break;
    case 'fill':
    case 'clear':
      touch(rectOf(mask.size));
      mask.coverage.fill(op.kind === 'fill' ? 255 : 0);
      break;
    case 'invert':
      touch(rectOf(mask.size));
      invert(mask);
      break;
  }
}

/** Inverts the mask; twice restores the same bytes. */
export function invert({ coverage }: Coverage): void {
  for (let pixel = 0; pixel < coverage.length; pixel += 1) coverage[pixel] = 255 - (coverage[pixel] ?? 0);
}

function drawRegion(mask: Coverage, bits: string, combine: Combine, touch: Touch): void {
  const { coverage, size } = mask;
  const region = unpackBits(bits, coverage.length);
  const { left, top, width, height } = boundsOf({ size, coverage: region });
  if (width === 0) return;
  touch({ left, top, width, height });
  const paint = combine === 'add' ? 255 : 0;
  for (let y = top; y < top + height; y += 1) {
    const start = y * size.width;
    for (let pixel = start + left; pixel < start + left + width; pixel += 1) {
      if (region[pixel] !== 0) coverage[pixel] = paint;
    }
  }
}
