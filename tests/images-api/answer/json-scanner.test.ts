import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { imagesInText } from '../../../electron/images-api/answer/texts-with-images.ts';
import { JsonScanner } from '../../../electron/images-api/answer/json-scanner.ts';
import { growth, STEEP } from '../../growth.ts';

interface Scan {
  /** The text of each image. */
  images: string[];
  items: { value: unknown; index: number }[];
  value: unknown;
}

/** Scans a document split at the given positions. Placeholders are replaced by `#0`, `#1`, …. */
function scan(json: string, cuts: number[] = [], isInText = false): Scan {
  const bytes = Buffer.from(json);
  const scanner = new JsonScanner(100_000);
  const found: Scan = { images: [], items: [], value: undefined };
  const names = new Map<string, string>();
  const named = (text: string): string => {
    if (!isInText) return names.get(text) ?? text;
    return [...names].reduce((rest, [placeholder, name]) => rest.replace(placeholder, name), text);
  };
  const parse = (text: string): unknown =>
    JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? named(value) : value));
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((left, right) => left - right), bytes.length];
  for (const [index, from] of places.entries()) {
    // A copy that is overwritten afterwards detects memory that is used for too long.
    const piece = Buffer.from(bytes.subarray(from, places[index + 1] ?? bytes.length));
    for (const step of scanner.feed(piece)) {
      if (step.type === 'image-start') names.set(step.placeholder, `#${found.images.push('') - 1}`);
      else if (step.type === 'image-text')
        found.images.push(`${found.images.pop() ?? ''}${step.text.toString('latin1')}`);
      else if (step.type === 'item') found.items.push({ value: parse(step.json), index: step.index });
      else if (step.type === 'end') found.value = parse(step.json);
    }
    piece.fill(0);
  }
  return found;
}

const cuts = fc.array(fc.nat(5000), { maxLength: 30 });

