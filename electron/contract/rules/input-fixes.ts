import type { InputPicture } from '../entities.ts';
import { inputRuleOf, type InputDemand, type InputMend } from './input-rules.ts';
import type { InputRule } from '../catalogue/models.ts';
import type { Preparation } from '../entities/input-preparation.ts';

/** How a picture that is no square becomes one. */
export type SquareChoice = 'crop' | 'pad';

/** The longest edge that any model makes: more than that of an input is more than it can use. */
export const USEFUL_EDGE = 3840;

type Wish = Omit<Preparation, 'sha256'>;

/**
 * What `inputs.prepare` is asked to do to mend one fault. Whatever else the rule wants is done in the same turn, so that a picture is
 * encoded once.
 */
export function preparationFor(
  mend: Exclude<InputMend, 'fit-mask' | 'remove'>,
  input: Pick<InputPicture, 'sha256' | 'format' | 'hasAlpha' | 'width' | 'height'>,
  demand: InputDemand,
  square: SquareChoice = 'crop',
): Preparation {
  const rule = inputRuleOf(demand.operation, demand.model);
  return { sha256: input.sha256, ...wish(mend, input, rule), ...shape(input, rule, square) };
}

function wish(mend: InputMend, input: Pick<InputPicture, 'format' | 'hasAlpha'>, rule: InputRule | null): Wish {
  const same = stillFormat(input.format);
  const format = rule && !rule.formats.includes(same) ? 'png' : same;
  const below = rule ? { below: rule.below } : {};
  if (mend === 'scale-down') return { format, longestEdge: USEFUL_EDGE, ...below };
  if (mend === 're-encode' && format === input.format && rule && rule.formats.length > 1) {
    return { format: input.hasAlpha ? 'webp' : 'jpeg', ...below };
  }
  return { format, ...below };
}

function stillFormat(format: InputPicture['format']): 'png' | 'jpeg' | 'webp' {
  return format === 'jpeg' || format === 'webp' ? format : 'png';
}

function shape(
  { width, height }: Pick<InputPicture, 'width' | 'height'>,
  rule: InputRule | null,
  square: SquareChoice,
): Pick<Wish, 'square'> {
  return rule?.square && width !== height ? { square } : {};
}
