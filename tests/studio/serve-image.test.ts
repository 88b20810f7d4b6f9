import { expect, test } from 'vitest';
import { serveImage } from '../../electron/studio/routes/serve-image.ts';
import { noiseImage } from '../library/input-images.ts';
import { savedImage, testLibrary } from '../library/test-library.ts';

const log = (text: string): never => {
  throw new Error(text);
};

test.each([
  ['a small', 40],
  ['a large', 500],
])('%s original is served complete, with its length', async (_, size) => {
  const library = await testLibrary();
  const bytes = await noiseImage(size, size).png().toBuffer();
  expect(bytes.length > 256 * 1024).toBe(size === 500);
  const { id } = await savedImage(library, { bytes });
  const served = await serveImage(library, new Request(`http://studio/images/original/${id}`), log);
  expect([served.status, served.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
  expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true);
});
