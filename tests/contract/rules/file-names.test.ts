import { describe, expect, test } from 'vitest';
import type { NamedImage } from '../../../electron/contract/entities/exports.ts';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import {
  DEFAULT_NAME_PATTERN,
  nameByPattern,
  safeName,
  UniqueNames,
  unknownTokens,
  withExtension,
} from '../../../electron/contract/rules/file-names.ts';
import fc from '../../fast-check.ts';

const image: NamedImage = {
  createdAt: Date.UTC(2026, 10, 30, 23, 5, 9),
  prompt: 'a red fox in snow',
  model: 'gpt-image-2',
  width: 1024,
  height: 1536,
  quality: 'high',
  rating: 4,
  sha256: '0123456789abcdef'.repeat(4) as Sha256,
};
const place = { counter: 7, offset: -60 };
const bytes = (text: string): number => new TextEncoder().encode(text).length;

describe('a name by a pattern', () => {
  test.each([
    [DEFAULT_NAME_PATTERN, '2026-12-01 a red fox in snow'],
    ['{date}_{time}', '2026-12-01_00-05-09'],
    ['{counter} {model} {size} {quality} {rating} {id}', '0007 gpt-image-2 1024x1536 high 4 01234567'],
    ['{nothing} {prompt}', '{nothing} a red fox in snow'],
    ['client/acme: {counter}', 'client-acme- 0007'],
  ])('%s', (pattern, name) => {
    expect(nameByPattern(pattern, image, place)).toBe(name);
  });

  test('says which tokens mean nothing', () => {
    expect(unknownTokens('{date} {nothing} {Prompt}')).toEqual(['{nothing}', '{Prompt}']);
  });

  test('a long prompt ends with a word', () => {
    const prompt = 'a lighthouse at dusk with a very long beam of light over a calm sea, oil on canvas';
    expect(nameByPattern('{prompt}', { ...image, prompt }, place)).toBe(
      'a lighthouse at dusk with a very long beam of light over a',
    );
  });

  test('an image without a prompt is named by its date', () => {
    expect(nameByPattern('{prompt}', { ...image, prompt: ' \n' }, place)).toBe('2026-12-01 00-05-09');
    expect(nameByPattern('', image, place)).toBe('2026-12-01 00-05-09');
  });

  test('has the extension of its format', () => {
    expect(withExtension('fox', 'jpeg')).toBe('fox.jpg');
  });
});

describe('a safe name', () => {
  test.each([
    ['con', '_con'],
    ['CON.txt', '_CON.txt'],
    ['nul .png', '_nul .png'],
    ['COM¹', '_COM¹'],
    ['console', 'console'],
    ['a<b>:"/\\|?*c', 'a-b-c'],
    ['..\\..\\etc/passwd', 'etc-passwd'],
    ['.hidden', 'hidden'],
    ['ends. . ', 'ends'],
    ['cafe\u0301', 'caf\u00e9'],
    ['cod\u202egnp.exe', 'cod-gnp.exe'],
    ['tab\tline\nend', 'tab-line-end'],
    ['...', ''],
  ])('%j', (text, name) => {
    expect(safeName(text)).toBe(name);
  });

  test('of any text is allowed everywhere and is safe again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const name = safeName(text);
        expect(bytes(name)).toBeLessThanOrEqual(190);
        expect(name).not.toMatch(/[<>:"/\\|?*\0-\x1f\x7f]/u);
        expect(name).not.toMatch(/^[. ]|[. ]$/u);
        expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu);
        expect(name.isWellFormed()).toBe(true);
        expect(safeName(name)).toBe(name);
      }),
      { numRuns: 500 },
    );
  });

  test('keeps whole characters where it is cut', () => {
    const name = safeName('👩‍👩‍👧‍👦'.repeat(20));
    expect(bytes(name)).toBeLessThanOrEqual(180);
    expect(name).toBe('👩‍👩‍👧‍👦'.repeat(7));
  });
});

describe('unique names', () => {
  test('differ for systems that hold cases and compositions to be the same', () => {
    const names = new UniqueNames(['fox.png', 'Caf\u00e9.png']);
    expect(['Fox', 'fox', 'FOX', 'cafe\u0301', 'other'].map((name) => names.take(name, '.png'))).toEqual([
      'Fox (2).png',
      'fox (3).png',
      'FOX (4).png',
      'cafe\u0301 (2).png',
      'other.png',
    ]);
  });

  test('don’t meet a name that looks numbered', () => {
    const names = new UniqueNames();
    expect(['a', 'a (2)', 'a', 'a'].map((name) => names.take(name, ''))).toEqual(['a', 'a (2)', 'a (3)', 'a (4)']);
  });

  test('of any names are all different', () => {
    const some = fc.array(fc.constantFrom('a', 'A', 'a (2)', 'A (3)', 'ß', 'ẞ', 'SS', 'ﬁ', 'FI', 'İ', 'i'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(some, (wanted) => {
        const names = new UniqueNames();
        const given = wanted.map((name) => names.take(name, '.png').toLowerCase().normalize('NFC'));
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });
});
