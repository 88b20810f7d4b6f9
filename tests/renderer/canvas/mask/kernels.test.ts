import fc from '../../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { packBits, unpackBits } from '../../../../renderer/canvas/mask/pixels/bits.ts';
import { boundsOf, type Coverage } from '../../../../renderer/canvas/mask/pixels/coverage.ts';
import { stampDab } from '../../../../renderer/canvas/mask/operations/dab.ts';
import { feather } from '../../../../renderer/canvas/mask/operations/feather.ts';
import { grow } from '../../../../renderer/canvas/mask/operations/grow.ts';
import { spreadDistances } from '../../../../renderer/canvas/mask/operations/grow-distances.ts';
import { runsOf, spreadRuns } from '../../../../renderer/canvas/mask/operations/grow-runs.ts';
import { drawEllipse, drawPolygon, drawRectangle } from '../../../../renderer/canvas/mask/operations/shapes.ts';
import { selectSimilar } from '../../../../renderer/canvas/mask/operations/similar.ts';
import { drawStroke } from '../../../../renderer/canvas/mask/operations/stroke.ts';
import type { Rect } from '../../../../renderer/stage/geometry.ts';
import { blots, blotted, brush, corners, places, rect, SIZE } from './arbitraries.ts';

const { width, height } = SIZE;
const COUNT = width * height;

function empty(): Coverage {
  return { size: SIZE, coverage: new Uint8Array(COUNT) };
}

/** What a kernel makes, and whether it wrote only where it had told that it would. */
function made(before: Uint8Array, kernel: (mask: Coverage, touch: (part: Rect) => void) => unknown): Uint8Array {
  const mask = { size: SIZE, coverage: before.slice() };
  const told = new Uint8Array(COUNT);
  kernel(mask, ({ left, top, width: wide, height: high }) => {
    expect(left >= 0 && top >= 0 && left + wide <= width && top + high <= height).toBe(true);
    for (let y = top; y < top + high; y += 1) told.fill(1, y * width + left, y * width + left + wide);
  });
  const wrong = mask.coverage.findIndex((byte, at) => byte !== before[at] && told[at] === 0);
  expect(wrong, 'the first pixel that was written without a word').toBe(-1);
  return mask.coverage;
}

/** The same by asking of each pixel's middle. */
function drawn(inside: (x: number, y: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: COUNT }, (_none, at) =>
    inside((at % width) + 0.5, Math.floor(at / width) + 0.5) ? 255 : 0,
  );
}

function check<T>(values: fc.Arbitrary<T>, property: (value: T) => void, numRuns = 60): void {
  fc.assert(fc.property(values, property), { numRuns });
}

/** Fails with the place of the first difference, which is more use than a list of bytes. */
function expectSame(one: Uint8Array, other: Uint8Array): void {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  expect(
    at === -1 ? 'the same' : { at, x: at % width, y: Math.floor(at / width), one: one[at], other: other[at] },
  ).toBe('the same');
}

