import * as v from 'valibot';
import { COMBINES } from '../mask/operations/mask-operation.ts';
import { BRUSH_SIZES } from './brush-size.ts';

const KEY = 'emulsion.canvas.tools';

const within = (min: number, max: number) => v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max));
const whole = (min: number, max: number) => v.pipe(within(min, max), v.integer());
const colour = v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/u));

/** The stored settings with their valid values. Keys are stored names. */
const SETTINGS = {
  brushSize: within(BRUSH_SIZES.min, BRUSH_SIZES.max),
  softness: within(0, 1),
  pressure: v.boolean(),
  combine: v.picklist(COMBINES),
  tolerance: whole(0, 255),
  contiguous: v.boolean(),
  distance: whole(1, 256),
  maskColour: colour,
  maskOpacity: within(0, 1),
  colour,
  lineWidth: within(1, 1000),
  textSize: within(1, 2000),
  ratio: v.nullable(within(0.01, 100)),
  overlap: whole(0, 512),
} as const;

export type StoredToolSettings = { -readonly [Name in keyof typeof SETTINGS]: v.InferOutput<(typeof SETTINGS)[Name]> };

/** Reads the stored settings; missing and invalid ones are left out. */
export function readSettings(storage: Storage = localStorage): Partial<StoredToolSettings> {
  const kept = parse(load(storage));
  const entries = Object.entries(SETTINGS).filter(([name, schema]) => v.is(schema, kept[name]));
  return Object.fromEntries(entries.map(([name]) => [name, kept[name]]));
}

export function writeSettings(settings: StoredToolSettings, storage: Storage = localStorage): void {
  const entries = Object.keys(SETTINGS).map((name) => [name, settings[name as keyof StoredToolSettings]]);
  try {
    storage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)));
  } catch {
    // Storage is full or switched off: settings are lost at the next start.
  }
}

function load(storage: Storage): string | null {
  try {
    return storage.getItem(KEY);
  } catch {
    return null;
  }
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
