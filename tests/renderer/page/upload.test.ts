import { expect, test } from 'vitest';
import { MAX_UPLOAD_BYTES } from '../../../electron/contract/rules/input-rules.ts';
import { createUpload } from '../../../renderer/page/studio.ts';

const upload = createUpload({ uploadHeaders: {} });
const errorOf = async (outcome: ReturnType<typeof upload>): Promise<string> => {
  const ended = await outcome;
  return 'error' in ended ? `${ended.error.code}: ${ended.error.message}` : 'taken';
};

test('a file that is too large does not leave', async () => {
  const large = new Blob(['x']);
  Object.defineProperty(large, 'size', { value: MAX_UPLOAD_BYTES + 1 });
  expect(await errorOf(upload(large, 'big.png'))).toBe(
    'input-invalid: big.png is larger than 256 MB. Make it smaller first.',
  );
});

test('an answer that is no outcome is a sentence', async () => {
  // The test’s own server knows no such address.
  expect(await errorOf(upload(new Blob(['x']), 'a.png'))).toMatch(
    /^server-unreachable: The image couldn’t be uploaded/u,
  );
});

test('one that is cancelled rejects, before or while it leaves', async () => {
  const early = AbortSignal.abort();
  await expect(upload(new Blob(['x']), 'a.png', { signal: early })).rejects.toMatchObject({ name: 'AbortError' });
  const stop = new AbortController();
  const leaving = upload(new Blob([new Uint8Array(5_000_000)]), 'a.png', { signal: stop.signal });
  stop.abort();
  await expect(leaving).rejects.toMatchObject({ name: 'AbortError' });
});
