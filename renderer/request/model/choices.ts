import type { Model, SizeRule } from '../../../electron/contract/catalogue/models.ts';
import {
  BACKGROUNDS,
  EFFORTS,
  FORMATS,
  QUALITIES,
  type OutputFormat,
  type Quality,
} from '../../../electron/contract/catalogue/parameters.ts';
import { formatLabel } from '../../../electron/contract/rules/parameter-rules.ts';
import { parseSize } from '../../../electron/contract/rules/size-rules.ts';
import type { SegmentedOption, SelectOption } from '../../shared/controls/choice.ts';
import { parameterValueLabel, ratioLabel, sizeLabel } from '../../state/parameter-labels.ts';

const GPT_QUALITIES: readonly Quality[] = ['auto', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The qualities. Those that the model doesn't support are disabled, with the reason. */
export function qualityChoices(model: Model): SegmentedOption<Quality>[] {
  const dalle = !model.qualities.includes('low');
  const initial: readonly Quality[] = dalle
    ? ['auto', 'standard', 'hd']
    : model.qualities.length > 6
      ? QUALITIES
      : GPT_QUALITIES;
  return initial.map((value) => {
    const taken = value === 'auto' || model.qualities.includes(value);
    return choice(value, qualityLabel(value), taken, `Not supported by ${model.name}`);
  });
}

/** Short enough for a segmented control. */
function qualityLabel(quality: Quality): string {
  return quality === 'medium' ? 'Med' : parameterValueLabel('quality', quality);
}

/** All formats. Those that the model doesn't support are disabled, with the reason. */
export function formatChoices(model: Model): SegmentedOption<OutputFormat>[] {
  return FORMATS.map((value) => {
    const label = parameterValueLabel('output_format', value);
    return choice(value, label, model.formats.includes(value), `Not supported by ${model.name}`);
  });
}

/** All backgrounds. Those that the model or the format doesn't support are disabled, with the reason. */
export function backgroundChoices(model: Model, format: OutputFormat): SegmentedOption<(typeof BACKGROUNDS)[number]>[] {
  return BACKGROUNDS.map((value) => {
    const label = value === 'transparent' ? 'Clear' : parameterValueLabel('background', value);
    const flat = value === 'transparent' && format !== 'png' && format !== 'webp';
    if (flat) return choice(value, label, false, `${formatLabel(format)} doesn’t support transparency`);
    const taken = value === 'auto' || model.backgrounds.includes(value);
    return choice(value, label, taken, `Not supported by ${model.name}`);
  });
}

/** Reasoning efforts of the model that writes the SVG. Which are supported depends on that model. */
export function effortChoices(): SelectOption<'auto' | (typeof EFFORTS)[number]>[] {
  return [
    { value: 'auto', label: 'Auto', hint: 'default' },
    ...EFFORTS.map((value) => ({ value, label: parameterValueLabel('effort', value) })),
  ];
}

/** `reason` is shown where the choice isn't supported. */
function choice<T extends string>(value: T, label: string, taken: boolean, reason: string): SegmentedOption<T> {
  return taken ? { value, label } : { value, label, disabled: true, reason };
}

/** The menu's entry for a typed size; not a size itself. */
export const CUSTOM_SIZE = '__own__';

/** The size menu: `auto`, the rule's sizes, and a custom size where the rule allows one. */
export function sizeChoices(sizes: SizeRule): SelectOption<string>[] {
  const listed = sizes.kind === 'list' ? sizes.sizes : sizes.presets;
  const offered = [...new Set(['auto', ...listed])].map((size) => {
    const parsed = parseSize(size);
    return {
      value: size,
      label: sizeLabel(size),
      hint: parsed ? ratioLabel(parsed.width, parsed.height) : 'server decides',
    };
  });
  return sizes.kind === 'free' ? [...offered, { value: CUSTOM_SIZE, label: 'Custom size…' }] : offered;
}
