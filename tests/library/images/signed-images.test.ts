import { rm, rename } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { pngChunk } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { findSignedImages } from '../../../electron/library/images/signed-images.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { withPngChunks } from '../coloured-images.ts';
import { savedImage, smallPng, testLibrary, withBytes } from '../test-library.ts';

/** A PNG with a chunk of Content Credentials. */
async function signedPng(): Promise<Buffer> {
  return withPngChunks(await smallPng(), pngChunk('caBX', Buffer.from('manifest')));
}

test('an image is known as signed once its thumbnails are made', async () => {
  const library = await testLibrary();
  const signed = await savedImage(library, { bytes: await signedPng() });
  const plain = await savedImage(library, { bytes: await smallPng() });
  expect(readImage(library.db, signed.id)?.signed).toBeNull();
  await createThumbnails(library, signed.id);
  await createThumbnails(library, plain.id);
  expect(readImage(library.db, signed.id)?.signed).toBe(true);
  expect(readImage(library.db, plain.id)?.signed).toBe(false);
});

test('images from before are looked at once; a missing file is looked at again when it is back', async () => {
  const library = await testLibrary();
  const images = [];
  for (let at = 0; at < 70; at += 1)
    images.push(
      await savedImage(library, { bytes: at % 2 === 0 ? await signedPng() : await smallPng(), at: 1000 + at }),
    );
  const [first] = images;
  if (!first) throw new Error('No image was saved.');
  const path = originalPath(library.folder, withBytes(library, first).sha256, 'png');
  await rename(path, `${path}.away`);

  await findSignedImages(library);
  const known = images.map(({ id }) => readImage(library.db, id)?.signed);
  expect(known).toEqual(images.map((_image, at) => (at === 0 ? null : at % 2 === 0)));

  await rename(`${path}.away`, path);
  await findSignedImages(library);
  expect(readImage(library.db, first.id)?.signed).toBe(true);
  await rm(path);
  await findSignedImages(library);
  expect(readImage(library.db, first.id)?.signed).toBe(true);
});

test('it stops between images', async () => {
  const library = await testLibrary();
  const image = await savedImage(library, { bytes: await signedPng() });
  const stopped = AbortSignal.abort();
  await findSignedImages(library, stopped);
  expect(readImage(library.db, image.id)?.signed).toBeNull();
});
