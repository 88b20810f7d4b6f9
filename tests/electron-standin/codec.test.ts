import { expect, test } from 'vitest';
import { codec } from './codec.ts';

const roundTrip = (value: unknown): unknown => codec.decode(codec.encode(value));

test('keeps cycles and shared references', () => {
  const shared = { z: 1 };
  const value: Record<string, unknown> = { first: shared, second: [shared], map: new Map([[shared, 'key']]) };
  value['self'] = value;
  const back = roundTrip(value) as { first: object; second: object[]; map: Map<object, string>; self: unknown };
  expect(back.self).toBe(back);
  expect(back.second[0]).toBe(back.first);
  expect(back.map.get(back.first)).toBe('key');
});

test.each([
  [undefined],
  [null],
  [''],
  [-0],
  [Number.NaN],
  [Number.NEGATIVE_INFINITY],
  [10n ** 40n],
  [[undefined, [null]]],
  [{ a: { b: [1, 'two', false] } }],
  [new Date(Number.NaN)],
  [new Set([1, new Map([['x', new Date(0)]])])],
  [new Uint8Array([0, 255]).buffer],
  [new BigInt64Array([-1n])],
  [new RangeError('far', { cause: new Error('near') })],
])('%o survives', (value) => expect(roundTrip(value)).toEqual(value));

test('sends only a view’s own bytes, and a Buffer as bytes', () => {
  const back = roundTrip([new Uint16Array([1, 2, 3]).subarray(1), Buffer.from('hi')]) as Uint8Array[];
  expect(back).toEqual([new Uint16Array([2, 3]), new Uint8Array([104, 105])]);
  expect(back[0]?.buffer.byteLength).toBe(4);
});

test('treats __proto__ as a plain key', () => {
  const back = roundTrip(JSON.parse('{"__proto__":{"x":1}}')) as object;
  expect(Object.keys(back)).toEqual(['__proto__']);
  expect((back as { x?: number }).x).toBeUndefined();
});

test.each([[() => 1], [Symbol('x')], [Promise.resolve()], [new WeakMap()], [{ deep: [() => 1] }]])(
  '%o is rejected',
  (value) => {
    expect(() => codec.encode(value)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
  },
);
