import type { SizeRule } from '../catalogue/models.ts';

/** Parses `WIDTHxHEIGHT` in pixels; null for any other text, `auto` included. */
export function parseSize(size: string): { width: number; height: number } | null {
  const match = /^([1-9]\d{0,5})x([1-9]\d{0,5})$/u.exec(size);
  return match ? { width: Number(match[1]), height: Number(match[2]) } : null;
}

/** Returns why a size violates a rule, as a sentence, or null if it's valid. */
export function checkSize(size: string, rule: SizeRule): string | null {
  if (rule.kind === 'list') {
    return rule.sizes.includes(size) ? null : `Supported sizes: ${rule.sizes.join(', ')}.`;
  }
  if (size === 'auto') return null;
  const parsed = parseSize(size);
  if (!parsed) return 'Enter a size like 1536x1024, or auto.';
  const { width, height } = parsed;
  const pixels = width * height;
  if (width % rule.multipleOf !== 0 || height % rule.multipleOf !== 0) {
    return `Width and height must be divisible by ${rule.multipleOf}.`;
  }
  if (Math.max(width, height) > rule.maxEdge) return `The longest edge can be at most ${rule.maxEdge} pixels.`;
  if (Math.max(width, height) > rule.maxRatio * Math.min(width, height)) {
    return `The long edge can be at most ${rule.maxRatio} times the short one.`;
  }
  if (pixels < rule.minPixels)
    return `At least ${rule.minPixels.toLocaleString('en')} pixels; this is ${pixels.toLocaleString('en')}.`;
  if (pixels > rule.maxPixels)
    return `At most ${rule.maxPixels.toLocaleString('en')} pixels; this is ${pixels.toLocaleString('en')}.`;
  return null;
}
