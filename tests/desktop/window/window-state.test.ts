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
  test('the first time: in the middle of the first display', () => {
    expect(placeWindow(null, [LAPTOP])).toEqual({ x: 280, y: 80, width: 1360, height: 880, maximized: false });
  });

  test('where it was, on any display that is still there', () => {
    expect(placeWindow(saved, [LAPTOP])).toEqual(saved);
    const left = { ...saved, x: -2000, y: -150, maximized: true };
    expect(placeWindow(left, [LAPTOP, LEFT_OF_IT])).toEqual(left);
  });

  test('back on the first display when its own has gone', () => {
    const lost = placeWindow({ ...saved, x: -2000, y: -150 }, [LAPTOP]);
    expect(lost).toEqual({ x: 360, y: 120, width: 1200, height: 800, maximized: false });
  });

  test('pulled back when its top bar hangs out of the display', () => {
    expect(placeWindow({ ...saved, x: 1700, y: 980 }, [LAPTOP])).toEqual({ ...saved, x: 720, y: 240 });
    expect(placeWindow({ ...saved, y: -500 }, [LAPTOP])).toEqual({ ...saved, x: 360, y: 120 });
  });

  test('as small as the display where the least size does not fit', () => {
    const netbook = { x: 0, y: 0, width: 800, height: 560 };
    expect(placeWindow(saved, [netbook])).toEqual({ x: 0, y: 0, width: 800, height: 560, maximized: false });
    expect(placeWindow(null, [netbook])).toMatchObject({ width: 800, height: 560 });
  });

  test('whatever was saved, the window lies wholly inside one display', () => {
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

describe('the file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emulsion-window-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('keeps the state, and leaves nothing else behind', async () => {
    const file = join(folder, 'new', 'window.json');
    await writeWindowState(file, saved);
    await writeWindowState(file, { ...saved, x: 7 });
    expect(await readWindowState(file)).toEqual({ ...saved, x: 7 });
    expect(await readdir(join(folder, 'new'))).toEqual(['window.json']);
    expect((await readFile(file, 'utf8')).endsWith('}\n')).toBe(true);
  });

  test('of many saves at once the last one stays, and none disturbs another', async () => {
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

  test('two programs that save at once do not disturb each other', async () => {
    const file = join(folder, 'window.json');
    await Promise.all(Array.from({ length: 25 }, (_, x) => writeWindowState(file, { ...saved, x })));
    expect(await readWindowState(file)).toMatchObject({ width: 1200 });
    expect(await readdir(folder)).toEqual(['window.json']);
  });

  test('a save that fails is told, and the next one is tried', async () => {
    const file = join(folder, 'in the way', 'window.json');
    await writeFile(join(folder, 'in the way'), '');
    const place = createWindowStateStore(file);
    place.follow(() => saved);
    await expect(place.save()).rejects.toThrow();
    await rm(join(folder, 'in the way'));
    await place.save();
    expect(await readWindowState(file)).toEqual(saved);
  });

  test.each(['', '{', 'null', '[]', '{"x":1}', '{"x":"1","y":0,"width":900,"height":700,"maximized":false}'])(
    'is as good as none when it holds %j',
    async (text) => {
      const file = join(folder, 'window.json');
      await writeFile(file, text);
      expect(await readWindowState(file)).toBeNull();
    },
  );

  test('is none when it is not there', async () => {
    expect(await readWindowState(join(folder, 'window.json'))).toBeNull();
  });
});
