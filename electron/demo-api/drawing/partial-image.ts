import { blend, pixelsOf, sharpFrom, type Pixels, type Weights } from './pixels.ts';

/** Pixel size of each partial image in pixels of the finished image, by number of partials, coarse to fine. */
const COARSENESS: readonly (readonly number[])[] = [[], [12], [28, 8], [36, 14, 5]];

/** Returns a partial image: blurred and coarse at first, finer with each index. With `inside`, the rest of the image stays sharp. */
export async function renderPartial(
  whole: Pixels,
  index: number,
  of: number,
  inside: Weights | null,
  under: Pixels | null,
): Promise<Pixels> {
  // The sizes are for one megapixel; larger images are scaled accordingly.
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
