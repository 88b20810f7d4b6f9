import { flawLabel, flawSentence } from '../../../renderer/state/image-flaws.ts';
import { expect, test } from 'vitest';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { StrictMaskResult } from '../../../electron/contract/entities/strict-mask-result.ts';
import { renditionUrl, fullSizeUrl } from '../../../renderer/state/image-urls.ts';
import { HOST, image } from './scripted-studio.ts';

const sha256 = `${'ab'.repeat(8)}${'0'.repeat(48)}` as Sha256;
const strict: StrictMaskResult = {
  state: 'done',
  feather: 6,
  sha256,
  width: 1536,
  height: 1024,
  hasAlpha: false,
  outside: 10,
  changed: 5,
  visible: 1,
};

test('what a strict mask made stands for its image, under an address that no other image ever had', () => {
  const plain = { ...image(1), thumbhash: 'kPcNDYJvh4h4eYeHh4iId3ePj/iH' };
  const made = { ...plain, strict };
  const at = (path: string): string => `${HOST.imageBase}/${path}`;
  expect(renditionUrl(plain, 100, HOST, 1)).toBe(at(`thumbnail/${plain.id}`));
  expect(renditionUrl(made, 100, HOST, 1)).toBe(at(`thumbnail/${plain.id}/${'ab'.repeat(8)}`));
  expect(renditionUrl(made, 400, HOST, 1)).toBe(at(`preview/${plain.id}/${'ab'.repeat(8)}`));
  expect(renditionUrl(made, 4000, HOST, 1)).toBe(at(`input/${sha256}`));
  expect(renditionUrl({ ...made, thumbhash: null }, 100, HOST, 1)).toContain('/thumbnail/');
  expect(fullSizeUrl(plain, HOST)).toBe(at(`original/${plain.id}`));
  const failed: StrictMaskResult = {
    state: 'failed',
    feather: 6,
    error: { code: 'unsupported-here', message: 'Another shape.', billing: 'none' },
  };
  expect(renditionUrl({ ...plain, strict: failed }, 4000, HOST, 1)).toBe(at(`original/${plain.id}`));
});

test('what the page can’t show has no URL; an unknown size breaks nothing', () => {
  const at = (path: string): string => `${HOST.imageBase}/${path}`;
  const plain = { ...image(1), thumbhash: 'kPcNDYJvh4h4eYeHh4iId3ePj/iH' };
  const bare = { ...plain, thumbhash: null, width: 0, height: 0 };
  expect(renditionUrl(bare, 100, HOST, 1)).toBe(at(`original/${plain.id}`));
  expect(renditionUrl({ ...bare, format: 'html', flaw: 'not-an-image' }, 100, HOST, 1)).toBeNull();
  expect(renditionUrl({ ...bare, flaw: 'too-large' }, 100, HOST, 1)).toBeNull();
  expect(renditionUrl({ ...bare, format: 'tiff' }, 100, HOST, 1)).toBeNull();
  expect(renditionUrl({ ...plain, format: 'tiff' }, 4000, HOST, 1)).toBe(at(`png/${plain.id}`));
  expect(flawLabel({ ...plain, flaw: 'truncated' })).toBe('Damaged');
  expect(flawLabel({ ...plain, flaw: 'no-preview' })).toBe('No preview');
  expect(flawSentence({ format: 'heic', flaw: 'no-preview' })).toBe('Stored as HEIC; Emulsion makes no preview of it.');
  expect(flawSentence(plain)).toBeNull();
});
