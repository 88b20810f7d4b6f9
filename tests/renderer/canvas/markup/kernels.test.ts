import fc from '../../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { maskOrMarkupNote } from '../../../../renderer/canvas/request/mask-or-markup-note.ts';
import { markAt, touches } from '../../../../renderer/canvas/markup/hit-test.ts';
import {
  fitMark,
  isVisibleMark,
  markBounds,
  marksBounds,
  moveMark,
} from '../../../../renderer/canvas/markup/mark-bounds.ts';
import { dragHandle, handlesOf } from '../../../../renderer/canvas/markup/mark-handles.ts';
import { markName } from '../../../../renderer/canvas/markup/mark-names.ts';
import { numbersOf, withNumber } from '../../../../renderer/canvas/markup/mark-numbers.ts';
import { pathOf } from '../../../../renderer/canvas/markup/mark-path.ts';
import type { Mark } from '../../../../renderer/canvas/document/mark.ts';
import { markBetween, markInView, penMark, constrainEnd } from '../../../../renderer/canvas/markup/new-mark.ts';
import { MARK_COLOURS } from '../../../../renderer/canvas/tools/ToolSettings.svelte.ts';
import { ARROW, BOX, CIRCLE, MARKS, PEN, TEXT } from './marks.ts';

const style = { colour: MARK_COLOURS[0], lineWidth: 8, textSize: 48 };
const round = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, part: unknown) => (typeof part === 'number' ? Math.round(part) : part));

describe('paths', () => {
  test('of box and circle are closed', () => {
    expect(pathOf({ ...BOX } as Extract<Mark, { kind: 'box' | 'circle' }>)).toBe('M200 20h80v60h-80z');
    expect(pathOf({ ...CIRCLE } as Extract<Mark, { kind: 'box' | 'circle' }>)).toBe(
      'M200 140A40 30 0 1 1 280 140A40 30 0 1 1 200 140z',
    );
  });

  test('of a pen go smoothly from the first point to the last, also for a dot', () => {
    if (PEN.kind !== 'pen') throw new Error('No pen.');
    expect(pathOf(PEN)).toBe('M20 20Q40 60 65 60Q90 60 105 45L120 30');
    expect(pathOf({ ...PEN, points: [5, 6] })).toBe('M5 6l0.01 0');
    expect(pathOf({ ...PEN, points: [] })).toBe('');
  });

  test('of an arrow bend upwards unless it is vertical, and its head is at its end', () => {
    if (ARROW.kind !== 'arrow') throw new Error('No arrow.');
    expect(pathOf(ARROW)).toMatch(/^M20 150Q80 126 140 150M/u);
    expect(pathOf({ ...ARROW, to: { x: 20, y: 20 } })).toMatch(/^M20 150Q20 85 20 20M/u);
    expect(pathOf({ ...ARROW, from: ARROW.to, to: ARROW.from })).toMatch(/^M140 150Q80 126 20 150M/u);
    const head = /L(140 150)L/u.exec(pathOf(ARROW));
    expect(head?.[1]).toBe('140 150');
  });
});

describe('hit testing', () => {
  test('on a line within the tolerance, and on text; not inside a box or circle', () => {
    expect(markAt(MARKS, { x: 200, y: 50 }, 4)).toBe(BOX);
    expect(markAt(MARKS, { x: 240, y: 50 }, 4)).toBeNull();
    expect(markAt(MARKS, { x: 240, y: 110 }, 4)).toBe(CIRCLE);
    expect(markAt(MARKS, { x: 202, y: 112 }, 4)).toBeNull();
    expect(markAt(MARKS, { x: 80, y: 138 }, 4)).toBe(ARROW);
    expect(markAt(MARKS, { x: 80, y: 152 }, 4)).toBeNull();
    expect(markAt(MARKS, { x: 64, y: 66 }, 4)).toBe(PEN);
    expect(markAt(MARKS, { x: 30, y: 220 }, 0)).toBe(TEXT);
    expect(touches(BOX, { x: 190, y: 50 }, 5)).toBe(false);
    expect(touches(BOX, { x: 190, y: 50 }, 6)).toBe(true);
  });

  test('the topmost of several', () => {
    const above = { ...BOX, id: 'above' };
    expect(markAt([BOX, above], { x: 200, y: 50 }, 4)).toBe(above);
  });
});

