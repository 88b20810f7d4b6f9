import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  redactCredentials,
  redactKey,
  redactValue,
  sanitizeText,
  sanitizeUrl,
} from '../../../electron/images-api/errors/redact.ts';
import { growth, STEEP } from '../../growth.ts';
import { KEY_FORMS, traceOf } from './key-forms.ts';

const KEY = 'sk-proj-T3BlbkFJ7f+3LmQz9XvYw/2RnKdE5uHsGaB8cP1oIj';
const FORMS = Object.entries(KEY_FORMS);

test('the traces are found where nothing is removed', () => {
  for (const [name, form] of FORMS) expect([name, traceOf(KEY, form(KEY))], name).not.toEqual([name, null]);
});

describe.each(FORMS)('a key echoed as %s', (_, form) => {
  test('leaves no trace in a text, and the rest stays', () => {
    const clean = redactKey(`Bad key „${form(KEY)}“ for model gpt-image-2.`, KEY);
    expect(traceOf(KEY, clean)).toBeNull();
    expect(clean).toMatch(/^Bad key „.*\[key removed\][^]*“ for model gpt-image-2\.$/su);
  });

  test('leaves none in values, names, halves, addresses and cut texts', () => {
    const echo = form(KEY);
    const value = {
      [echo]: 1,
      deep: [{ note: echo }],
      halves: [echo.slice(0, echo.length / 2), echo.slice(echo.length / 2)],
    };
    const clean = redactValue(value, KEY);
    expect(traceOf(KEY, JSON.stringify(clean))).toBeNull();
    for (const text of Object.values((clean as typeof value).halves)) expect(traceOf(KEY, text)).toBeNull();
    expect(traceOf(KEY, sanitizeUrl(`https://images.example/a.png?k=${echo}`, KEY))).toBeNull();
    expect(traceOf(KEY, sanitizeText(`${'\u0001'.repeat(7990)}${echo}`, KEY))).toBeNull();
    expect(traceOf(KEY, sanitizeText(`${'x '.repeat(990)}${echo}`, KEY))).toBeNull();
  });
});

test.each([
  ['letters', Array.from(KEY)],
  ['character codes', [...Buffer.from(KEY)]],
  ['named letters', Object.fromEntries(Array.from(KEY).map((letter, at) => [`n${at}`, letter]))],
  ['names of a letter', Object.fromEntries([...new Set(KEY)].map((letter) => [letter, 1]))],
  ['numbered letters', Array.from(KEY).map((letter, at) => [at, letter])],
  ['pieces of five', KEY.match(/.{1,5}/gu)],
])('a key spread over %s of a value', (name, value) => {
  const clean = redactValue({ usage: { input_tokens: 5 }, value }, KEY) as { usage: object; value: object };
  expect(clean.usage).toEqual({ input_tokens: 5 });
  if (name === 'names of a letter') return;
  const body = KEY.slice(8);
  const shown = Object.values(clean.value).map((part) =>
    typeof part === 'number' ? String.fromCharCode(part) : String(part),
  );
  expect(shown.join('')).not.toContain(body.slice(4, 12));
});

test('figures of usage are never taken for a part of a key', () => {
  const usage = { input_tokens: 1234, output_tokens: 5678, total_tokens: 12_345_678 };
  expect(redactValue({ usage }, '12345678')).toEqual({ usage });
  expect(redactValue({ usage }, 'sk-12345678901234')).toEqual({ usage });
});

describe('ordinary text stays', () => {
  const TEXTS = [
    'Incorrect API key provided: sk-proj-********************************oIj. You can find your API key at https://platform.openai.com/account/api-keys.',
    'Keys begin with sk-proj- or sk-.',
    'A fox in the snow, 1024 × 1024, quality=high; size=16x16. 100% wool &amp; silk <b>bold</b> C:\\new\\table \\u00e9',
    '雪の中の狐、👩‍🚀 flies; שלום; a\tb\nc',
    `sha256 ${'0123456789abcdef'.repeat(4)}`,
    Buffer.from('a long ordinary text that a server has encoded for some reason').toString('base64'),
    JSON.stringify(Array.from({ length: 40 }, (_, index) => index * 7)),
  ];
  test.each(TEXTS)('%j', (text) => {
    expect(redactKey(text, KEY)).toBe(text);
    expect(redactValue({ text, [text]: [text, 5, null, true] }, KEY)).toEqual({ text, [text]: [text, 5, null, true] });
  });

  test('of any kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        expect(redactKey(text, KEY)).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(redactValue(value, KEY)).toEqual(value);
      }),
    );
  });

  test('a usual masked form stays readable, joiners too', () => {
    expect(sanitizeText('sk-proj-…oIj is wrong 👩‍🚀', KEY)).toBe('sk-proj-…oIj is wrong 👩‍🚀');
  });
});

test('invisible characters are no part of a shown text', () => {
  expect(sanitizeText('a\u202eb\u200bc\u00add\u2066e\ufefff\u0085g\nh', null)).toBe('abcdefg\nh');
});

test.each(['k3y9', 'abc-1', '____________', 'p4ss wörd'])('a short or odd secret %j is found as a whole', (secret) => {
  for (const name of [
    'plain',
    'upper case',
    'U+0001 between the letters',
    'JSON escapes',
    'base64',
    'hexadecimal',
    'percent',
  ]) {
    if (secret.includes('ö') && name !== 'plain') continue;
    const echo = KEY_FORMS[name]?.(secret) ?? '';
    expect(redactKey(`<${echo}>`, secret).toLowerCase()).not.toContain(echo.toLowerCase());
  }
});

test('a proxy’s password is removed in the same forms', () => {
  const password = 'Wq7-zT4_pL9xV2';
  redactCredentials('someone', password);
  for (const [, form] of FORMS.slice(0, 45)) expect(traceOf(password, redactKey(form(password), null))).toBeNull();
});

test('64 KB of hostile text take a moment for every shape', () => {
  const pieces = [
    '<',
    '<a ',
    '&#',
    '&#1',
    '\\',
    '\\u',
    '%',
    '%25',
    '&amp;',
    '\u0001',
    '\u001b[',
    's k-',
    KEY.slice(0, 15),
    KEY,
    'ａ',
    '1, ',
    '🦊',
  ];
  redactKey('warm', KEY);
  for (const piece of pieces) {
    const valueOf = (length: number) => ({ text: piece.repeat(Math.ceil(length / piece.length)) });
    expect(
      growth(valueOf, (value) => redactValue(value, KEY), 1024),
      JSON.stringify(piece),
    ).toBeLessThan(STEEP);
  }
});
