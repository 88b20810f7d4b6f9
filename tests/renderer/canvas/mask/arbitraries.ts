import fc from 'fast-check';
import type { Size } from '../../../../renderer/stage/geometry.ts';
import { packBits } from '../../../../renderer/canvas/mask/bits.ts';
import type { MaskOp } from '../../../../renderer/canvas/mask/mask-op.ts';

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
/** Blots: noise at a coarse grain, so that there are areas and edges. */
export const blots = (size: Size): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer()).map(([grain, seed]) =>
    Uint8Array.from({ length: size.width * size.height }, (_none, index) => {
      const [x, y] = [Math.floor((index % size.width) / grain), Math.floor(index / size.width / grain)];
      return Math.imul(x * 73 + y * 179 + seed, 2_654_435_761) >>> 0 < 0x5000_0000 ? 255 : 0;
    }),
  );
const distance = fc.integer({ min: -12, max: 12 });

/** Any deed on a mask of {@link SIZE}. */
export const deed: fc.Arbitrary<MaskOp> = fc.oneof(
  fc
    .record({ kind: fc.constant('stroke' as const), brush, points: places })
    .map(({ brush: set, ...op }) => ({ ...op, ...set })),
  fc.record({ kind: fc.constantFrom('rectangle' as const, 'ellipse' as const), combine, rect }),
  fc.record({ kind: fc.constant('polygon' as const), combine, points: corners }),
  fc.record({ kind: fc.constant('region' as const), combine, bits: blots(SIZE).map(packBits) }),
  fc.record({ kind: fc.constantFrom('fill' as const, 'clear' as const, 'invert' as const) }),
  fc.record({ kind: fc.constantFrom('grow' as const, 'feather' as const), by: distance }),
);
