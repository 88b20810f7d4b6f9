import type { InputImage } from '../entities/inputs.ts';
import { inputRuleOf, type InputRequirements, type InputFix } from './input-rules.ts';
import type { InputRule } from '../catalogue/models.ts';
import type { InputPreparation } from '../entities/input-preparation.ts';

/** How an image is made square. */
export type SquareMethod = 'crop' | 'pad';

/** The longest edge that any model outputs, px. Larger inputs bring no benefit. */
export const MAX_USEFUL_EDGE = 3840;

type PreparationOptions = Omit<InputPreparation, 'sha256'>;

/**
 * Returns the options of `inputs.prepare` that fix one problem. Also applies the rule's other requirements, so the image is encoded only
 * once.
 */
export function preparationForFix(
  fix: Exclude<InputFix, 'fit-mask' | 'remove'>,
  input: Pick<InputImage, 'sha256' | 'format' | 'hasAlpha' | 'width' | 'height'>,
  demand: InputRequirements,
  square: SquareMethod = 'crop',
): InputPreparation {
  const rule = inputRuleOf(demand.operation, demand.model);
  return { sha256: input.sha256, ...preparationOptions(fix, input, rule), ...shape(input, rule, square) };
}

function preparationOptions(
  fix: InputFix,
  input: Pick<InputImage, 'format' | 'hasAlpha'>,
  rule: InputRule | null,
): PreparationOptions {
  const same = stillFormat(input.format);
  const format = rule && !rule.formats.includes(same) ? 'png' : same;
  const below = rule ? { below: rule.below } : {};
  if (fix === 'scale-down') return { format, longestEdge: MAX_USEFUL_EDGE, ...below };
  if (fix === 'convert') return { format, ...below };
  if (fix === 're-encode' && format === input.format && rule && rule.formats.length > 1) {
    return { format: input.hasAlpha ? 'webp' : 'jpeg', ...below };
  }
  return { format, ...below };
}

function stillFormat(format: InputImage['format']): 'png' | 'jpeg' | 'webp' {
  return format === 'jpeg' || format === 'webp' ? format : 'png';
}

function shape(
  { width, height }: Pick<InputImage, 'width' | 'height'>,
  rule: InputRule | null,
  square: SquareMethod,
): Pick<PreparationOptions, 'square'> {
  return rule?.square && width !== height ? { square } : {};
}
