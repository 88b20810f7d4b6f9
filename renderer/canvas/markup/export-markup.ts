import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { rectOf, type Rect, type Size } from '../../stage/geometry.ts';
import type { Mark } from '../document/mark.ts';
import { pathOf } from './mark-path.ts';
import { BASELINE, fontOf, LINE, linesOf, loadLetters } from './mark-text.ts';

/**
 * The marks as a transparent PNG over the framed image, drawn from the paths that the stage shows. It has the size of the frame, or of the image
 * without a frame, or is scaled to `to`.
 * @throws StudioError `internal` if the browser provides no canvas of that size
 */
export async function exportMarkup(
  marks: readonly Mark[],
  size: Size,
  frame: Rect | null = null,
  to: Size | null = null,
): Promise<Blob> {
  const part = frame ?? rectOf(size);
  const { width, height } = to ?? part;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw noCanvas({ width, height });
  await loadLetters(marks.flatMap((mark) => (mark.kind === 'text' ? [mark] : [])));
  context.scale(width / part.width, height / part.height);
  context.translate(-part.left, -part.top);
  for (const mark of marks) drawMark(context, mark);
  return canvas.convertToBlob({ type: 'image/png' }).catch((cause: unknown) => {
    throw noCanvas({ width, height }, cause);
  });
}

/** Draws a mark in pixels of the image. */
function drawMark(context: OffscreenCanvasRenderingContext2D, mark: Mark): void {
  context.fillStyle = mark.colour;
  context.strokeStyle = mark.colour;
  if (mark.kind === 'text') {
    context.font = fontOf(mark.size);
    linesOf(mark).forEach((line, index) => {
      context.fillText(line, mark.at.x, mark.at.y + (BASELINE + index * LINE) * mark.size);
    });
    return;
  }
  context.lineWidth = mark.width;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(new Path2D(pathOf(mark)));
}

function noCanvas({ width, height }: Size, cause?: unknown): StudioError {
  const message = `Not enough memory to draw the marks at ${width} × ${height}. Make the frame smaller.`;
  return new StudioError({ code: 'internal', message }, cause === undefined ? {} : { cause });
}
