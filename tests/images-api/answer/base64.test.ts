import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { Base64Decoder } from '../../../electron/images-api/answer/base64.ts';

/** Decodes text split at the given positions; null when it is rejected. */
function decode(text: string, cuts: number[] = []): Buffer | null {
  const decoder = new Base64Decoder();
  const out = Buffer.alloc(text.length + 3);
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((left, right) => left - right), text.length];
  let length = 0;
  for (const [index, from] of places.entries()) {
    const count = decoder.decode(Buffer.from(text.slice(from, places[index + 1]), 'latin1'), out, length);
    if (count === null) return null;
    length += count;
  }
  const rest = decoder.finish(out, length);
  return rest === null ? null : out.subarray(0, length + rest);
}

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const cuts = fc.array(fc.nat(1000), { maxLength: 12 });

describe('base64', () => {
  test('decodes any bytes for any split of the text', () => {
    fc.assert(
      fc.property(bytes, cuts, fc.constantFrom('base64', 'base64url'), (original, places, alphabet) => {
        const text = original.toString(alphabet);
        const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
        expect(decode(padded, places)).toEqual(original);
      }),
    );
  });

  test('rejects any illegal character at any position', () => {
    const alphabet = /[A-Za-z0-9+/_=-]/u;
    const illegal = fc
      .integer({ min: 0, max: 255 })
      .map((code) => String.fromCharCode(code))
      .filter((letter) => !alphabet.test(letter));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 3, maxLength: 100 }),
        illegal,
        fc.nat(1000),
        cuts,
        (array, letter, at, places) => {
          const text = Buffer.from(array).toString('base64');
          const place = at % text.length;
          expect(decode(text.slice(0, place) + letter + text.slice(place + 1), places)).toBeNull();
          expect(decode(text.slice(0, place) + letter + text.slice(place), places)).toBeNull();
        },
      ),
    );
  });

  test.each([
    'A',
    'AA',
    'AAA',
    'AA=',
    'A===',
    'A=AA',
    'AA=A',
    'AAA==',
    'AAAA=',
    'AAAA==',
    'AAAA====',
    '=',
    '====',
    'AAA=AAAA',
    'AA==AA==',
  ])('rejects the padding of %s', (text) => {
    fc.assert(
      fc.property(cuts, (places) => {
        expect(decode(text, places)).toBeNull();
      }),
    );
  });

  test('decodes empty text to no bytes', () => expect(decode('')).toEqual(Buffer.alloc(0)));
});