const by = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) });
const anyMark = fc.constantFrom<Mark>(...MARKS);

test('moving a mark moves its bounds, and moving it back restores it', () => {
  fc.assert(
    fc.property(anyMark, by, (mark, along) => {
      const [before, after] = [markBounds(mark), markBounds(moveMark(mark, along))];
      expect(after.left - before.left).toBeCloseTo(along.x, 6);
      expect(after.top - before.top).toBeCloseTo(along.y, 6);
      expect(round(moveMark(moveMark(mark, along), { x: -along.x, y: -along.y }))).toEqual(round(mark));
    }),
    { numRuns: 60 },
  );
});

test('a mark fits a rectangle; a text keeps its proportions', () => {
  const part = { left: 10, top: 10, width: 300, height: 200 };
  for (const mark of [PEN, BOX, CIRCLE]) expect(round(markBounds(fitMark(mark, part)))).toEqual(part);
  const text = fitMark(TEXT, part);
  expect(markBounds(text).height).toBeCloseTo(200, 1);
  expect(markBounds(text).width / 200).toBeCloseTo(markBounds(TEXT).width / markBounds(TEXT).height, 2);
  const upright = fitMark({ ...PEN, points: [5, 5, 5, 50] } as Mark, part);
  expect(upright).toMatchObject({ points: [10, 10, 10, 210] });
});

describe('handles', () => {
  test('of an arrow are its ends; with Shift it stays straight', () => {
    expect(handlesOf(ARROW).map(({ handle }) => handle)).toEqual(['from', 'to']);
    expect(dragHandle(ARROW, 'to', { x: 120, y: 20 }, false)).toMatchObject({
      from: { x: 20, y: 150 },
      to: { x: 120, y: 20 },
    });
    expect(round(dragHandle(ARROW, 'from', { x: 30, y: 155 }, true))).toMatchObject({ from: { x: 30, y: 150 } });
  });

  test('of a box are around it; the far side stays, also when it is turned over', () => {
    expect(handlesOf(BOX)).toHaveLength(8);
    expect(dragHandle(BOX, 'se', { x: 300, y: 100 }, false)).toMatchObject({
      rect: { left: 200, top: 20, width: 100, height: 80 },
    });
    expect(dragHandle(BOX, 'e', { x: 150, y: 999 }, false)).toMatchObject({
      rect: { left: 150, top: 20, width: 50, height: 60 },
    });
    expect(dragHandle(BOX, 'nw', { x: 120, y: 20 }, true)).toMatchObject({
      rect: { left: 120, top: -40, width: 160, height: 120 },
    });
  });

  test('of a text make it larger', () => {
    const [corner] = handlesOf(TEXT);
    if (!corner) throw new Error('No handle.');
    const larger = dragHandle(TEXT, corner.handle, { x: 20, y: 200 + 2 * (corner.at.y - 200) }, false);
    expect(larger).toMatchObject({ at: { x: 20, y: 200 }, size: 60 });
  });
});

test('every mark has a name of its own', () => {
  const marks = [ARROW, { ...ARROW, id: 'other', colour: '#1f9d55' }, TEXT, { ...BOX, colour: '#123456' }] as Mark[];
  expect(marks.map((mark) => markName(mark, marks))).toEqual([
    'Arrow 1, red',
    'Arrow 2, green',
    'Text 1, red: two lines',
    'Box 1, #123456',
  ]);
  expect(markName({ ...TEXT, text: 'x'.repeat(99) } as Mark, [])).toHaveLength('Text 1, red: '.length + 40);
});

