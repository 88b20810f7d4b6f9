import fc from '../../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { nextBrushSize, nextSoftness, sliderReach } from '../../../../renderer/canvas/tools/brush-size.ts';
import { readSettings } from '../../../../renderer/canvas/tools/stored-tool-settings.ts';
import { markedLabel } from '../../../../renderer/canvas/mask/marked-label.ts';
import { boundsOf, extendPath } from '../../../../renderer/canvas/geometry/points.ts';
import { combineFromKeys, overlaps, DragShapeKeys, dragRect } from '../../../../renderer/canvas/tools/drag-shape.ts';
import { snapAngle } from '../../../../renderer/canvas/geometry/snap-angle.ts';
import { TOOL_GROUPS, TOOL_TABLE, toolOfKey } from '../../../../renderer/canvas/tools/tool-table.ts';
import { TOOLS } from '../../../../renderer/canvas/tools/tool.ts';
import { ToolSettings } from '../../../../renderer/canvas/tools/ToolSettings.svelte.ts';
import type { Point } from '../../../../renderer/stage/geometry.ts';

const place = fc.record({ x: fc.integer({ min: -5000, max: 5000 }), y: fc.integer({ min: -5000, max: 5000 }) });
const plain = { square: false, centred: false };

describe('a shape', () => {
  test('reaches from corner to corner in whole pixels, in any direction', () => {
    expect(dragRect({ x: 10.4, y: 10.6 }, { x: 3.5, y: 20.2 }, plain)).toEqual({
      left: 4,
      top: 11,
      width: 6,
      height: 9,
    });
  });

  test('is as wide as high with Shift, and centred on its start with Alt', () => {
    fc.assert(
      fc.property(place, place, fc.boolean(), (from: Point, to: Point, centred: boolean) => {
        const { width, height } = dragRect(from, to, { square: true, centred });
        expect(width).toBe(height);
        const round = dragRect(from, to, { square: false, centred: true });
        expect({ x: round.left + round.width / 2, y: round.top + round.height / 2 }).toEqual(from);
      }),
      { numRuns: 100 },
    );
  });

  test('outside the image or without width it marks nothing', () => {
    const image = { left: 0, top: 0, width: 100, height: 100 };
    expect(overlaps({ left: 90, top: 90, width: 50, height: 50 }, image)).toBe(true);
    expect(overlaps({ left: 100, top: 0, width: 50, height: 50 }, image)).toBe(false);
    expect(overlaps({ left: 10, top: 10, width: 0, height: 50 }, image)).toBe(false);
  });
});

describe('keys at the press of a shape', () => {
  const keys = (shift: boolean, alt: boolean) => ({ shift, alt });

  test('Shift adds and Alt subtracts, for any setting', () => {
    expect(combineFromKeys(keys(true, false), 'subtract')).toBe('add');
    expect(combineFromKeys(keys(false, true), 'add')).toBe('subtract');
    expect(combineFromKeys(keys(false, false), 'subtract')).toBe('subtract');
  });

  test('a key that changed the mode constrains the shape only when pressed again', () => {
    const alt = new DragShapeKeys(keys(false, true), 'add');
    expect(alt.bend(keys(false, true))).toEqual(plain);
    expect(alt.bend(keys(false, false))).toEqual(plain);
    expect(alt.bend(keys(false, true))).toEqual({ square: false, centred: true });
    expect(alt.combine).toBe('subtract');
  });

  test('a key that changed nothing constrains it from the start', () => {
    expect(new DragShapeKeys(keys(true, false), 'add').bend(keys(true, false))).toEqual({
      square: true,
      centred: false,
    });
  });
});

test('a snapped line is horizontal, vertical or diagonal, and ends as near as possible', () => {
  expect(snapAngle({ x: 0, y: 0 }, { x: 10, y: 2 })).toEqual({ x: 10, y: 0 });
  fc.assert(
    fc.property(place, place, (from: Point, to: Point) => {
      const { x, y } = snapAngle(from, to);
      const [across, down] = [Math.abs(x - from.x), Math.abs(y - from.y)];
      expect(Math.min(across, down, Math.abs(across - down))).toBeLessThan(0.001);
      const off = Math.hypot(x - to.x, y - to.y);
      expect(off).toBeLessThanOrEqual(Math.hypot(from.x - to.x, from.y - to.y) * Math.sin(Math.PI / 8) + 0.001);
    }),
    { numRuns: 100 },
  );
});

test('a freehand line is rounded to hundredths and drops points that are too near', () => {
  const path: Point[] = [];
  extendPath(
    path,
    [
      { x: 1.23456, y: 0 },
      { x: 1.3, y: 0 },
      { x: 3, y: 4 },
    ],
    0.5,
  );
  expect(path).toEqual([
    { x: 1.23, y: 0 },
    { x: 3, y: 4 },
  ]);
  expect(boundsOf(path)).toEqual({ left: 1.23, top: 0, width: 1.77, height: 4 });
  expect(boundsOf([])).toEqual({ left: 0, top: 0, width: 0, height: 0 });
});

test('the label tells the marked share', () => {
  expect(markedLabel(0, 1000)).toBe('Nothing marked');
  expect(markedLabel(1000, 1000)).toBe('Whole image marked');
  expect(markedLabel(114, 1000)).toBe('11.4% marked');
});

test('a brush grows and shrinks by an eighth, at least one pixel, within its limits', () => {
  expect([nextBrushSize(96, 1), nextBrushSize(96, -1), nextBrushSize(2, -1)]).toEqual([108, 84, 1]);
  expect([nextBrushSize(1, -1), nextBrushSize(999, 1)]).toEqual([1, 1000]);
  expect([nextSoftness(0.2, 1), nextSoftness(0, -1), nextSoftness(1, 1)]).toEqual([0.3, 0, 1]);
  expect(sliderReach({ width: 3840, height: 2160 }, 96)).toBe(544);
  expect(sliderReach({ width: 100, height: 100 }, 800)).toBe(800);
});

test('every tool is in the rail once, with its own letter', () => {
  expect(TOOL_GROUPS.flat().toSorted()).toEqual([...TOOLS].toSorted());
  expect(new Set(TOOLS.map((name) => TOOL_TABLE[name].key)).size).toBe(TOOLS.length);
  expect([toolOfKey('b'), toolOfKey('X'), toolOfKey('q')]).toEqual(['brush', 'extend', null]);
});

describe('settings', () => {
  test('are stored', () => {
    localStorage.clear();
    const settings = new ToolSettings();
    settings.brushSize = 41;
    settings.maskColour = '#3d9bff';
    settings.keep();
    expect(new ToolSettings()).toMatchObject({ brushSize: 41, maskColour: '#3d9bff', softness: 0.2 });
  });

  test('with one invalid keep the others', () => {
    const kept = { brushSize: -3, softness: 'soft', tolerance: 12, colour: 'red', ratio: null, unknown: 1 };
    localStorage.setItem('emulsion.canvas.tools', JSON.stringify(kept));
    expect(readSettings()).toEqual({ tolerance: 12, ratio: null });
    localStorage.setItem('emulsion.canvas.tools', '{"brushSize":');
    expect(readSettings()).toEqual({});
  });
});