describe('brush', () => {
  test('a dab falls off by its softness; paint only raises and erasing only lowers pixels', () => {
    check(fc.tuple(places, brush, blots), ([[x = 0, y = 0], { size, softness, combine }, seed]) => {
      const before = blotted(SIZE, seed);
      const radius = size / 2;
      const mask = { size: SIZE, coverage: before.slice() };
      stampDab(mask, { x, y, radius, softness }, combine);
      const naive = before.map((old, at) => {
        const [column, row] = [at % width, Math.floor(at / width)];
        const away = Math.sqrt((column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2);
        const isMiddle = column === Math.floor(x) && row === Math.floor(y);
        // Softness goes by 4096 steps of the distance's square.
        const step = Math.floor((away * away * 4096) / (radius * radius) + 0.5) / 4096;
        const isWhole = isMiddle || away <= radius * (1 - softness);
        const part = isWhole ? 1 : Math.max(0, Math.min(1, (1 - Math.sqrt(step)) / softness));
        const amount = away > radius && !isMiddle ? 0 : Math.floor(255 * part * part * (3 - 2 * part) + 0.5);
        return combine === 'add' ? Math.max(old, amount) : Math.min(old, 255 - amount);
      });
      // A middle that lies on the very edge may fall to either side by the last bit of a root.
      const wrong = mask.coverage.filter((byte, at) => Math.abs(byte - (naive[at] ?? 0)) > 1).length;
      expect(wrong).toBeLessThanOrEqual(8);
    });
  });

  test('a hard stroke covers everything within its radius, and nothing farther away', () => {
    const way = fc.tuple(places, fc.double({ min: 3, max: 50, noNaN: true }));
    check(way, ([points, size]) => {
      const line = points.map((value, at) => (at % 3 === 2 ? 1 : value));
      const hard = { combine: 'add' as const, size, softness: 0 };
      const stroke = made(new Uint8Array(COUNT), (mask, touch) => drawStroke(mask, hard, line, touch));
      const distances = drawnDistance(line);
      const near = stroke.findIndex((byte, at) => byte === 0 && (distances[at] ?? 0) < size / 2 - 0.1);
      const far = stroke.findIndex((byte, at) => byte !== 0 && (distances[at] ?? 0) > size / 2 + 0.001);
      expect([near, far]).toEqual([-1, -1]);
    });
  });

  test('a stroke in pieces gives the same bytes as at once', () => {
    check(fc.tuple(places, brush, blots), ([points, set, seed]) => {
      const before = blotted(SIZE, seed);
      const whole = made(before, (mask, touch) => drawStroke(mask, set, points, touch));
      const pieces = made(before, (mask, touch) => {
        for (let end = 3; end <= points.length; end += 3)
          drawStroke(mask, set, points.slice(0, end), touch, end / 3 - 1);
      });
      expectSame(pieces, whole);
    });
  });

  test('a click of the smallest brush marks one pixel; a line outside the image marks none and takes no time', () => {
    const mask = empty();
    drawStroke(mask, { combine: 'add', size: 0.1, softness: 0 }, [20, 30, 1], () => undefined);
    expect(boundsOf(mask)).toEqual({ left: 20, top: 30, width: 1, height: 1 });
    drawStroke(mask, { combine: 'add', size: 4, softness: 0 }, [-1e12, -9, 1, 1e12, -9, 1], () => undefined);
    expect(boundsOf(mask)).toEqual({ left: 20, top: 30, width: 1, height: 1 });
  });

  test('pressure changes the radius', () => {
    const mask = empty();
    drawStroke(mask, { combine: 'add', size: 40, softness: 0 }, [75, 45, 0.5], () => undefined);
    expect(boundsOf(mask)).toEqual({ left: 65, top: 35, width: 20, height: 20 });
  });
});

/** How far each pixel's middle is from the line through some places. */
function drawnDistance(points: readonly number[]): Float64Array {
  return Float64Array.from({ length: COUNT }, (_none, at) => {
    const [px, py] = [(at % width) + 0.5, Math.floor(at / width) + 0.5];
    let min = Math.hypot(px - points[0]!, py - points[1]!);
    for (let index = 3; index < points.length; index += 3) {
      const [x, y] = [points[index - 3]!, points[index - 2]!];
      const [dx, dy] = [points[index]! - x, points[index + 1]! - y];
      const length = dx * dx + dy * dy;
      const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - x) * dx + (py - y) * dy) / length));
      min = Math.min(min, Math.hypot(px - x - dx * share, py - y - dy * share));
    }
    return min;
  });
}

