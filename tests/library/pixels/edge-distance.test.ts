import fc from '../../fast-check.ts';
import { describe, expect, it } from 'vitest';
import { measureColumns, measureRow, createRowBuffers } from '../../../electron/library/pixels/edge-distance.ts';
import { featherWeights } from '../../../electron/library/pixels/recomposite.ts';

/** The expected distances, by brute force. */
function bySearch(edited: Uint8Array, width: number, height: number, at: number): number {
  let min = Infinity;
  for (let other = 0; other < width * height; other += 1) {
    if (edited[other] !== 0) continue;
    const [dx, dy] = [(other % width) - (at % width), Math.floor(other / width) - Math.floor(at / width)];
    min = Math.min(min, dx * dx + dy * dy);
  }
  return min;
}

function measured(edited: Uint8Array, width: number, height: number, max: number): number[] {
  const work = measureColumns(edited, { width, height }, max);
  let step = work.next();
  while (!step.done) step = work.next();
  const buffers = createRowBuffers(width);
  return Array.from({ length: height }, (_none, y) => {
    measureRow(step.value, width, y, buffers);
    return [...buffers.squares];
  }).flat();
}

describe('distances inside a mask', () => {
  it('are exact up to the maximum', () => {
    const image = fc
      .record({ width: fc.integer({ min: 1, max: 14 }), height: fc.integer({ min: 1, max: 14 }) })
      .chain(({ width, height }) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          max: fc.integer({ min: 0, max: 9 }),
          bits: fc.array(fc.constantFrom(0, 1, 1, 1, 1, 1), { minLength: width * height, maxLength: width * height }),
        }),
      );
    fc.assert(
      fc.property(image, ({ width, height, max, bits }) => {
        const edited = Uint8Array.from(bits);
        const got = measured(edited, width, height, max);
        for (const [at, square] of got.entries()) {
          const wanted = bySearch(edited, width, height, at);
          if (wanted <= max * max) expect(square).toBe(wanted);
          else expect(square).toBeGreaterThan(max * max);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('become weights that rise from the edge to the end of the feather', () => {
    expect([...featherWeights(0)]).toEqual([0, 1]);
    const weights = featherWeights(6);
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeCloseTo(0.5 / 6);
    expect(weights[36]).toBeCloseTo(5.5 / 6);
    expect(weights[49]).toBe(1);
    for (const [square, weight] of weights.entries()) expect(weight).toBeGreaterThanOrEqual(weights[square - 1] ?? 0);
  });
});
