import { expect, it } from 'vitest';
import { pageText } from '../../../electron/images-api/errors/server-error-body.ts';

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
    /** Milliseconds, the shortest of three. */
    const time = (bytes: number): number => {
      const page = part.repeat(bytes / part.length);
      const times = [1, 2, 3].map(() => {
        const since = performance.now();
        pageText(page);
        return performance.now() - since;
      });
      return Math.min(...times);
    };
    time(10_000);
    // 64 times as long if it were quadratic.
    expect(time(800_000)).toBeLessThan(Math.max(2, time(100_000)) * 28);
  },
);