test('numbers say where a mark is, and put it elsewhere', () => {
  expect(numbersOf(BOX).map(({ label, value }) => `${label} ${value}`)).toEqual([
    'X 200',
    'Y 20',
    'Width 80',
    'Height 60',
  ]);
  expect(withNumber(BOX, 'width', 100)).toMatchObject({ rect: { left: 200, width: 100 } });
  expect(withNumber(BOX, 'height', -5)).toMatchObject({ rect: { height: 1 } });
  expect(withNumber(ARROW, 'toY', 7)).toMatchObject({ to: { x: 140, y: 7 } });
  expect(withNumber(TEXT, 'size', 99)).toMatchObject({ size: 99, at: { x: 20, y: 200 } });
  for (const mark of MARKS) {
    for (const { key, value } of numbersOf(mark)) expect(round(withNumber(mark, key, value))).toEqual(round(mark));
  }
});

describe('new marks', () => {
  test('go from press to release; with Shift as wide as high, or in eighths of a turn', () => {
    expect(markBetween('box', { x: 30, y: 40 }, { x: 10, y: 10 }, style)).toMatchObject({
      rect: { left: 10, top: 10, width: 20, height: 30 },
      width: 8,
    });
    expect(constrainEnd('circle', { x: 0, y: 0 }, { x: -10, y: 4 })).toEqual({ x: -10, y: 10 });
    expect(round(constrainEnd('arrow', { x: 0, y: 0 }, { x: 10, y: 2 }))).toEqual({ x: 10, y: 0 });
    expect(penMark([{ x: 1.23456, y: 2 }], style).points).toEqual([1.23, 2]);
  });

  test('in sight lie in the middle of what is seen of the image', () => {
    const view = { width: 400, height: 300, dpr: 1 };
    const camera = { scale: 1, centre: { x: 0, y: 0 } };
    const box = markInView('box', { width: 1000, height: 800 }, camera, view, style);
    expect(markBounds(box)).toEqual({ left: 81, top: 56, width: 38, height: 38 });
    const far = { scale: 1, centre: { x: 9000, y: 0 } };
    expect(markBounds(markInView('arrow', { width: 1000, height: 800 }, far, view, style)).left).toBe(400);
  });

  test('without length or words are none', () => {
    const place = { x: 5, y: 5 };
    for (const kind of ['arrow', 'box', 'circle', 'text'] as const) {
      expect(isVisibleMark(markBetween(kind, place, place, style))).toBe(false);
    }
    expect(MARKS.every(isVisibleMark)).toBe(true);
    expect(marksBounds([])).toMatchObject({ width: 0, height: 0 });
    expect(marksBounds([BOX])).toEqual({ left: 196, top: 16, width: 88, height: 68 });
  });
});

describe('markup or mask', () => {
  const takes = { name: 'gpt-image-2.6-sunburst', markup: true };
  const both = { hasMask: true, hasMarks: true, model: takes };

  test('what stays here is named, with what brings it back', () => {
    expect(maskOrMarkupNote({ ...both, goesOut: 'markup' })).toBe(
      'A request can include marks or a mask, not both. The marks will be sent. Your mask is kept: choose a mask tool or clear the marks to send it.',
    );
    expect(maskOrMarkupNote({ ...both, goesOut: 'mask' })).toMatch(/The mask will be sent\. Your marks are kept/u);
  });

  test('nothing is said where nothing stays', () => {
    expect(maskOrMarkupNote({ ...both, hasMarks: false, goesOut: 'mask' })).toBeNull();
    expect(maskOrMarkupNote({ ...both, hasMask: false, goesOut: 'markup' })).toBeNull();
  });

  test('a model without markup is named', () => {
    const model = { name: 'gpt-image-2', markup: false };
    expect(maskOrMarkupNote({ ...both, goesOut: 'mask', model })).toBe(
      'Markup isn’t supported by gpt-image-2. Your marks are kept for models that support it.',
    );
  });
});
