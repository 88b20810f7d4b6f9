import sharp from 'sharp';
import { expect, test } from 'vitest';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { displayVariant } from '../../../electron/library/images/display-variant.ts';
import { serveImage } from '../../../electron/studio/routes/serve-image.ts';
import { noiseImage } from '../input-images.ts';
import { savedImage, testLibrary } from '../test-library.ts';

const log = (text: string): never => {
  throw new Error(text);
};

test.each([1, 3, 6, 8])(
  'a WebP with orientation %i is shown as its thumbnail and its size say',
  async (orientation) => {
    const library = await testLibrary();
    const bytes = await noiseImage(40, 20).webp().withMetadata({ orientation }).toBuffer();
    const saved = await savedImage(library, { bytes });
    const { id, width, height } = await createThumbnails(library, saved.id);
    const shown = await serveImage(library, new Request(`http://studio/images/shown/${id}`), log);
    // What a browser draws: a WebP's orientation is ignored.
    const stored = await sharp(Buffer.from(await shown.arrayBuffer())).metadata();
    const drawn = stored.format === 'webp' ? stored : stored.autoOrient;
    expect([drawn.width, drawn.height]).toEqual([width, height]);
    const small = await serveImage(library, new Request(`http://studio/images/thumbnail/${id}`), log);
    const thumbnail = await sharp(Buffer.from(await small.arrayBuffer())).metadata();
    expect(thumbnail.width > thumbnail.height).toBe(width > height);
    // The original stays what the server sent.
    const original = await serveImage(library, new Request(`http://studio/images/original/${id}`), log);
    expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await displayVariant(library, id)).toBe(orientation === 1 ? 'original' : 'png');
  },
);

test('other formats are shown as they are, and an unknown image is missing', async () => {
  const library = await testLibrary();
  const bytes = await noiseImage(40, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const { id } = await savedImage(library, { bytes });
  expect(await displayVariant(library, id)).toBe('original');
  const unknown = 'http://studio/images/shown/01890000-0000-7000-8000-000000000001';
  expect((await serveImage(library, new Request(unknown), log)).status).toBe(404);
});
