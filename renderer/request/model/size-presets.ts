import type { GifRule, SizeRule } from '../../../electron/contract/catalogue/models.ts';
import { checkSize, parseSize } from '../../../electron/contract/rules/size-rules.ts';
import { nearestSize } from './nearest-size.ts';

type FreeRule = Extract<SizeRule, { kind: 'free' }>;

/** The ratios on offer, landscape and portrait. */
export const RATIOS = ['1:1', '3:2', '2:3', '4:3', '3:4', '16:9', '9:16', '21:9'] as const;
export type Ratio = (typeof RATIOS)[number];

/** The amounts on offer, in units of 1024 × 1024 pixels. */
export const MEGAPIXELS = [1, 2, 4, 8] as const;
export type Megapixels = (typeof MEGAPIXELS)[number];
const MEGAPIXEL = 1024 * 1024;
/** Largest factor between an amount and a size labelled with it. */
const TOLERANCE = 1.35;

/** The reduced ratio: 21:9 is 7:3. */
function partsOf(ratio: Ratio): [across: number, down: number] {
  const [across = 1, down = 1] = ratio.split(':').map(Number);
  let [a, b] = [across, down];
  while (b > 0) [a, b] = [b, a % b];
  return [across / a, down / a];
}

/** The allowed size of exactly this ratio that is nearest to the amount; null where none is within the tolerance. */
export function presetSize(ratio: Ratio, megapixels: Megapixels, rule: FreeRule, maxPixels = Infinity): string | null {
  const [across, down] = partsOf(ratio);
  const step = rule.multipleOf === 1 ? 16 : rule.multipleOf;
  const wanted = megapixels * MEGAPIXEL;
  let best: { size: string; off: number } | null = null;
  for (let times = 1; across * step * times <= 16_384 && down * step * times <= 16_384; times += 1) {
    const [width, height] = [across * step * times, down * step * times];
    const off = Math.max((width * height) / wanted, wanted / (width * height));
    if (off > TOLERANCE || width * height > maxPixels || (best && best.off <= off)) continue;
    const size = `${width}x${height}`;
    if (checkSize(size, rule) === null) best = { size, off };
  }
  return best?.size ?? null;
}

/** The offered ratio and amount that match a size; ratio null for none. */
export function presetForSize(size: string): { ratio: Ratio | null; megapixels: Megapixels } {
  const parsed = parseSize(size);
  if (!parsed) return { ratio: null, megapixels: 1 };
  const { width, height } = parsed;
  const ratio = RATIOS.find((candidate) => {
    const [across, down] = partsOf(candidate);
    return width * down === height * across;
  });
  const off = (amount: number): number => Math.abs(Math.log((width * height) / (amount * MEGAPIXEL)));
  const nearest = MEGAPIXELS.reduce((best, amount) => (off(amount) < off(best) ? amount : best));
  return { ratio: ratio ?? null, megapixels: nearest };
}

/** Width and height swapped; other text is returned unchanged. */
export function swapOrientation(size: string): string {
  const parsed = parseSize(size);
  return parsed ? `${parsed.height}x${parsed.width}` : size;
}

/** Fixes for a GIF beyond its pixel budget: fewer frames, or a smaller size. */
export function gifFixes(
  size: string,
  frames: number,
  rule: SizeRule,
  gif: GifRule,
): { frames: number | null; size: string | null } {
  const parsed = parseSize(size);
  if (!parsed || parsed.width * parsed.height * frames <= gif.maxPixels) return { frames: null, size: null };
  const fewer = Math.floor(gif.maxPixels / (parsed.width * parsed.height));
  const budget = Math.floor(gif.maxPixels / frames);
  const smaller =
    rule.kind === 'free' && budget >= rule.minPixels ? nearestSize(size, { ...rule, maxPixels: budget }) : null;
  return { frames: fewer >= gif.frames.min ? fewer : null, size: smaller };
}
