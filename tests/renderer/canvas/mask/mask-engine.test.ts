import fc from '../../../fast-check.ts';
import { expect, test } from 'vitest';
import { applyMaskOperation } from '../../../../renderer/canvas/mask/operations/apply-mask-operation.ts';
import { MaskEngine } from '../../../../renderer/canvas/mask/MaskEngine.ts';
import type { MaskOperation } from '../../../../renderer/canvas/mask/operations/mask-operation.ts';
import { blots, blotted, brush, operation, places, SIZE } from './arbitraries.ts';
import { packBits } from '../../../../renderer/canvas/mask/pixels/bits.ts';

/** What deeds make of an empty mask, one after the other, without any engine. */
function replayed(ops: readonly MaskOperation[]): Uint8Array {
  const mask = { size: SIZE, coverage: new Uint8Array(SIZE.width * SIZE.height) };
  for (const op of ops) applyMaskOperation(mask, op, () => undefined);
  return mask.coverage;
}

/** Holds the engine to the deeds: its bytes, its count, and that nothing changed outside of the part that it told of. */
function expectHolds(
  engine: MaskEngine,
  ops: readonly MaskOperation[],
  deedOf: () => ReturnType<MaskEngine['become']>,
): void {
  const before = engine.coverage.slice();
  const { left, top, width, height } = deedOf();
  const expected = replayed(ops);
  const wrong = engine.coverage.findIndex((byte, at) => byte !== expected[at]);
  expect(wrong, 'the first pixel that differs').toBe(-1);
  expect(engine.marked).toBe(expected.reduce((count, byte) => count + (byte >= 128 ? 1 : 0), 0));
  const untold = before.findIndex((byte, at) => {
    const [x, y] = [at % SIZE.width, Math.floor(at / SIZE.width)];
    return byte !== expected[at] && !(x >= left && x < left + width && y >= top && y < top + height);
  });
  expect(untold, 'the first pixel that changed without a word').toBe(-1);
}

test('any path through a history gives the bytes of a replay, also with merged undo entries', () => {
  const walk = fc.record({
    ops: fc.array(operation, { minLength: 1, maxLength: 14 }),
    stops: fc.array(fc.nat(14), { minLength: 1, maxLength: 10 }),
    // So little room that the oldest are merged and given up; and enough.
    room: fc.constantFrom(200, 3000, 1_000_000),
  });
  fc.assert(
    fc.property(walk, ({ ops, stops, room }) => {
      const engine = new MaskEngine(SIZE, room);
      for (const stop of [...stops, ops.length]) {
        const wanted = ops.slice(0, stop);
        expectHolds(engine, wanted, () => engine.become(wanted));
      }
      expect(engine.historyBytes).toBeLessThanOrEqual(room);
    }),
    { numRuns: 60 },
  );
});

test('a commit after an undo drops the undone steps', () => {
  const [one, two, three] = [96, 20, 50].map((x): MaskOperation => ({
    kind: 'rectangle',
    combine: 'add',
    rect: { left: x, top: 0, width: 30, height: 30 },
  })) as [MaskOperation, MaskOperation, MaskOperation];
  const engine = new MaskEngine(SIZE);
  engine.become([one, two]);
  expectHolds(engine, [one, three], () => engine.become([one, three]));
  expectHolds(engine, [two], () => engine.become([two]));
  expectHolds(engine, [], () => engine.become([]));
});

test('a live stroke in any pieces has the bytes of its operation; committing it draws nothing', () => {
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 4 }),
      brush,
      fc.array(places, { minLength: 1, maxLength: 4 }),
      (ops, set, pieces) => {
        const engine = new MaskEngine(SIZE);
        engine.become(ops);
        const stroke = engine.begin(set);
        for (const piece of pieces) stroke.extend(piece);
        const op = stroke.finish();
        expect(stroke.extend([1, 1, 1]).width).toBe(0);
        expectHolds(engine, [...ops, op], () => engine.become([...ops, op]));
        expect(stroke.cancel().width).toBe(0);
        expectHolds(engine, ops, () => engine.become(ops));
        expectHolds(engine, [...ops, op], () => engine.become([...ops, op]));
        // What came back from a file is another object with the same content.
        const copy = JSON.parse(JSON.stringify(op)) as MaskOperation;
        expectHolds(engine, [...ops, copy], () => engine.become([...ops, copy]));
      },
    ),
    { numRuns: 60 },
  );
});

test('a committed stroke is not drawn a second time', () => {
  const engine = new MaskEngine(SIZE);
  const stroke = engine.begin({ combine: 'add', size: 20, softness: 0 });
  stroke.extend([50, 50, 1, 80, 50, 1]);
  const op = stroke.finish();
  // Whoever draws again would paint over this.
  engine.coverage[50 * SIZE.width + 60] = 7;
  expect(engine.become([op])).toEqual({ left: 0, top: 0, width: 128, height: 64 });
  expect(engine.coverage[50 * SIZE.width + 60]).toBe(7);
});

test('a cancelled stroke leaves every byte unchanged, also after another operation during it', () => {
  fc.assert(
    fc.property(blots, brush, places, fc.boolean(), fc.boolean(), (seed, set, points, finished, other) => {
      const engine = new MaskEngine(SIZE);
      const ops: MaskOperation[] = [{ kind: 'region', combine: 'add', bits: packBits(blotted(SIZE, seed)) }];
      engine.become(ops);
      const stroke = engine.begin(set);
      stroke.extend(points);
      if (finished) stroke.finish();
      expectHolds(engine, other ? [] : ops, () => (other ? engine.become([]) : stroke.cancel()));
      expect(stroke.extend([75, 45, 1]).width).toBe(0);
      expect(stroke.cancel().width).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('a region of another image size is refused, and the operations before it are applied', () => {
  const engine = new MaskEngine(SIZE);
  const ops: MaskOperation[] = [
    { kind: 'fill' },
    { kind: 'region', combine: 'add', bits: packBits(new Uint8Array(10)) },
  ];
  expect(() => engine.become(ops)).toThrow(expect.objectContaining({ code: 'bad-payload' }));
  expect(engine.marked).toBe(SIZE.width * SIZE.height);
  engine.become([]);
  expect(engine.marked).toBe(0);
});

test('a step keeps the tiles that it changed and no others', () => {
  const engine = new MaskEngine({ width: 1920, height: 1080 });
  const stroke: MaskOperation = {
    kind: 'stroke',
    combine: 'add',
    size: 90,
    softness: 0.4,
    points: [100, 100, 1, 900, 700, 0.4],
  };
  engine.become([stroke]);
  const first = engine.historyBytes;
  expect(first).toBeLessThan(1000);
  const again: MaskOperation = { ...stroke };
  engine.become([stroke, again]);
  expect(engine.historyBytes - first).toBe(0);
});
