import { expect, test } from 'vitest';
import type { Sha256, StrictResult } from '../../../electron/contract/entities.ts';
import { renditionFor, wholeOf } from '../../../renderer/state/image-urls.ts';
import { HOST, picture } from './scripted-studio.ts';

const sha256 = `${'ab'.repeat(8)}${'0'.repeat(48)}` as Sha256;
const strict: StrictResult = {
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

test('what a strict mask made stands for its picture, under an address that no other picture ever had', () => {
  const plain = { ...picture(1), thumbhash: 'kPcNDYJvh4h4eYeHh4iId3ePj/iH' };
  const made = { ...plain, strict };
  const at = (path: string): string => `${HOST.pictureBase}/${path}`;
  expect(renditionFor(plain, 100, HOST, 1)).toBe(at(`thumbnail/${plain.id}`));
  expect(renditionFor(made, 100, HOST, 1)).toBe(at(`thumbnail/${plain.id}/${'ab'.repeat(8)}`));
  expect(renditionFor(made, 400, HOST, 1)).toBe(at(`preview/${plain.id}/${'ab'.repeat(8)}`));
  expect(renditionFor(made, 4000, HOST, 1)).toBe(at(`input/${sha256}`));
  expect(renditionFor({ ...made, thumbhash: null }, 100, HOST, 1)).toContain('/thumbnail/');
  expect(wholeOf(plain, HOST)).toBe(at(`original/${plain.id}`));
  const failed: StrictResult = {
    state: 'failed',
    feather: 6,
    error: { code: 'unsupported-here', message: 'Another shape.', billing: 'none' },
  };
  expect(renditionFor({ ...plain, strict: failed }, 4000, HOST, 1)).toBe(at(`original/${plain.id}`));
});
