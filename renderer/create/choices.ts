import { MODELS, type Model } from '../../electron/contract/models.ts';
import {
  BACKGROUNDS,
  FORMATS,
  QUALITIES,
  type OutputFormat,
  type Quality,
} from '../../electron/contract/parameters.ts';
import { parseSize } from '../../electron/contract/rules.ts';
import type { SegmentedOption, SelectOption } from '../shared/option.ts';
import { parameterWord, ratioWord, sizeWord } from '../state/parameter-words.ts';

const GPT_QUALITIES: readonly Quality[] = ['auto', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The qualities of a row or a menu, with the chosen one. What the model lacks stays visible, off, with the reason. */
export function qualityChoices(model: Model, chosen: Quality): SegmentedOption<Quality>[] {
  const dalle = !model.qualities.includes('low');
  const usual: readonly Quality[] = dalle
    ? ['auto', 'standard', 'hd']
    : model.qualities.length > 6
      ? QUALITIES
      : GPT_QUALITIES;
  const offered = usual.includes(chosen) ? usual : [...usual, chosen];
  return offered.map((value) => {
    const taken = value === 'auto' || model.qualities.includes(value);
    const label = value === 'medium' ? 'Med' : parameterWord('quality', value);
    return choice(value, label, taken, `${model.name} does not know it`);
  });
}

/** All formats; those that the model does not make are off, with the reason. */
export function formatChoices(model: Model): SegmentedOption<OutputFormat>[] {
  return FORMATS.map((value) => {
    const label = parameterWord('output_format', value);
    return choice(value, label, model.formats.includes(value), `${model.name} does not make ${label}`);
  });
}

/** All backgrounds; those that the model does not make, or the format cannot hold, are off, with the reason. */
export function backgroundChoices(model: Model, format: OutputFormat): SegmentedOption<(typeof BACKGROUNDS)[number]>[] {
  return BACKGROUNDS.map((value) => {
    const label = value === 'transparent' ? 'Clear' : parameterWord('background', value);
    if (value === 'transparent' && format === 'jpeg') return choice(value, label, false, 'JPEG has no transparency');
    const taken = value === 'auto' || model.backgrounds.includes(value);
    return choice(value, label, taken, `${model.name} does not make it`);
  });
}

/** `reason` is said where the choice is not taken. */
function choice<T extends string>(value: T, label: string, taken: boolean, reason: string): SegmentedOption<T> {
  return taken ? { value, label } : { value, label, disabled: true, reason };
}

/** Stands for a size or a name that a person writes. Not a size, and no server's model. */
export const OWN = '__own__';

/** The sizes of a model's menu: `auto`, what it offers, and a size of one's own where it takes one. */
export function sizeChoices(model: Model): SelectOption<string>[] {
  const { sizes } = model;
  const listed = sizes.kind === 'list' ? sizes.sizes : sizes.presets;
  const offered = [...new Set(['auto', ...listed])].map((size) => {
    const parsed = parseSize(size);
    return {
      value: size,
      label: sizeWord(size),
      hint: parsed ? ratioWord(parsed.width, parsed.height) : 'the server decides',
    };
  });
  return sizes.kind === 'free' ? [...offered, { value: OWN, label: 'Other size…' }] : offered;
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** The models that can create, those that go away apart, and a name of one's own for other servers. */
export function modelChoices(now: number): SelectOption<string>[] {
  const models = MODELS.filter(({ operations }) => operations.includes('create')).map(
    ({ name, shutdown }): SelectOption<string> => {
      if (shutdown === null) return { value: name, label: name };
      const gone = Date.parse(shutdown) <= now;
      const date = day.format(Date.parse(shutdown));
      return { value: name, label: name, hint: date, group: gone ? 'Shut down at OpenAI' : 'Going away' };
    },
  );
  return [...models, { value: OWN, label: 'Another name…', group: 'Other servers' }];
}

const DAY = 86_400_000;

/** What to know before a model that goes away is used; null for one that stays. */
export function shutdownNote({ shutdown, successor }: Model, now: number): string | null {
  if (shutdown === null) return null;
  const days = Math.ceil((Date.parse(shutdown) - now) / DAY);
  const next = successor ? ` Next: ${successor}.` : '';
  if (days <= 0)
    return `Shut down at OpenAI since ${day.format(Date.parse(shutdown))}; other servers may go on.${next}`;
  return `Shuts down ${day.format(Date.parse(shutdown))}, in ${days} ${days === 1 ? 'day' : 'days'}.${next}`;
}
