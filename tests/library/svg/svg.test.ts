import { describe, expect, it } from 'vitest';
import { isCheapSvg } from '../../../electron/library/svg/svg-cost.ts';
import { isSvg, resizeSvg, svgSize } from '../../../electron/library/svg/svg-root.ts';
import { MalformedXmlError } from '../../../electron/library/svg/tokenize-xml.ts';
import { growth, STEEP } from '../../growth.ts';

const svg = (inside: string, root = 'viewBox="0 0 24 12"'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${root}>${inside}</svg>`;

/** All readings of a text, well-formed or not. */
function readAll(text: string): void {
  for (const read of [isSvg, svgSize, (it: string) => resizeSvg(it, 512), isCheapSvg]) {
    try {
      read(text);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(MalformedXmlError);
    }
  }
}

describe('time', () => {
  const many = (part: string, after = '', before = '<svg viewBox="0 0 9 9">') => {
    return (length: number): string => before + part.repeat(Math.ceil(length / part.length)) + after;
  };
  it.each([
    ['start tags that never end', many('<a')],
    ['start tags that never end, before any root', many('<svg', '', '')],
    ['comments that never end', many('<!--')],
    ['comments that never end, before the root', many('<!--', '', '')],
    ['comments before the root', many('<!---->', '<svg/>', '')],
    ['declarations before the root', many('<?a?>', '<svg/>', '')],
    ['uses that never end', many('<use')],
    ['uses', many('<use href="#a"/>', '</svg>')],
    ['CDATA sections that never end', many('<![CDATA[')],
    ['CDATA sections', many('<![CDATA[x]]>', '</svg>')],
    ['entities', many('&lt;', '</svg>')],
    ['undeclared entities', many('&a;', '</svg>')],
    ['entity declarations', many('<!ENTITY a "b">', ']><svg/>', '<!DOCTYPE svg [')],
    ['nested groups', many('<g>')],
    ['nested groups with ids', many('<g id="a">')],
    ['end tags', many('</g>')],
    ['elements', many('<g id="a"/>', '</svg>')],
    ['one long attribute', many('1', '"/>', '<svg width="')],
    ['one long view box', many('1 ', '"/>', '<svg viewBox="')],
    ['one long style', many('filter;', '</style></svg>', '<svg><style>')],
    ['one long text', many('x', '</svg>')],
    ['quotes that never end', many('"', '', '<svg a=')],
    ['spaces', many(' ', '<svg/>', '')],
    [
      'attributes',
      (length: number) =>
        `<svg ${Array.from({ length: length / 8 }, (_none, index) => `a${index}=""`).join(' ')} width="1" height="1"/>`,
    ],
  ])('grows with the length, not faster: %s', (_name, textOf) => {
    expect(growth(textOf, readAll, 2500)).toBeLessThan(STEEP);
  });
});

describe('size', () => {
  it.each([
    ['width="24px" height="1in"', { width: 24, height: 96 }],
    ["viewBox='0 0 24 12'", { width: 24, height: 12 }],
    ['viewBox="0 0 24 12" width="48"', { width: 48, height: 24 }],
    ['width="100%" height="100%"', null],
    ['viewBox="0 0 0 12"', null],
    [`width="${'1'.repeat(50)}" height="9"`, null],
  ])('is read from %s', (root, size) => {
    expect(svgSize(svg('', root))).toEqual(size);
  });

  it('is the root’s, not one of a comment or of text before it', () => {
    expect(
      svgSize(`<?xml version="1.0"?><!-- <svg width="1" height="1"> -->${svg('', 'width="7" height="8"')}`),
    ).toEqual({
      width: 7,
      height: 8,
    });
    expect(svgSize('<html><svg width="1" height="1"/></html>')).toBeNull();
    expect(svgSize('')).toBeNull();
  });
});

describe('resizing', () => {
  it('replaces the root’s size and keeps everything else', () => {
    const text = `<?xml version="1.0"?><!-- > --><svg:svg a="1 &lt; 2 &amp; &#34;3&#34;" width='24' height='12'><svg:g/></svg:svg>`;
    expect(resizeSvg(text, 48)).toBe(
      `<?xml version="1.0"?><!-- > --><svg:svg viewBox="0 0 24 12" a="1 &#60; 2 &#38; &#34;3&#34;" width="48" height="24"><svg:g/></svg:svg>`,
    );
    expect(resizeSvg('<svg viewBox="5 5 10 20"/>', 40)).toBe('<svg viewBox="5 5 10 20" width="20" height="40"/>');
  });
});

describe('a file’s beginning', () => {
  it.each([
    ['\uFEFF<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b">\n<svg ', true],
    ['<!-- drawn --><svg:svg xmlns:svg="a" ', true],
    ['<!DOCTYPE svg [<!ENTITY a "', true],
    ['<!doctype html><svg>', false],
    ['<html><svg>', false],
    ['{"error": "<svg>"}', false],
    ['', false],
  ])('%j is an SVG: %s', (head, is) => {
    expect(isSvg(head)).toBe(is);
  });
});

describe('cost', () => {
  it.each([
    ['a drawing', svg('<g id="a"><circle r="5"/></g><use href="#a"/>'), true],
    ['16 filters', svg('<rect filter="url(#a)"/>'.repeat(16)), true],
    ['17 filters', svg('<rect style="filter: url(#a)"/>'.repeat(17)), false],
    [
      '6,000 filter primitives',
      svg(`<filter id="a">${'<feOffset/>'.repeat(6000)}</filter><g filter="url(#a)"/>`),
      false,
    ],
    ['filters by style sheet', svg('<style>g { FILTER: url(#a) }</style>'), false],
    ['escapes in styles', svg('<g style="f\\69lter: url(#a)"/>'), false],
    ['a style sheet elsewhere', `<?xml-stylesheet href="data:text/css,g{}"?>${svg('')}`, false],
    ['nested uses', svg('<g id="a"><use href="#b"/></g>'), false],
    ['201 uses', svg('<use href="#b"/>'.repeat(201)), false],
    ['prefixed images', svg('<svg:image href="a.png"/>'), false],
    ['declared entities', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`, false],
    ['deep nesting', svg('<g>'.repeat(600) + '</g>'.repeat(600)), false],
  ])('of %s', (_name, text, cheap) => {
    expect(isCheapSvg(text)).toBe(cheap);
  });

  it('is unknown for damaged text', () => {
    for (const text of ['<svg><g></svg>', '<svg>', '<svg><circle', `${svg('')}x`, '<svg>&nbsp;</svg>', ''])
      expect(() => isCheapSvg(text), text).toThrow(MalformedXmlError);
  });
});
