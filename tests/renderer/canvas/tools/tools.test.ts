import { describe, expect, test } from 'vitest';
import { createTool } from '../../../../renderer/canvas/stage/create-tool.ts';
import {
  clearMask,
  commitShape,
  featherMask,
  fillMask,
  growMask,
  invertMask,
  shrinkMask,
} from '../../../../renderer/canvas/tools/mask-commands.ts';
import type { Tool, ToolName, ToolPointer } from '../../../../renderer/canvas/tools/tool.ts';
import type { Point } from '../../../../renderer/stage/geometry.ts';
import { bench, pointer, type Bench } from './tool-context.ts';

function take(name: ToolName, options: Parameters<typeof bench>[0] = {}): Bench & { tool: Tool } {
  const it = bench(options);
  it.settings.brushSize = 4;
  it.settings.softness = 0;
  return { ...it, tool: createTool(name, it.context) };
}

function drag(tool: Tool, [from, ...to]: Point[], keys: Partial<ToolPointer> = {}): void {
  if (!from) return;
  tool.down(pointer(from, keys));
  for (const place of to) tool.move(pointer(place, keys));
  tool.up(pointer(to.at(-1) ?? from, keys));
}

const names = ({ document }: Bench): string[] => document.steps.map(({ name }) => name);
const count = ({ document }: Bench): number => document.mask.marked;

describe('brush', () => {
  test('a stroke is shown while it is drawn and is one step', () => {
    const it = take('brush');
    it.tool.down(pointer({ x: 4, y: 6 }));
    expect(it.tool.busy).toBe(true);
    expect(count(it)).toBeGreaterThan(0);
    it.tool.move(pointer({ x: 12, y: 6 }));
    expect(it.touched.length).toBe(2);
    expect(names(it)).toEqual([]);
    it.tool.up(pointer({ x: 12, y: 6 }));
    expect(names(it)).toEqual(['Brush']);
    expect(it.mask()[6]).toBe('..############..');
    expect(it.said.at(-1)).toMatch(/^Brush\. \d/u);
    it.document.undo();
    expect(count(it)).toBe(0);
  });

  test('cancelled, it leaves no pixels and no step', () => {
    const it = take('brush');
    it.tool.down(pointer({ x: 4, y: 6 }));
    it.tool.cancel();
    it.tool.move(pointer({ x: 9, y: 6 }));
    it.tool.up(pointer({ x: 9, y: 6 }));
    expect([count(it), names(it), it.tool.busy]).toEqual([0, [], false]);
  });

  test('with Shift a click draws a straight line from the last point', () => {
    const it = take('brush');
    drag(it.tool, [{ x: 2, y: 6 }]);
    drag(it.tool, [{ x: 14, y: 6 }], { shift: true });
    expect(it.mask()[6]).toBe('################');
    expect(names(it)).toEqual(['Brush', 'Brush']);
  });

  test('a pen’s pressure makes it thinner, unless switched off; a mouse has none', () => {
    const marked = (change: Partial<ToolPointer>, pressure = true): number => {
      const it = take('brush');
      it.settings.pressure = pressure;
      drag(it.tool, [{ x: 8, y: 6 }], change);
      return count(it);
    };
    const whole = marked({ type: 'mouse', pressure: 1 });
    expect(marked({ type: 'pen', pressure: 0.4 })).toBeLessThan(whole);
    expect(marked({ type: 'pen', pressure: 0.4 }, false)).toBe(whole);
  });

  test('outside the image it is not a step', () => {
    const it = take('brush');
    drag(it.tool, [
      { x: -50, y: -50 },
      { x: -40, y: -50 },
    ]);
    expect(names(it)).toEqual([]);
  });
});

test('the eraser clears', () => {
  const it = take('eraser');
  fillMask(it.context);
  drag(it.tool, [
    { x: 0, y: 6 },
    { x: 16, y: 6 },
  ]);
  expect(it.mask()[6]).toBe('................');
  expect(it.mask()[0]).toBe('################');
  expect(names(it)).toEqual(['Fill', 'Eraser']);
});

describe('rectangle and ellipse', () => {
  test('are outlined during the drag and marked on release', () => {
    const it = take('rectangle');
    it.tool.down(pointer({ x: 2, y: 2 }));
    it.tool.move(pointer({ x: 6, y: 5 }));
    expect(it.tool.preview).toEqual({ kind: 'rectangle', rect: { left: 2, top: 2, width: 4, height: 3 } });
    expect(count(it)).toBe(0);
    it.tool.up(pointer({ x: 6, y: 5 }));
    expect([it.tool.preview, it.tool.busy]).toEqual([null, false]);
    expect([count(it), it.mask()[2]]).toEqual([12, '..####..........']);
  });

  test('Alt subtracts; Escape cancels; a click alone does nothing', () => {
    const it = take('ellipse');
    fillMask(it.context);
    const all = count(it);
    const round = [
      { x: 4, y: 2 },
      { x: 12, y: 10 },
    ];
    drag(it.tool, round, { alt: true });
    expect(count(it)).toBeLessThan(all);
    const left = count(it);
    it.tool.down(pointer({ x: 0, y: 0 }, { alt: true }));
    it.tool.move(pointer({ x: 9, y: 9 }, { alt: true }));
    it.tool.cancel();
    drag(it.tool, [{ x: 3, y: 3 }]);
    expect([count(it), names(it)]).toEqual([left, ['Fill', 'Ellipse']]);
  });
});

