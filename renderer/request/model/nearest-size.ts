import type { SizeRule } from '../../../electron/contract/catalogue/models.ts';
import { checkSize, parseSize } from '../../../electron/contract/rules/size-rules.ts';

/** The nearest size that the rule allows, as `WIDTHxHEIGHT`; null for none. */
export function nearestSize(size: string, rule: SizeRule): string | null {
  const parsed = parseSize(size);
  if (!parsed || rule.kind === 'list') return null;
  const step = rule.multipleOf;
  const down = (value: number): number => Math.max(step, Math.floor(value / step) * step);
  const up = (value: number): number => Math.max(step, Math.ceil(value / step) * step);

  let width = Math.min(Math.round(parsed.width / step) * step || step, down(rule.maxEdge));
  let height = Math.min(Math.round(parsed.height / step) * step || step, down(rule.maxEdge));
  width = Math.max(width, up(height / rule.maxRatio));
  height = Math.max(height, up(width / rule.maxRatio));
  if (width * height > rule.maxPixels) {
    const shrink = Math.sqrt(rule.maxPixels / (width * height));
    [width, height] = [down(width * shrink), down(height * shrink)];
  }
  if (width * height < rule.minPixels) {
    const grow = Math.sqrt(rule.minPixels / (width * height));
    [width, height] = [up(width * grow), up(height * grow)];
  }
  const fixed = `${width}x${height}`;
  return fixed !== size && checkSize(fixed, rule) === null ? fixed : null;
}