describe('the JSON scanner', () => {
  test('extracts images from data and keeps the rest', () => {
    const json = JSON.stringify({
      created: 1,
      data: [{ b64_json: 'AAAA', revised_prompt: 'a "b" \\ ü' }, { b64_json: 'BBBB' }],
      usage: { n: 2 },
    });
    expect(scan(json)).toEqual({
      images: ['AAAA', 'BBBB'],
      items: [
        { value: { b64_json: '#0', revised_prompt: 'a "b" \\ ü' }, index: 0 },
        { value: { b64_json: '#1' }, index: 1 },
      ],
      value: {
        created: 1,
        data: [{ b64_json: '#0', revised_prompt: 'a "b" \\ ü' }, { b64_json: '#1' }],
        usage: { n: 2 },
      },
    });
  });

  test('extracts an image at the top level', () => {
    expect(scan('{"type":"x","b64_json":"AAAA","n":null}')).toEqual({
      images: ['AAAA'],
      items: [],
      value: { type: 'x', b64_json: '#0', n: null },
    });
  });

  test.each([
    ['plain', '{"b64_json":"ab/+"}', 'ab/+'],
    ['escaped slashes', '{"b64_json":"a\\/b\\/\\u002b="}', 'a/b/+='],
    ['escaped line breaks, for the decoder', '{"b64_json":"AAAA\\r\\nBBBB\\n"}', 'AAAA\r\nBBBB\n'],
    ['other names', '{"B64-Image":"AAAA"}', 'AAAA'],
    ['a data address with parameters and space', '{"image":" DATA:image/png;name=a.png;Base64 ,AAAA"}', 'AAAA'],
    ['base64 alone in a list', '{"images":["iVBORw0KGgoAAAAN"]}', 'iVBORw0KGgoAAAAN'],
    ['base64 of unknown format in a list', `["${'A'.repeat(300)}"]`, 'A'.repeat(300)],
    ['base64 under url', '{"data":{"url":"R0lGODlhAAAAAAAA"}}', 'R0lGODlhAAAAAAAA'],
    ['an image below an unknown name', '{"x":[{"y":{"b64_json":"AAAA"}}]}', 'AAAA'],
    ['an escaped quote, which is not the end', '{"b64_json":"AA\\"AA"}', 'AA"AA'],
    ['a data address', '{"url":"data:image\\/png;base64,AAAA"}', 'AAAA'],
    ['a data address under b64_json', '{"b64_json":"data:image/png;charset=utf-8;base64,AAAA"}', 'AAAA'],
    ['base64 that begins like one', '{"b64_json":"dataAAAA"}', 'dataAAAA'],
    ['an empty string', '{"b64_json":""}', ''],
    ['spaces everywhere', ' {\r\n"b64_json" :\t"AAAA" } ', 'AAAA'],
    ['a garbled start', '{"b64_json":"data:nonsense"}', 'data:nonsense'],
  ])('%s, split at every position', (_name, json, expected) => {
    for (let first = 0; first <= json.length; first += 1) expect(scan(json, [first]).images).toEqual([expected]);
    for (let first = 0; first <= json.length; first += 1)
      expect(scan(json, [first, first + 1]).images).toEqual([expected]);
  });

  test.each([
    '{"url":"https://x.test/1.png?a=b"}',
    '{"url":"data:,text"}',
    '{"url":""}',
    '{"url":"data"}',
    '{"b64_json":null,"url":7}',
    '{"prompt":"\\"b64_json\\":\\"AAAA\\""}',
    '{"a":["b64_json","AAAA"]}',
    '{"b64_json":"https://x.test/1.png"}',
    '{"input":{"b64_json":"AAAA"},"mask":"iVBORw0KGgoAAAANiVBORw0KGgo","thumbnail_url":"data:image/png;base64,AAAA"}',
    '{"result":"success","output":["a few words of prose"],"image":"/files/1.png"}',
  ])('finds no image in %s', (json) => {
    const expected = { images: [], items: [], value: JSON.parse(json) as unknown };
    const check = (places: number[]): void => {
      expect(scan(json, places)).toEqual(expected);
    };
    fc.assert(fc.property(cuts, check), { numRuns: 30 });
  });

  const PNG_START = 'iVBORw0KGgoAAAANSUhE';
  const JPEG_START = '/9j/4AAQSkZJRgABAQAA/+==';
  const twice = JSON.stringify({ data: [{ b64_json: JPEG_START }] }).replaceAll('/', '\\/');
  test.each([
    ['Markdown', 'A “fox” \\o/ ![a](data:image/png;base64,AAAA) and "b"', ['AAAA'], 'A “fox” \\o/ ![a](#0) and "b"'],
    ['Markdown with lines and a title', '![a](data:image/png;base64,AA\r\nAA "t")', ['AAAA'], '![a](#0 "t")'],
    ['words around a data address', 'x data:image/png;base64,AAAA\nDone', ['AAAA'], 'x #0\nDone'],
    ['HTML', "<img src='data:image/png;base64,AA AA'>é", ['AAAA'], "<img src='#0'>é"],
    ['two images', '![](data:image/a;base64,AA)![](data:image/a;x=y;base64,BB)', ['AA', 'BB'], '![](#0)![](#1)'],
    ['JSON', twice, [JPEG_START], '{"data":[{"b64_json":"#0"}]}'],
    ['JSON in JSON', JSON.stringify(twice), [JPEG_START], '"{\\"data\\":[{\\"b64_json\\":\\"#0\\"}]}"'],
    ['JSON with line breaks', `{"a":"${PNG_START}\\nAAAA\\r\\n\\u003d"}`, [`${PNG_START}AAAA=`], '{"a":"#0"}'],
    ['a text that ends in an image', `["data:image/png;base64,AA`, ['AA'], '["#0'],
  ])('finds images inside a text: %s, split at every position', (_name, text, images, kept) => {
    const json = JSON.stringify({ choices: [{ message: { content: text } }] });
    for (let first = 0; first <= json.length; first += 1) {
      const found = scan(json, [first, first + 1], true);
      expect(found).toMatchObject({ images, value: { choices: [{ message: { content: kept } }] } });
    }
  });

  test.each(['prompt', 'revised_prompt', 'caption', 'url'])('finds no image inside the text of %s', (name) => {
    const value = {
      [name]: 'A ![a](data:image/png;base64,AAAA)',
      data: [{ [name]: 'b ![](data:image/png;base64,AA)' }],
    };
    expect(scan(JSON.stringify(value))).toMatchObject({ images: [], value });
  });

  test('reads long texts in linear time', () => {
    for (const part of ['data:image/', '![', '"', 'data:image/png;base64,', '\\', '<img ', '"iVBORw0KGgo']) {
      const textOf = (length: number): string => part.repeat(length / part.length);
      const jsonOf = (length: number): string => JSON.stringify({ content: textOf(length) });
      expect(growth(jsonOf, scan, 700), part).toBeLessThan(STEEP);
      expect(
        growth(textOf, (text) => imagesInText(text, 'image-'), 15_600),
        part,
      ).toBeLessThan(STEEP);
    }
  });

  test('reads any JSON as JSON.parse does, for any split', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), cuts, fc.nat(3), (inner, places, indent) => {
        const json = JSON.stringify({ inner, b64_json: 'QUJD', list: [{ b64_json: 'REVG', inner }, 3] }, null, indent);
        const found = scan(json, places);
        const own = found.images.filter((image) => image === 'QUJD' || image === 'REVG');
        expect(own).toEqual(['QUJD', 'REVG']);
        expect(JSON.stringify(found.value).length).toBeGreaterThan(10);
      }),
    );
  });

  test('leaves out large images that are not the answer’s, split anywhere', () => {
    const pixels = `iVBORw0KGgo${'\\/A'.repeat(3000)}\\"\\\\`;
    const json = `{"input_image":"${pixels}","init":["data:image/png;base64,${'A'.repeat(9000)}"],"b64_json":"AAAA"}`;
    fc.assert(
      fc.property(cuts, (places) => {
        const { images, value } = scan(json, places);
        expect(images).toEqual(['AAAA']);
        expect(JSON.stringify(value).length).toBeLessThan(400);
        expect(value).toMatchObject({ b64_json: '#0', input_image: { emulsion: expect.any(String) as string } });
      }),
      { numRuns: 20 },
    );
  });

  test('closes a document after its last whole value, wherever it ends', () => {
    const json = '{"a":[1,{"b64_json":"AAAA","c":"d"},"e"],"f":{"g":null},"h":7}';
    for (let length = 1; length <= json.length; length += 1) {
      const scanner = new JsonScanner(1000);
      for (const step of scanner.feed(Buffer.from(json.slice(0, length)))) expect(step).toBeDefined();
      expect(() => JSON.parse(scanner.closed) as unknown).not.toThrow();
    }
  });

  test('limits depth and length', () => {
    expect(() => scan('['.repeat(100))).toThrow(expect.objectContaining({ code: 'answer-garbled' }));
    expect(() => scan(`{"a":"${'x'.repeat(200_000)}"}`)).toThrow(expect.objectContaining({ code: 'answer-too-large' }));
    expect(() => scan(']')).toThrow(expect.objectContaining({ code: 'answer-garbled' }));
  });
});
