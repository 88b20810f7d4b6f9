import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { Image } from '../../electron/contract/entities/images.ts';
import { DecoderError, type Decoding } from '../../electron/library/decoding/operation.ts';
import {
  createThumbnails,
  listImagesWithoutThumbnails,
  resetThumbnails,
  settleThumbnails,
} from '../../electron/library/images/thumbnails.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { savedImage, smallPng, testLibrary } from '../library/test-library.ts';
import { emptyFolder, openTestStudio } from './test-studio.ts';

let home: string;
let folder: string;

beforeEach(async () => {
  home = await emptyFolder();
  folder = join(home, 'library');
});

/** A closed library with images of these bytes, whose decoding ended for want of memory each time. */
async function condemned(...files: Buffer[]): Promise<Image[]> {
  const decoding: Decoding = { run: () => Promise.reject(new DecoderError('memory')), close: () => undefined };
  const library = await openLibrary(folder, decoding);
  const images: Image[] = [];
  for (const bytes of files) {
    const { id } = await savedImage(library, { bytes });
    await expect(createThumbnails(library, id)).rejects.toBeInstanceOf(DecoderError);
    images.push(await createThumbnails(library, id));
  }
  library.close();
  return images;
}

const truncated = async (): Promise<Buffer> => (await smallPng(60, 50)).subarray(0, -30);

it('an intact image that was given up has its thumbnail after “Try again”, and the page is told', async () => {
  const [image] = await condemned(await smallPng());
  expect(image).toMatchObject({ flaw: 'too-costly', thumbhash: null });
  const { api, studio } = await openTestStudio({ folder: home });
  const events: string[] = [];
  studio.subscribe(({ type }) => events.push(type));
  const tried = await api.library.retryThumbnail({ imageId: image?.id ?? '' });
  expect(tried.flaw).toBeUndefined();
  expect(tried.thumbhash).not.toBeNull();
  expect(events).toContain('library');
  const response = await studio.serveImage(new Request(`http://emulsion/images/thumbnail/${tried.id}`));
  expect(response.headers.get('content-type')).toBe('image/webp');
  expect((await api.library.newest({ limit: 1 })).images[0]).toEqual(tried);
});

it('a damaged image says so again, with its cause, and is not tried at each start', async () => {
  const [image] = await condemned(await truncated());
  const { api, studio } = await openTestStudio({ folder: home });
  const imageId = image?.id ?? ('' as Image['id']);
  for (let times = 0; times < 2; times += 1)
    expect(await api.library.retryThumbnail({ imageId })).toMatchObject({ flaw: 'truncated', thumbhash: null });
  await studio.close();
  expect(listImagesWithoutThumbnails((await testLibrary(folder)).db, 9)).toEqual([]);
});

it('all images without thumbnails are tried again, and what can’t be an image isn’t', async () => {
  await condemned(await smallPng(), await truncated(), await smallPng());
  const library = await openLibrary(folder);
  const { id } = await savedImage(library, { bytes: Buffer.from('{"not":"an image"}') });
  expect(await createThumbnails(library, id)).toMatchObject({ flaw: 'not-an-image' });
  library.close();
  const { api } = await openTestStudio({ folder: home });
  expect(await api.library.retryThumbnails({})).toEqual({ images: 3 });
  const flaws = async (): Promise<unknown[]> => (await api.library.newest({ limit: 9 })).images.map(({ flaw }) => flaw);
  await expect.poll(flaws).toEqual(['not-an-image', undefined, 'truncated', undefined]);
  await expect.poll(async () => (await api.library.retryThumbnails({})).images).toBe(1);
});

it('what couldn’t be tried before the end is tried at the next start', async () => {
  const [image] = await condemned(await smallPng());
  const imageId = image?.id ?? ('' as Image['id']);
  const first = await openTestStudio({ folder: home });
  const [outcome] = await Promise.allSettled([first.api.library.retryThumbnail({ imageId }), first.studio.close()]);
  expect(outcome.status).toBe('rejected');
  const { api } = await openTestStudio({ folder: home });
  const thumbhash = async (): Promise<string | null> => (await api.library.image({ imageId })).thumbhash;
  await expect.poll(thumbhash).not.toBeNull();
});

it('an image that ends its decoding process is given up after two, not left without a verdict', async () => {
  const [image] = await condemned(await smallPng());
  let runs = 0;
  const run = (): Promise<never> => {
    runs += 1;
    return Promise.reject(new DecoderError('crash'));
  };
  const library = { ...(await testLibrary(folder)), decoding: { run, close: () => undefined } };
  const imageId = image?.id ?? ('' as Image['id']);
  resetThumbnails(library.db, [imageId]);
  expect(listImagesWithoutThumbnails(library.db, 9)).toEqual([imageId]);
  expect(await settleThumbnails(library, imageId)).toMatchObject({ flaw: 'decoder-failed' });
  expect(runs).toBe(2);
  expect(listImagesWithoutThumbnails(library.db, 9)).toEqual([]);
});
