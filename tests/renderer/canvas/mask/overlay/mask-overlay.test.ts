import fc from '../../../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { MaskEngine } from '../../../../../renderer/canvas/mask/MaskEngine.ts';
import { MaskOverlay } from '../../../../../renderer/canvas/mask/overlay/MaskOverlay.ts';
import type { MaskOperation } from '../../../../../renderer/canvas/mask/operations/mask-operation.ts';
import type { Camera, View } from '../../../../../renderer/stage/camera.ts';
import type { Rect } from '../../../../../renderer/stage/geometry.ts';
import { operation, SIZE } from '../arbitraries.ts';

const LOOK = { colour: '#ff8000', opacity: 0.26 };
const VIEW: View = { width: 120, height: 80, dpr: 1 };
const WHOLE: Camera = { scale: 0.5, centre: { x: 75, y: 45 } };

function overlay(): { canvas: HTMLCanvasElement; overlay: MaskOverlay; alphaAt: (x: number, y: number) => number } {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const alphaAt = (x: number, y: number): number => context?.getImageData(x, y, 1, 1).data[3] ?? -1;
  return { canvas, overlay: new MaskOverlay(canvas), alphaAt };
}

function bytesOf(canvas: HTMLCanvasElement): Uint8ClampedArray {
  const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (!data) throw new Error('There are no pixels.');
  return data;
}

function engineOf(...ops: MaskOperation[]): MaskEngine {
  const engine = new MaskEngine(SIZE);
  engine.become(ops);
  return engine;
}

function rectangle(left: number, top: number, width: number, height: number): MaskOperation {
  return { kind: 'rectangle', combine: 'add', rect: { left, top, width, height } };
}

describe('what is drawn', () => {
  test('is as large as the view in device pixels, for any image size', () => {
    const { canvas, overlay: drawn } = overlay();
    drawn.draw(engineOf(), WHOLE, { ...VIEW, dpr: 1.5 }, LOOK);
    expect([canvas.width, canvas.height]).toEqual([180, 120]);
  });

  test('is the area, a hatch over it and a line along the edge; nothing where unmarked', () => {
    const { overlay: drawn, alphaAt, canvas } = overlay();
    // On the canvas from 30 to 90 across and from 20 to 60 down.
    drawn.draw(engineOf(rectangle(15, 5, 120, 80)), WHOLE, VIEW, LOOK);
    const row = Array.from({ length: 40 }, (_none, x) => alphaAt(40 + x, 40));
    expect(Math.min(...row)).toBe(Math.round(0.26 * 255));
    expect(Math.max(...row)).toBe(Math.round((1 - 0.74 * 0.38) * 255));
    expect(alphaAt(30, 40)).toBeGreaterThan(235);
    expect(alphaAt(29, 40)).toBeGreaterThan(110);
    expect([alphaAt(27, 40), alphaAt(5, 5), alphaAt(60, 65)]).toEqual([0, 0, 0]);
    expect([...bytesOf(canvas).subarray((40 * 120 + 30) * 4, (40 * 120 + 30) * 4 + 3)]).toEqual([255, 128, 0]);
  });

  test('the hatch has one pitch on the screen at every zoom, and goes with the image', () => {
    const pitchAt = (camera: Camera): number[] => {
      const { overlay: drawn, alphaAt } = overlay();
      drawn.draw(engineOf({ kind: 'fill' }), camera, VIEW, LOOK);
      const row = Array.from({ length: 120 }, (_none, x) => alphaAt(x, 40));
      return row.flatMap((alpha, x) => (alpha > 150 && (row[x - 1] ?? 255) <= 150 ? [x] : []));
    };
    for (const scale of [2, 5, 31]) {
      const starts = pitchAt({ scale, centre: { x: 75, y: 45 } });
      expect(new Set(starts.slice(1).map((x, index) => x - (starts[index] ?? 0)))).toEqual(new Set([14]));
    }
    const [first] = pitchAt({ scale: 5, centre: { x: 75, y: 45 } });
    const [moved] = pitchAt({ scale: 5, centre: { x: 74, y: 45 } });
    expect(((moved ?? 0) - (first ?? 0) + 14) % 14).toBe(5);
  });

  test('a soft mask fades with its levels, but is hatched only where it is marked', () => {
    const { overlay: drawn, alphaAt } = overlay();
    const soft: MaskOperation = { kind: 'stroke', combine: 'add', size: 80, softness: 1, points: [75, 45, 1] };
    drawn.draw(engineOf(soft), { scale: 1, centre: { x: 75, y: 45 } }, VIEW, LOOK);
    const outside = Array.from({ length: 12 }, (_none, x) => alphaAt(60 + 24 + x, 40));
    expect(outside.every((alpha, x) => alpha <= (outside[x - 1] ?? 255))).toBe(true);
    expect(outside[0]).toBeGreaterThan(5);
  });
});

test('redrawing a part gives the same image as redrawing everything', () => {
  const cameras = fc.record({
    scale: fc.constantFrom(0.4, 0.73, 1, 2.6),
    centre: fc.record({ x: fc.integer({ min: 0, max: 150 }), y: fc.double({ min: 0, max: 90, noNaN: true }) }),
  });
  const property = fc.property(
    fc.array(operation, { maxLength: 3 }),
    operation,
    cameras,
    fc.constantFrom(1, 2),
    (ops, last, camera, dpr) => {
      const engine = engineOf(...ops);
      const view = { ...VIEW, dpr };
      const [partly, whole] = [overlay(), overlay()];
      partly.overlay.draw(engine, camera, view, LOOK);
      const part: Rect = engine.become([...ops, last]);
      partly.overlay.draw(engine, camera, view, { ...LOOK, part });
      whole.overlay.draw(engine, camera, view, LOOK);
      const [one, other] = [bytesOf(partly.canvas), bytesOf(whole.canvas)];
      const wrong = one.findIndex((byte, at) => byte !== other[at]);
      expect(
        wrong === -1 ? null : { x: (wrong / 4) % partly.canvas.width, y: Math.floor(wrong / 4 / partly.canvas.width) },
      ).toBeNull();
    },
  );
  fc.assert(property, { numRuns: 60 });
});

test('another camera, size or colour redraws everything, also if a part is given', () => {
  const engine = engineOf(rectangle(15, 5, 120, 80));
  const nothing = { left: 0, top: 0, width: 0, height: 0 };
  const [again, fresh] = [overlay(), overlay()];
  again.overlay.draw(engine, WHOLE, VIEW, LOOK);
  const look = { colour: 'rgb(0 128 255)', opacity: 0.5 };
  const camera = { scale: 0.6, centre: { x: 60, y: 50 } };
  again.overlay.draw(engine, camera, { ...VIEW, width: 100 }, { ...look, part: nothing });
  fresh.overlay.draw(engine, camera, { ...VIEW, width: 100 }, look);
  expect(bytesOf(again.canvas)).toEqual(bytesOf(fresh.canvas));
});

test('without a part, nothing of the previous mask is left, also of a larger image', () => {
  const [again, fresh] = [overlay(), overlay()];
  const small = new MaskEngine({ width: 20, height: 10 });
  small.become([{ kind: 'fill' }]);
  again.overlay.draw(engineOf(rectangle(15, 5, 120, 80)), WHOLE, VIEW, LOOK);
  again.overlay.draw(small, WHOLE, VIEW, LOOK);
  fresh.overlay.draw(small, WHOLE, VIEW, LOOK);
  expect(bytesOf(again.canvas)).toEqual(bytesOf(fresh.canvas));
});
