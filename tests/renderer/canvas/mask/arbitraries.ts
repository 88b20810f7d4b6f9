import fc from '../../../fast-check.ts';
import type { Size } from '../../../../renderer/stage/geometry.ts';
import { packBits } from '../../../../renderer/canvas/mask/pixels/bits.ts';
import type { MaskOperation } from '../../../../renderer/canvas/mask/operations/mask-operation.ts';

/** Three tiles wide and two high, with rests at both ends. */
export const SIZE: Size = { width: 150, height: 90 };

const combine = fc.constantFrom('add' as const, 'subtract' as const);
const place = fc.double({ min: -40, max: 190, noNaN: true });
const pressure = fc.double({ min: 0, max: 1, noNaN: true });
/** x, y and pressure of some places. */
export const places = fc
  .array(fc.tuple(place, place, pressure), { minLength: 1, maxLength: 12 })
  .map((list) => list.flat());
export const brush = fc.record({
  combine,
  size: fc.double({ min: 0, max: 60, noNaN: true }),
  softness: fc.double({ min: 0, max: 1, noNaN: true }),
});
export const rect = fc.record({
  left: place,
  top: place,
  width: fc.double({ min: 0, max: 120, noNaN: true }),
  height: fc.double({ min: 0, max: 120, noNaN: true }),
});
export const corners = fc.array(place, { minLength: 0, maxLength: 16 });
/** Noise at a coarse grain, so that there are areas and edges; told by two numbers, which a failure can print. */
export interface Blots {
  grain: number;
  seed: number;
}

export const blots: fc.Arbitrary<Blots> = fc.record({ grain: fc.integer({ min: 1, max: 30 }), seed: fc.integer() });

export function blotted({ width, height }: Size, { grain, seed }: Blots): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: width * height }, (_none, index) => {
    const [x, y] = [Math.floor((index % width) / grain), Math.floor(index / width / grain)];
    return Math.imul(x * 73 + y * 179 + seed, 2_654_435_761) >>> 0 < 0x5000_0000 ? 255 : 0;
  });
}

const distance = fc.integer({ min: -12, max: 12 });

/** Any deed on a mask of {@link SIZE}. */
export const operation: fc.Arbitrary<MaskOperation> = fc.oneof(
  fc
    .record({ kind: fc.constant('stroke' as const), brush, points: places })
    .map(({ brush: set, ...op }) => ({ ...op, ...set })),
  fc.record({ kind: fc.constantFrom('rectangle' as const, 'ellipse' as const), combine, rect }),
  fc.record({ kind: fc.constant('polygon' as const), combine, points: corners }),
  fc.record({
    kind: fc.constant('region' as const),
    combine,
    bits: blots.map((seed) => packBits(blotted(SIZE, seed))),
  }),
  fc.record({ kind: fc.constantFrom('fill' as const, 'clear' as const, 'invert' as const) }),
  fc.record({ kind: fc.constantFrom('grow' as const, 'feather' as const), by: distance }),
);
