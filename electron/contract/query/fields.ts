import {
  HAS_VALUES,
  IS_VALUES,
  LIKENESS_FIELDS,
  RANGE_FIELDS,
  VALUE_FIELDS,
  type LikenessField,
  type RangeField,
  type ValueField,
} from '../entities/query.ts';

export type Field = ValueField | RangeField | LikenessField;
export const FIELDS: readonly Field[] = [...VALUE_FIELDS, ...RANGE_FIELDS, ...LIKENESS_FIELDS];

/** Other spellings that are understood. `printQuery` writes the field's own name. */
const ALIASES: ReadonlyMap<string, Field> = new Map([
  ['operation', 'op'],
  ['collection', 'in'],
  ['profile', 'server'],
  ['stars', 'rating'],
  ['tags', 'tag'],
  ['aspect', 'ratio'],
]);
const BY_NAME: ReadonlyMap<string, Field> = new Map([...FIELDS.map((field) => [field, field] as const), ...ALIASES]);

/** @returns the field of a typed name, in any case or width; undefined for a name that isn't one */
export function fieldNamed(name: string): Field | undefined {
  return BY_NAME.get(name.normalize('NFKC').toLowerCase());
}

export function isValueField(field: Field): field is ValueField {
  return (VALUE_FIELDS as readonly string[]).includes(field);
}

export function isRangeField(field: Field): field is RangeField {
  return (RANGE_FIELDS as readonly string[]).includes(field);
}

/** Stands for images without a value: `tag:none`. */
export const NONE = 'none';

/** Fields whose values are known beforehand. */
export const KNOWN_VALUES: Partial<Record<ValueField, readonly string[]>> = {
  op: ['create', 'edit', 'variation'],
  is: IS_VALUES,
  has: HAS_VALUES,
};

const VALUE_ALIASES: ReadonlyMap<string, string> = new Map([
  ['favorite', 'favourite'],
  ['fav', 'favourite'],
  ['reject', 'rejected'],
  ['tags', 'tag'],
]);

/** Short names of programs. */
const PROGRAM_ALIASES: ReadonlyMap<string, string> = new Map([
  ['a1111', 'Automatic1111'],
  ['draw-things', 'Draw Things'],
  ['drawthings', 'Draw Things'],
  ['invoke', 'InvokeAI'],
  ['playground', 'GPT Image Playground'],
]);

/** A value as the language writes it: sizes as `WxH`, fixed values in lower case, programs by their names. */
export function tidyValue(field: ValueField, value: string): string {
  if (field === 'size' || field === 'asked') return value.replace(/^(\d+)\s*[x×*]\s*(\d+)$/iu, '$1x$2');
  if (field === 'source') return PROGRAM_ALIASES.get(value.toLowerCase()) ?? value;
  if (KNOWN_VALUES[field] === undefined) return value;
  const lower = value.toLowerCase();
  return field === 'is' || field === 'has' ? (VALUE_ALIASES.get(lower) ?? lower) : lower;
}
