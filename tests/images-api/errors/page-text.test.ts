import { expect, it } from 'vitest';
import { pageText } from '../../../electron/images-api/errors/server-error-body.ts';
import { growth, STEEP } from '../../growth.ts';

it.each([
  ['<html><head><title lang="en"> 502 Bad\nGateway </title></head>', '502 Bad\nGateway'],
  ['<TITLE></TITLE><body>Gone<br/>away</body>', 'Gone away'],
  ['<script>if (a < b) c()</script><style>p > a {}</style><p>Text</p>', 'Text'],
  ['plain   text', 'plain text'],
  ['3 < 4', '3 < 4'],
  ['<script>never ends', ''],
])('of %j is %j', (page, text) => {
  expect(pageText(page)).toBe(text);
});

it.each(['<', '<title', '<script', '</script  ', '<!--', '<title><', '&#'])(
  'of a page of nothing but %s takes time in proportion to its length',
  (part) => {
    const pageOf = (length: number): string => part.repeat(length / part.length);
    // Reading on from each tag to the end took minutes.
    expect(growth(pageOf, pageText, 3000)).toBeLessThan(STEEP);
  },
);
