import { describe, expect, it } from 'vitest';
import fc from '../../fast-check.ts';
import { knownBilling, readKeptResponse } from '../../../electron/contract/costs/kept-response.ts';
import { parseTruncatedJson } from '../../../electron/contract/costs/truncated-json.ts';

const USAGE = { input_tokens: 10, output_tokens: 100, total_tokens: 110 };
const IMAGE = { bytes: 10, sha256: 'ab'.repeat(32) };
const cut = (value: unknown, kept = 1): unknown => {
  const text = JSON.stringify(value);
  return { emulsion: 'This part of the response is incomplete.', text: text.slice(0, text.length - kept) };
};

describe('what the documents of a response say', () => {
  it.each<[string, unknown[], ReturnType<typeof readKeptResponse>]>([
    ['nothing', [], { answer: null, images: 0, complete: false, error: null }],
    [
      'a whole response',
      [{ created: 1, data: [{ b64_json: IMAGE }, { url: 'https://a.test/b.png' }], usage: USAGE }],
      { answer: { created: 1, usage: USAGE }, images: 2, complete: true, error: null },
    ],
    ['a list', [[{ b64_json: IMAGE }]], { answer: null, images: 1, complete: false, error: null }],
    [
      'a stream that ended',
      [
        { type: 'image_generation.partial_image', b64_json: IMAGE, quality: 'low' },
        { type: 'image_generation.completed', b64_json: IMAGE, usage: USAGE },
      ],
      { answer: { quality: 'low', usage: USAGE }, images: 1, complete: true, error: null },
    ],
    [
      'a stream that was cut off',
      [{ type: 'image_edit.partial_image', b64_json: IMAGE }],
      { answer: null, images: 0, complete: false, error: null },
    ],
    [
      'usage inside `response`',
      [{ type: 'response.completed', response: { usage: USAGE } }],
      { answer: { usage: USAGE }, images: 0, complete: true, error: null },
    ],
    [
      'a document cut off after its usage',
      [cut({ usage: USAGE, data: [{ b64_json: IMAGE }, { b64_json: IMAGE }] }, 4)],
      { answer: { usage: USAGE }, images: 1, complete: false, error: null },
    ],
    [
      'an error',
      [{ error: { message: 'no' } }],
      { answer: null, images: 0, complete: false, error: { message: 'no', param: null } },
    ],
    ['no objects', ['text', 7, null, true], { answer: null, images: 0, complete: false, error: null }],
  ])('%s', (_, documents, kept) => {
    expect(readKeptResponse(documents)).toEqual(kept);
  });

  it('never take back what is known about the bill', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.jsonValue()), (before, after) => {
        const documents = [...before, { usage: USAGE }, ...after];
        expect(knownBilling('none', readKeptResponse(documents))).toBe('billed');
      }),
    );
  });

  it('zeros aren’t usage', () => {
    const facts = readKeptResponse([{ usage: { input_tokens: 0, output_tokens: 0 } }]);
    expect(knownBilling('possible', facts)).toBe('possible');
  });
});

describe('the beginning of a JSON document', () => {
  it('contains what is complete, wherever it ends', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, length) => {
        const text = JSON.stringify({ first: 1, value, usage: USAGE });
        const parsed = parseTruncatedJson(text.slice(0, length % (text.length + 1)));
        expect(parsed === undefined || typeof parsed === 'object').toBe(true);
        expect(parseTruncatedJson(text)).toEqual(JSON.parse(text));
        expect(parseTruncatedJson(text.slice(0, -1))).toMatchObject({ first: 1, usage: USAGE });
      }),
    );
  });

  it('isn’t read if it is nested too deeply or isn’t JSON', () => {
    expect(parseTruncatedJson('['.repeat(100_000))).toBeUndefined();
    for (const text of ['', 'x', '}', '{"a":nope,', '{]']) expect(parseTruncatedJson(text)).toBeUndefined();
  });
});
