import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { createFolder, writeFileAtomic } from '../../disk/durable-file.ts';

/** In device-independent pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The window's bounds when not maximized, and whether it was maximized. */
export interface WindowState extends Area {
  maximized: boolean;
}

export const MIN_WIDTH = 880;
export const MIN_HEIGHT = 600;
const DEFAULT_WIDTH = 1360;
const DEFAULT_HEIGHT = 880;
/** On no display: such a window is centred. */
const NOWHERE = Number.MIN_SAFE_INTEGER;
const whole = v.pipe(v.number(), v.safeInteger());
/** A damaged field costs itself only. */
const WindowStateSchema = v.object({
  x: v.fallback(whole, NOWHERE),
  y: v.fallback(whole, NOWHERE),
  width: v.fallback(whole, DEFAULT_WIDTH),
  height: v.fallback(whole, DEFAULT_HEIGHT),
  maximized: v.fallback(v.boolean(), false),
});

/** The part of the top bar that must be visible so that the window can be dragged. */
const MIN_VISIBLE_TITLE_BAR = { width: 160, height: 44 };

/**
 * Returns where the window opens: its former bounds, fitted into the display that shows most of it; centred on the first display if
 * there are none or no display would show its top bar.
 * @param workAreas of all displays, the primary one first
 */
export function placeWindow(saved: WindowState | null, workAreas: readonly Area[]): WindowState {
  const home = workAreas[0] ?? { x: 0, y: 0, width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT };
  const best = saved && workAreas.find((area) => showsTitleBar(saved, area));
  if (!saved || !best) {
    const width = clamp(saved?.width ?? DEFAULT_WIDTH, MIN_WIDTH, home.width);
    const height = clamp(saved?.height ?? DEFAULT_HEIGHT, MIN_HEIGHT, home.height);
    const x = home.x + Math.round((home.width - width) / 2);
    return {
      x,
      y: home.y + Math.round((home.height - height) / 2),
      width,
      height,
      maximized: saved?.maximized ?? false,
    };
  }
  const width = clamp(saved.width, MIN_WIDTH, best.width);
  const height = clamp(saved.height, MIN_HEIGHT, best.height);
  return {
    x: clamp(saved.x, best.x, best.x + best.width - width),
    y: clamp(saved.y, best.y, best.y + best.height - height),
    width,
    height,
    maximized: saved.maximized,
  };
}

/** On a display below the minimum size the window is made smaller, so that it stays movable. */
function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

function showsTitleBar(window: Area, area: Area): boolean {
  const across = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const above =
    window.y >= area.y - MIN_VISIBLE_TITLE_BAR.height / 2 &&
    window.y + MIN_VISIBLE_TITLE_BAR.height <= area.y + area.height;
  return across >= MIN_VISIBLE_TITLE_BAR.width && above;
}

/** Returns the saved state, or null if there is none or it can't be read. */
export async function readWindowState(file: string): Promise<WindowState | null> {
  try {
    const json: unknown = JSON.parse(await readFile(file, 'utf8'));
    const parsed = v.safeParse(WindowStateSchema, Array.isArray(json) ? null : json);
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Atomic: after a crash the file holds the old or the new state. */
export async function writeWindowState(file: string, state: WindowState): Promise<void> {
  await createFolder(dirname(file));
  await writeFileAtomic(file, `${JSON.stringify(state)}\n`);
}

export interface WindowStateStore {
  /** Sets the function that returns the current state; it returns null if there is none to save. */
  follow(read: () => WindowState | null): void;
  /** Saves the current state after pending writes. Rejects if it can't be written. */
  save(): Promise<void>;
}

/** Saves the window's state in a file. Writes are serialized, so the last one is the latest. */
export function createWindowStateStore(file: string): WindowStateStore {
  let read = (): WindowState | null => null;
  let last = Promise.resolve();
  return {
    follow(reader) {
      read = reader;
    },
    save() {
      const state = read();
      const saved = last.then(() => (state ? writeWindowState(file, state) : undefined));
      last = saved.catch(() => undefined); // the caller hears of it; the next one is tried
      return saved;
    },
  };
}
