import { blend, pixelsOf, sharpFrom, type Pixels, type Weights } from './pixels.ts';

/** How many pixels of the finished image make one of a partial's, for each number of partials asked for, coarse to fine. */
const COARSENESS: readonly (readonly number[])[] = [[], [12], [28, 8], [36, 14, 5]];

/**
 * The image as it looks on the way: soft and coarse at first, finer with every index. Where only a part is being painted
 * (`inside`), the rest of the image stays sharp.
 */
export async function renderPartial(
  whole: Pixels,
  index: number,
  of: number,
  inside: Weights | null,
  under: Pixels | null,
): Promise<Pixels> {
  // Sizes are told for an image of a megapixel; larger ones are coarser by as much, so that all look alike.
  const scale = Math.sqrt((whole.width * whole.height) / 1_048_576);
  const coarse = Math.max(2, (COARSENESS[of]?.[index] ?? 2) * scale);
  const small = await pixelsOf(
    sharpFrom(whole).resize(
      Math.max(2, Math.round(whole.width / coarse)),
      Math.max(2, Math.round(whole.height / coarse)),
      { fit: 'fill' },
    ),
  );
  const soft = await pixelsOf(sharpFrom(small).resize(whole.width, whole.height, { fit: 'fill', kernel: 'cubic' }));
  return inside && under ? blend(under, soft, inside) : soft;
}
