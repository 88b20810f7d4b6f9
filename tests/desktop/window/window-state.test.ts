import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from '../../fast-check.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createWindowStateStore,
  placeWindow,
  readWindowState,
  writeWindowState,
  type Area,
} from '../../../electron/desktop/window/window-state.ts';

const LAPTOP: Area = { x: 0, y: 0, width: 1920, height: 1040 };
const LEFT_OF_IT: Area = { x: -2560, y: -200, width: 2560, height: 1440 };
const saved = { x: 100, y: 80, width: 1200, height: 800, maximized: false };

describe('placeWindow', () => {
  test('centres on the first display without a saved state', () => {
    expect(placeWindow(null, [LAPTOP])).toEqual({ x: 280, y: 80, width: 1360, height: 880, maximized: false });
  });

  test('restores the bounds on a connected display', () => {
    expect(placeWindow(saved, [LAPTOP])).toEqual(saved);
    const left = { ...saved, x: -2000, y: -150, maximized: true };
    expect(placeWindow(left, [LAPTOP, LEFT_OF_IT])).toEqual(left);
  });

  test('moves to the first display if its display is disconnected', () => {
    const lost = placeWindow({ ...saved, x: -2000, y: -150 }, [LAPTOP]);
    expect(lost).toEqual({ x: 360, y: 120, width: 1200, height: 800, maximized: false });
  });

  test('moves into the display if the top bar is outside', () => {
    expect(placeWindow({ ...saved, x: 1700, y: 980 }, [LAPTOP])).toEqual({ ...saved, x: 720, y: 240 });
    expect(placeWindow({ ...saved, y: -500 }, [LAPTOP])).toEqual({ ...saved, x: 360, y: 120 });
  });

  test('shrinks to a display below the minimum size', () => {
    const netbook = { x: 0, y: 0, width: 800, height: 560 };
    expect(placeWindow(saved, [netbook])).toEqual({ x: 0, y: 0, width: 800, height: 560, maximized: false });
    expect(placeWindow(null, [netbook])).toMatchObject({ width: 800, height: 560 });
  });

  test('fits any saved state entirely into one display', () => {
    const edge = fc.integer({ min: -10_000, max: 10_000 });
    const size = fc.integer({ min: 0, max: 10_000 });
    const area = fc.record({
      x: edge,
      y: edge,
      width: fc.integer({ min: 640, max: 6000 }),
      height: fc.integer({ min: 480, max: 4000 }),
    });
    const state = fc.record({ x: edge, y: edge, width: size, height: size, maximized: fc.boolean() });
    fc.assert(
      fc.property(fc.option(state), fc.array(area, { minLength: 1, maxLength: 4 }), (before, areas) => {
        const now = placeWindow(before, areas);
        return areas.some(
          (display) =>
            now.x >= display.x &&
            now.y >= display.y &&
            now.x + now.width <= display.x + display.width &&
            now.y + now.height <= display.y + display.height &&
            now.width >= Math.min(880, display.width) &&
            now.height >= Math.min(600, display.height),
        );
      }),
    );
  });
});

describe('window state file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulsion-window-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('stores the state and leaves no other file', async () => {
    const file = join(folder, 'new', 'window.json');
    await writeWindowState(file, saved);
    await writeWindowState(file, { ...saved, x: 7 });
    expect(await readWindowState(file)).toEqual({ ...saved, x: 7 });
    expect(await readdir(join(folder, 'new'))).toEqual(['window.json']);
    expect((await readFile(file, 'utf8')).endsWith('}\n')).toBe(true);
  });

  test('keeps the last of many concurrent saves', async () => {
    const file = join(folder, 'window.json');
    const place = createWindowStateStore(file);
    await place.save();
    expect(await readdir(folder)).toEqual([]);
    let x = 0;
    place.follow(() => ({ ...saved, x: (x += 1) }));
    await Promise.all(Array.from({ length: 25 }, () => place.save()));
    expect(await readWindowState(file)).toEqual({ ...saved, x: 25 });
    expect(await readdir(folder)).toEqual(['window.json']);
  });

  test('allows two processes to save concurrently', async () => {
    const file = join(folder, 'window.json');
    await Promise.all(Array.from({ length: 25 }, (_, x) => writeWindowState(file, { ...saved, x })));
    expect(await readWindowState(file)).toMatchObject({ width: 1200 });
    expect(await readdir(folder)).toEqual(['window.json']);
  });

  test('rejects a failed save and tries the next one', async () => {
    const file = join(folder, 'in the way', 'window.json');
    await writeFile(join(folder, 'in the way'), '');
    const place = createWindowStateStore(file);
    place.follow(() => saved);
    await expect(place.save()).rejects.toThrow();
    await rm(join(folder, 'in the way'));
    await place.save();
    expect(await readWindowState(file)).toEqual(saved);
  });

  test.each([
    ['x', { width: 900, height: 700, maximized: true }],
    ['y', { width: 900, height: 700, maximized: true }],
    ['width', { x: 40, y: 50, height: 700, maximized: true }],
    ['height', { x: 40, y: 50, width: 900, maximized: true }],
    ['maximized', { x: 40, y: 50, width: 900, height: 700 }],
  ])('a damaged %s costs itself only, and the window is on the screen', async (name, rest) => {
    const file = join(folder, 'window.json');
    const whole = { x: 40, y: 50, width: 900, height: 700, maximized: true };
    const screen = { x: 0, y: 0, width: 1920, height: 1040 };
    for (const value of [undefined, null, 'NaN', 1e308, 0.5, {}, [], '1']) {
      await writeFile(file, JSON.stringify({ ...whole, [name]: value }));
      const placed = placeWindow(await readWindowState(file), [screen]);
      expect(placed).toMatchObject(rest);
      expect(placed.x).toBeGreaterThanOrEqual(0);
      expect(placed.y).toBeGreaterThanOrEqual(0);
    }
  });

  test.each(['', '{', 'null', '[]', '7'])('is ignored if it contains %j', async (text) => {
    const file = join(folder, 'window.json');
    await writeFile(file, text);
    expect(await readWindowState(file)).toBeNull();
  });

  test('is null if it doesn’t exist', async () => {
    expect(await readWindowState(join(folder, 'window.json'))).toBeNull();
  });
});