describe('shapes mark the pixels whose centres lie inside', () => {
  test('rectangle', () => {
    check(rect, (shape) => {
      const { left, top, width: wide, height: high } = shape;
      const naive = drawn((x, y) => x >= left && x < left + wide && y >= top && y < top + high);
      expectSame(
        made(new Uint8Array(COUNT), (mask, touch) => drawRectangle(mask, shape, 'add', touch)),
        naive,
      );
    });
  });

  test('ellipse', () => {
    check(rect, (shape) => {
      const { left, top, width: wide, height: high } = shape;
      const share = (x: number, y: number): number =>
        ((x - left - wide / 2) / (wide / 2)) ** 2 + ((y - top - high / 2) / (high / 2)) ** 2;
      const result = made(new Uint8Array(COUNT), (mask, touch) => drawEllipse(mask, shape, 'add', touch));
      const sure = drawn((x, y) => share(x, y) < 1 - 1e-9);
      const perhaps = drawn((x, y) => share(x, y) <= 1 + 1e-9);
      const wrong = result.findIndex((byte, at) => byte < sure[at]! || byte > perhaps[at]!);
      expect(wrong).toBe(-1);
    });
  });

  test('polygon, by the non-zero rule', () => {
    check(corners, (points) => {
      const naive = drawn((x, y) => winding(points, x, y) !== 0);
      expectSame(
        made(new Uint8Array(COUNT), (mask, touch) => drawPolygon(mask, points, 'add', touch)),
        naive,
      );
    });
    // A star of five corners goes twice around its middle.
    const star = [75, 5, 100, 85, 35, 35, 115, 35, 50, 85];
    const result = made(new Uint8Array(COUNT), (mask, touch) => drawPolygon(mask, star, 'add', touch));
    expect(result[45 * width + 75]).toBe(255);
  });

  test('erasing mirrors painting', () => {
    check(fc.tuple(rect, corners), ([shape, points]) => {
      const painted = made(new Uint8Array(COUNT), (mask, touch) => {
        drawRectangle(mask, shape, 'add', touch);
        drawPolygon(mask, points, 'add', touch);
      });
      const erased = made(new Uint8Array(COUNT).fill(255), (mask, touch) => {
        drawRectangle(mask, shape, 'subtract', touch);
        drawPolygon(mask, points, 'subtract', touch);
      });
      expectSame(
        erased.map((byte) => 255 - byte),
        painted,
      );
    });
  });
});

/** How often a polygon goes around a point, by the edges that a ray to the right meets. */
function winding(points: readonly number[], x: number, y: number): number {
  const count = Math.floor(points.length / 2);
  let turns = 0;
  for (let index = 0; index < count; index += 1) {
    const [x1, y1] = [points[index * 2]!, points[index * 2 + 1]!];
    const [x2, y2] = [points[((index + 1) % count) * 2]!, points[((index + 1) % count) * 2 + 1]!];
    if (y1 <= y === y2 <= y) continue;
    const crossing = y1 < y2 ? x1 + ((y - y1) * (x2 - x1)) / (y2 - y1) : x2 + ((y - y2) * (x1 - x2)) / (y1 - y2);
    if (crossing > x) turns += y1 < y2 ? 1 : -1;
  }
  return turns;
}

describe('edges', () => {
  const small = { width: 40, height: 30 };
  const masks = fc.tuple(blots, fc.integer({ min: -14, max: 14 }));

  test('grow and shrink use the distance to the nearest pixel of the other side', () => {
    check(masks, ([seed, by]) => {
      const before = blotted(small, seed);
      const mask = { size: small, coverage: before.slice() };
      grow(mask, by, () => undefined);
      const changes = by > 0 ? 0 : 255;
      const naive = before.map((old, at) => {
        if (old !== changes || by === 0) return old;
        const near = before.some((other, index) => {
          const [dx, dy] = [(index % 40) - (at % 40), Math.floor(index / 40) - Math.floor(at / 40)];
          return other !== changes && dx * dx + dy * dy <= by * by;
        });
        return near ? 255 - changes : old;
      });
      expect([...mask.coverage]).toEqual([...naive]);
    });
  });

  test('runs and distances give the same result', () => {
    check(fc.tuple(blots, fc.integer({ min: 1, max: 70 }), fc.boolean()), ([seed, reach, outwards]) => {
      const whole = { left: 0, top: 0, ...SIZE };
      const [one, other] = [0, 1].map(() => ({ size: SIZE, coverage: blotted(SIZE, seed) })) as [Coverage, Coverage];
      spreadDistances(one, whole, reach, outwards);
      spreadRuns(other, whole, runsOf(other, outwards), reach, outwards ? 255 : 0, outwards ? 0 : 255);
      expectSame(other.coverage, one.coverage);
    });
  });

  test('feather is two box blurs of the whole image', () => {
    check(masks, ([seed, by]) => {
      const before = blotted(small, seed);
      const mask = { size: small, coverage: before.slice() };
      feather(mask, by, () => undefined);
      const radii = [Math.floor(Math.abs(by) / 2), Math.ceil(Math.abs(by) / 2)];
      const along = radii.reduce((bytes, radius) => blurred(bytes, small, radius, 1, 0), before);
      const naive = radii.reduce((bytes, radius) => blurred(bytes, small, radius, 0, 1), along);
      expect([...mask.coverage]).toEqual([...naive]);
    });
  });
});