test('the lasso closes automatically', () => {
  const it = take('lasso');
  drag(it.tool, [
    { x: 2, y: 2 },
    { x: 10, y: 2 },
    { x: 10, y: 8 },
    { x: 2, y: 8 },
  ]);
  expect([count(it), names(it)]).toEqual([48, ['Lasso']]);
  drag(it.tool, [{ x: 2, y: 2 }]);
  expect(names(it)).toEqual(['Lasso']);
});

describe('polygon', () => {
  const corners = [
    { x: 2, y: 2 },
    { x: 300, y: 2 },
    { x: 300, y: 150 },
    { x: 2, y: 150 },
  ];
  const large = { width: 320, height: 160 };
  const click = (tool: Tool, at: Point, change: Partial<ToolPointer> = {}): void => {
    tool.down(pointer(at, change));
    tool.up(pointer(at, change));
  };
  const whole = 298 * 148;

  test.each([
    ['a double click', (tool: Tool) => click(tool, { x: 2, y: 150 }, { clicks: 2 })],
    ['Enter', (tool: Tool) => tool.complete()],
    ['a click on the first corner', (tool: Tool) => click(tool, { x: 5, y: 5 })],
  ])('%s closes it', (_words, close) => {
    const it = take('polygon', large);
    for (const corner of corners) click(it.tool, corner);
    expect(it.tool.busy).toBe(true);
    close(it.tool);
    expect([it.tool.busy, names(it), count(it)]).toEqual([false, ['Polygon'], whole]);
  });

  test('Backspace removes a corner, Shift snaps to 45°, Escape cancels', () => {
    const it = take('polygon', large);
    click(it.tool, { x: 2, y: 2 });
    click(it.tool, { x: 200, y: 9 }, { shift: true });
    expect(it.tool.preview).toMatchObject({ points: [{ x: 2, y: 2 }, { x: 200, y: 2 }, { y: 2 }] });
    expect(it.tool.key?.(new KeyboardEvent('keydown', { key: 'Backspace' }))).toBe(true);
    it.tool.move(pointer({ x: 50, y: 90 }));
    expect(it.tool.preview).toMatchObject({
      points: [
        { x: 2, y: 2 },
        { x: 50, y: 90 },
      ],
    });
    it.tool.cancel();
    expect([it.tool.busy, it.tool.preview, names(it)]).toEqual([false, null, []]);
  });
});

describe('similar colour', () => {
  const halves = (): ImageData => {
    const data = new ImageData(16, 12);
    data.data.fill(255);
    for (let y = 0; y < 12; y += 1) for (let x = 0; x < 8; x += 1) data.data[(y * 16 + x) * 4] = 10;
    return data;
  };

  test('one click marks a similar colour; with Alt it clears it', () => {
    const it = take('similar', { pixels: halves() });
    it.tool.down(pointer({ x: 3.7, y: 3.2 }));
    expect(it.mask()[5]).toBe('########........');
    it.tool.down(pointer({ x: 12, y: 3 }));
    expect(count(it)).toBe(192);
    it.tool.down(pointer({ x: 3, y: 3 }, { alt: true }));
    expect(it.mask()[5]).toBe('........########');
  });

  test('before the image is loaded, and outside it, nothing happens, and this is announced', () => {
    const it = take('similar');
    it.tool.down(pointer({ x: 3, y: 3 }));
    expect(it.said).toEqual(['The image is still loading.']);
    const other = take('similar', { pixels: halves() });
    other.tool.down(pointer({ x: 99, y: 3 }));
    expect(names(other)).toEqual([]);
  });
});

test('commands on the whole mask are named steps, and announce what is marked', () => {
  const it = take('brush', { width: 64, height: 64 });
  const { context } = it;
  expect(commitShape(context, 'rectangle', 'add', { left: 20, top: 20, width: 20, height: 20 })).toBe(true);
  growMask(context, 4);
  expect(count(it)).toBeGreaterThan(400);
  shrinkMask(context, 4);
  featherMask(context, 3);
  invertMask(context);
  clearMask(context);
  fillMask(context);
  expect(names(it)).toEqual(['Rectangle', 'Grow', 'Shrink', 'Feather', 'Invert', 'Clear', 'Fill']);
  expect(it.said.slice(-2)).toEqual(['Clear. Nothing marked.', 'Fill. Whole image marked.']);
  expect(commitShape(context, 'ellipse', 'add', { left: 64, top: 0, width: 9, height: 9 })).toBe(false);
});
