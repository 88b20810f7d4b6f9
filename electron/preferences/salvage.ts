import * as v from 'valibot';
import type { ProfileId } from '../contract/entities/ids.ts';
import type { DamagedField } from '../contract/entities/settings-damage.ts';

/** A field that couldn't be read. */
export interface FieldDamage {
  field: DamagedField;
  of: string | null;
  profileId: ProfileId | null;
}

/** Notes a damaged field. */
export type Report = (field: DamagedField) => void;

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one value; one that doesn't fit its schema is noted and replaced. */
export function readField<S extends v.GenericSchema, F>(
  [schema, value, field]: readonly [schema: S, value: unknown, field: DamagedField],
  fallback: F,
  report: Report,
): v.InferOutput<S> | F {
  const read = v.safeParse(schema, value);
  if (read.success) return read.output;
  report(field);
  return fallback;
}

/** Reads an optional value: a missing one is undefined and no damage. */
export function readOptional<S extends v.GenericSchema>(
  [schema, value, field]: readonly [schema: S, value: unknown, field: DamagedField],
  report: Report,
): v.InferOutput<S> | undefined {
  return value === undefined ? undefined : readField([schema, value, field], undefined, report);
}

/** Reads a record entry by entry; damaged entries are left out and noted once. Undefined if it is missing or no record. */
export function readEntries<T>(
  value: unknown,
  field: DamagedField,
  { read, report }: { read: (value: unknown, name: string) => T | undefined; report: Report },
): Record<string, T> | undefined {
  if (value === undefined) return undefined;
  if (!isFields(value)) {
    report(field);
    return undefined;
  }
  const entries = Object.entries(value).flatMap(([name, held]) => {
    const entry = read(held, name);
    return entry === undefined ? [] : [[name, entry] as const];
  });
  if (entries.length < Object.keys(value).length) report(field);
  return Object.fromEntries(entries);
}

/** The fields of an object without those that are nested too deeply to be written again. */
export function writableFields(json: Fields): Fields {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => isWritable(value)));
}

function isWritable(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