function blurred(bytes: Uint8Array<ArrayBuffer>, size: typeof SIZE, radius: number, dx: number, dy: number) {
  return bytes.map((_byte, at) => {
    let sum = 0;
    for (let step = -radius; step <= radius; step += 1) {
      const x = Math.max(0, Math.min(size.width - 1, (at % size.width) + step * dx));
      const y = Math.max(0, Math.min(size.height - 1, Math.floor(at / size.width) + step * dy));
      sum += bytes[y * size.width + x]!;
    }
    return Math.round(sum / (2 * radius + 1));
  });
}

describe('similar colours', () => {
  const size = { width: 24, height: 18 };
  const count = size.width * size.height;
  const images = fc.tuple(
    fc.array(fc.constantFrom(0, 60, 70, 80, 255), { minLength: count, maxLength: count }),
    fc.integer({ min: 0, max: count - 1 }),
    fc.constantFrom(0, 10, 25),
    fc.boolean(),
  );

  test('match a slow search, contiguous or everywhere', () => {
    check(images, ([values, start, tolerance, contiguous]) => {
      const pixels = new ImageData(size.width, size.height);
      // Every channel has its turn in telling pixels apart.
      values.forEach((value, at) => pixels.data.set([100, value, 100, value === 0 ? 0 : 255], at * 4));
      const at = { x: (start % size.width) + 0.9, y: Math.floor(start / size.width) };
      const op = selectSimilar(pixels, at, { tolerance, contiguous });
      if (op.kind !== 'region') throw new Error('A region was expected.');
      const like = values.map((value) =>
        value === 0 || values[start] === 0 ? value === values[start] : Math.abs(value - values[start]!) <= tolerance,
      );
      const naive = contiguous ? reached(like, start, size.width) : like;
      expect([...unpackBits(op.bits, count)].map((byte) => byte === 255)).toEqual(naive);
    });
  });

  test('are none for a point outside the image', () => {
    const op = selectSimilar(
      new ImageData(3, 2),
      { x: 3, y: 0 },
      { tolerance: 0, contiguous: false, combine: 'subtract' },
    );
    expect(op).toEqual({ kind: 'region', combine: 'subtract', bits: packBits(new Uint8Array(6)) });
  });
});

function reached(like: readonly boolean[], start: number, across: number): boolean[] {
  const found = like.map(() => false);
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (found[at] !== false || !like[at]) continue;
    found[at] = true;
    if (at % across > 0) waiting.push(at - 1);
    if (at % across < across - 1) waiting.push(at + 1);
    waiting.push(at - across, at + across);
  }
  return found;
}

describe('packed bits', () => {
  test('are unpacked to the same bytes', () => {
    check(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const back = unpackBits(packBits(bytes), bytes.length);
      expect([...back]).toEqual([...bytes].map((byte) => (byte >= 128 ? 255 : 0)));
    });
    check(blots, (seed) => {
      const bytes = blotted(SIZE, seed);
      expectSame(unpackBits(packBits(bytes), COUNT), bytes);
    });
  });

  test('noise takes little more than one bit per pixel, a shape almost nothing', () => {
    const noise = Uint8Array.from({ length: 100_000 }, (_none, at) => Math.imul(at + 1, 2_654_435_761) >>> 24);
    expect(packBits(noise).length).toBeLessThan((100_000 / 8) * 1.4);
    expect(packBits(new Uint8Array(8_294_400).fill(255)).length).toBeLessThan(20);
  });

  test.each(['', 'A', '*', packBits(new Uint8Array(99)), packBits(new Uint8Array(100)).slice(0, -4)])(
    'those of another image and damaged ones are refused: %s',
    (packed) => {
      expect(() => unpackBits(packed, 100)).toThrow(expect.objectContaining({ code: 'bad-payload' }));
    },
  );
});
