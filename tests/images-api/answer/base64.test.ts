import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { Base64Decoder } from '../../../electron/images-api/answer/base64.ts';

/** Decodes text split at the given positions; null when it is rejected. `before`: the bytes ahead of the damage. */
function decodeAll(text: string, cuts: number[] = []): { bytes: Buffer | null; before: Buffer } {
  const decoder = new Base64Decoder();
  const out = Buffer.alloc(text.length + 3);
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((left, right) => left - right), text.length];
  let length = 0;
  for (const [index, from] of places.entries()) {
    length += decoder.decode(Buffer.from(text.slice(from, places[index + 1]), 'latin1'), out, length);
  }
  const before = out.subarray(0, length);
  const rest = decoder.finish(out, length);
  return { bytes: rest === null ? null : out.subarray(0, length + rest), before };
}

const decode = (text: string, cuts?: number[]): Buffer | null => decodeAll(text, cuts).bytes;

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

  test('accepts missing padding, white space anywhere and both alphabets mixed', () => {
    const space = fc.constantFrom('', ' ', '\n', '\r\n', '\t', '\v\f');
    fc.assert(
      fc.property(bytes, cuts, fc.array(fc.tuple(fc.nat(1000), space)), fc.nat(), (original, places, spaces, mix) => {
        let text = original.toString('base64').replace(/=*$/u, '=='.slice(mix % 3));
        text = text.replace(/[+/]/gu, (digit, at: number) => ((at + mix) % 2 ? digit : digit === '+' ? '-' : '_'));
        for (const [at, gap] of spaces)
          text = text.slice(0, at % (text.length + 1)) + gap + text.slice(at % (text.length + 1));
        expect(decode(text, places)).toEqual(original);
      }),
    );
  });

  test('decodes percent-encoded characters, split anywhere', () => {
    fc.assert(
      fc.property(bytes, cuts, (original, places) => {
        const text = encodeURIComponent(original.toString('base64'));
        expect(decode(text, places)).toEqual(original);
      }),
    );
    for (const text of ['AAAA%', 'AAAA%3', 'AA%3D%3DA', 'AA%zzAA', '%00AAA']) expect(decode(text)).toBeNull();
  });

  test('decodes text in lines of 76 characters and long text as a whole', () => {
    const original = Buffer.from(Array.from({ length: 40_000 }, (_, at) => (at * 7919) % 256));
    const lines = original.toString('base64').replace(/.{76}/gu, '$&\r\n');
    expect(decode(lines, [1, 77, 78, 79, 20_001])).toEqual(original);
  });

  test('rejects any other character at any position and keeps the bytes before it', () => {
    const allowed = /[A-Za-z0-9+/_=\s-]/u;
    const illegal = fc
      .integer({ min: 0, max: 255 })
      .map((code) => String.fromCharCode(code))
      .filter((letter) => letter === '\u00a0' || !allowed.test(letter));
    fc.assert(
      fc.property(bytes, illegal, fc.nat(1000), cuts, (original, letter, at, places) => {
        const text = original.toString('base64');
        const place = at % (text.length + 1);
        const { bytes: all, before } = decodeAll(text.slice(0, place) + letter + text.slice(place), places);
        expect(all).toBeNull();
        const groups = Math.floor(text.slice(0, place).replace(/=/gu, '').length / 4) * 3;
        expect(before).toEqual(original.subarray(0, groups));
      }),
    );
  });

  test.each(['A', 'A===', 'A=AA', 'AA=A', 'AAA=AAAA', 'AA==AA==', '=A', 'AAAAA'])('rejects %s', (text) => {
    fc.assert(
      fc.property(cuts, (places) => {
        expect(decode(text, places)).toBeNull();
      }),
    );
  });

  test.each([
    ['AA', 1],
    ['AA=', 1],
    ['AA = =\n', 1],
    ['AAA', 2],
    ['AAA==', 2],
    ['AAAA=', 3],
    ['AAAA====', 3],
    ['====', 0],
    [' \n', 0],
  ])('reads %j as %i bytes', (text, length) => {
    fc.assert(
      fc.property(cuts, (places) => {
        expect(decode(text, places)).toEqual(Buffer.alloc(length));
      }),
    );
  });

  test('decodes empty text to no bytes', () => expect(decode('')).toEqual(Buffer.alloc(0)));
});
