import fc from '../../../fast-check.ts';
import { expect, test } from 'vitest';
import { formatBytes } from '../../../../renderer/shared/format/bytes.ts';
import { formatCount, formatQuantity } from '../../../../renderer/shared/format/counts.ts';
import { shortcut } from '../../../../renderer/shared/keyboard/shortcut.ts';

test('bytes are shown in the unit with the shortest number', () => {
  expect([0, 1, 812, 999, 1000, 96_400, 999_499, 999_500, 2_400_000, 31_240_000_000, 5e15].map(formatBytes)).toEqual([
    '0 bytes',
    '1 byte',
    '812 bytes',
    '999 bytes',
    '1 KB',
    '96 KB',
    '999 KB',
    '1.0 MB',
    '2.4 MB',
    '31.2 GB',
    '5000 TB',
  ]);
});

test('no number of bytes below a petabyte needs more than four figures', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1e15 - 1e12 }), (bytes) => {
      expect(formatBytes(bytes)).toMatch(/^(\d{1,3}|\d{1,2}\.\d) (bytes?|KB|MB|GB|TB)$/u);
    }),
  );
});

test('counts have thousands separators and the right noun', () => {
  expect(formatCount(12_846)).toBe('12,846');
  expect([0, 1, 2].map((count) => formatQuantity(count, 'image'))).toEqual(['0 images', '1 image', '2 images']);
});

test('shortcuts are written as on the platform', () => {
  expect(shortcut('Mod Enter', false)).toBe('Ctrl ↵');
  expect(shortcut('Mod Enter', true)).toBe('⌘↵');
});
