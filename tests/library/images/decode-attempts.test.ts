import { expect, it } from 'vitest';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { DecoderError, type DecoderFailure, type Decoding } from '../../../electron/library/decoding/operation.ts';
import { readImageRow } from '../../../electron/library/images/image-rows.ts';
import { createThumbnails, listImagesWithoutThumbnails } from '../../../electron/library/images/thumbnails.ts';
import type { Library } from '../../../electron/library/library.ts';
import { savedImage, testLibrary } from '../test-library.ts';

/** A library whose decoding always ends like this. */
function failing(library: Library, failure: DecoderFailure): Library {
  const decoding: Decoding = { run: () => Promise.reject(new DecoderError(failure)), close: () => undefined };
  return { ...library, decoding };
}

const due = (library: Library): Image['id'][] => listImagesWithoutThumbnails(library.db, 10);

it.each([
  ['crash', 'decoder-failed'],
  ['timeout', 'too-costly'],
  ['memory', 'too-costly'],
] as const)('after two ends by %s an image isn’t tried again', async (failure, flaw) => {
  const library = await testLibrary();
  const { id } = await savedImage(library);
  await expect(createThumbnails(failing(library, failure), id)).rejects.toMatchObject({ failure });
  expect(due(library)).toEqual([id]);
  expect(await createThumbnails(failing(library, failure), id)).toMatchObject({ flaw, thumbhash: null });
  expect(due(library)).toEqual([]);
});

it.each(['closed', 'unavailable'] as const)('what is %s says nothing about an image', async (failure) => {
  const library = await testLibrary();
  const { id } = await savedImage(library);
  for (let times = 0; times < 5; times += 1)
    await expect(createThumbnails(failing(library, failure), id)).rejects.toMatchObject({ failure });
  expect(readImageRow(library.db, id)?.decode_starts).toBe(0);
  expect((await createThumbnails(library, id)).thumbhash).not.toBeNull();
});

it('an image that ends the application is tried three times; one that is merely interrupted is fine', async () => {
  const library = await testLibrary();
  const [fatal, innocent] = [await savedImage(library), await savedImage(library)];
  // The application ends without a word: nothing is awaited any more.
  const never: Library = { ...library, decoding: { run: () => new Promise(() => undefined), close: () => undefined } };
  for (let times = 0; times < 3; times += 1) void createThumbnails(never, fatal.id);
  void createThumbnails(never, innocent.id);
  expect(await createThumbnails(library, fatal.id)).toMatchObject({ flaw: 'decoder-failed' });
  expect((await createThumbnails(library, innocent.id)).thumbhash).not.toBeNull();
});
