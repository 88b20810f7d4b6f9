/** Alpha and lightness below this count as transparent and as dark: half of a channel's range. */
const HALF = 128;

/** Whether a mask edits a pixel, by its alpha (0 to 255). The API calls transparent pixels the area to edit. */
export function editsAlpha(alpha: number): boolean {
  return alpha < HALF;
}

/** Luma by Rec. 601, 0 to 255, of an RGBA pixel. */
function lumaAt(rgba: ArrayLike<number>, at: number): number {
  return ((rgba[at] ?? 0) * 299 + (rgba[at + 1] ?? 0) * 587 + (rgba[at + 2] ?? 0) * 114) / 1000;
}

/** What in a mask file marks the area to edit. */
export type MaskReading = 'transparency' | 'white' | 'black';

/** Whether an RGBA pixel is marked. Transparent pixels are neither white nor black. */
export function isMarked(rgba: ArrayLike<number>, at: number, reading: MaskReading): boolean {
  if (editsAlpha(rgba[at + 3] ?? 0)) return reading === 'transparency';
  return reading !== 'transparency' && lumaAt(rgba, at) >= HALF === (reading === 'white');
}

/**
 * What an image is as a mask. `transparent`: its alpha marks an area. `black-and-white`: its lightness does. `grey`: it has soft edges or
 * shades, which become hard at half. `photo`: it has colours, so it probably isn't a mask.
 */
type MaskKind = 'transparent' | 'black-and-white' | 'grey' | 'photo';

/** Facts about an image's pixels that decide whether it is a mask. */
export interface MaskFacts {
  kind: MaskKind;
  /** Pixels that {@link editsAlpha} counts as transparent. */
  clear: number;
  /** Pixels whose alpha is neither 0 nor 255. Servers differ in what they do with them. */
  partial: number;
}

/** Tolerances for JPEG and smooth edges: difference of channels, and distance from black and from white. */
const GREY_WITHIN = 24;
const ENDS_WITHIN = 48;
/** Largest share of pixels that may be neither black nor white, and of pixels that may have a colour. */
const MAX_BETWEEN = 0.1;
const MAX_COLOURED = 0.02;

/** The one answer to "is this a mask?", for the form, the canvas, the library and the demo server. */
export function inspectMask(rgba: ArrayLike<number>): MaskFacts {
  let [clear, partial, between, coloured] = [0, 0, 0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] ?? 0;
    if (alpha > 0 && alpha < 255) partial += 1;
    if (editsAlpha(alpha)) {
      clear += 1;
      continue;
    }
    const [red, green, blue] = [rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0];
    const min = Math.min(red, green, blue);
    const max = Math.max(red, green, blue);
    if (max - min > GREY_WITHIN) coloured += 1;
    else if (max > ENDS_WITHIN && min < 255 - ENDS_WITHIN) between += 1;
  }
  const pixels = rgba.length / 4;
  return { kind: kindOf({ clear, between, coloured, pixels }), clear, partial };
}

function kindOf({
  clear,
  between,
  coloured,
  pixels,
}: Record<'clear' | 'between' | 'coloured' | 'pixels', number>): MaskKind {
  if (clear > 0) return 'transparent';
  if (coloured > MAX_COLOURED * pixels) return 'photo';
  return between + coloured > MAX_BETWEEN * pixels ? 'grey' : 'black-and-white';
}

/** What marks the area to edit, unless the person says otherwise. */
export function defaultReading({ kind }: Pick<MaskFacts, 'kind'>): MaskReading {
  return kind === 'transparent' ? 'transparency' : 'white';
}

/** Why a file may not be meant as a mask, as a sentence; null if it clearly is one. The person is asked before it is used. */
export function maskDoubt({ kind }: Pick<MaskFacts, 'kind'>): string | null {
  if (kind === 'photo') return 'This looks like a photo, not a mask.';
  return kind === 'grey' ? 'This has shades of grey. A mask has hard edges, so it is cut at half.' : null;
}
