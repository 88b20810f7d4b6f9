import { expect, test } from 'vitest';
import type { Image } from '../../electron/contract/entities/images.ts';
import { PostProcessing } from '../../electron/jobs/post-processing.ts';
import { backfill } from '../../electron/library/backfill.ts';
import { DecoderError, type Decoding } from '../../electron/library/decoding/operation.ts';
import { listImagesWithoutThumbnails } from '../../electron/library/images/thumbnails.ts';
import type { Library } from '../../electron/library/library.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { savedImage, testLibrary } from '../library/test-library.ts';

const DRAWING = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');

/** A library whose drawings are never done, until the returned function is called. */
async function withSlowDrawings(): Promise<{ library: Library; end: () => void }> {
  const ending = Promise.withResolvers<never>();
  ending.promise.catch(() => undefined);
  const decoding: Decoding = {
    run: (operation, args, options) =>
      operation.lane(args) === 'drawings' ? ending.promise : sharedDecoding.run(operation, args, options),
    close: () => undefined,
  };
  return { library: { ...(await testLibrary()), decoding }, end: () => ending.reject(new DecoderError('closed')) };
}

const due = ({ db }: Library): Image['id'][] => listImagesWithoutThumbnails(db, 10);

test('a drawing that takes long holds up no other image’s thumbnails', async () => {
  const { library, end } = await withSlowDrawings();
  const updates = { emit: () => undefined, emitJob: () => undefined };
  const work = new PostProcessing({ library, log: () => undefined, updates });
  const drawing = await savedImage(library, { bytes: DRAWING });
  const image = await savedImage(library);
  for (const { id: imageId, generationId, jobId } of [drawing, image])
    work.handle({ type: 'image-saved', imageId, generationId, jobId });
  await expect.poll(() => due(library)).toEqual([drawing.id]);
  end();
  await work.idle();
});

test('nor at the next start', async () => {
  const { library, end } = await withSlowDrawings();
  const image = await savedImage(library);
  const drawing = await savedImage(library, { bytes: DRAWING });
  const done = backfill(library, { failed: () => undefined });
  await expect.poll(() => due(library)).toEqual([drawing.id]);
  expect(due(library)).not.toContain(image.id);
  end();
  await done;
});

test('closing leaves thumbnails that haven’t begun to the next start, without a line in the log', async () => {
  const library = await testLibrary();
  const log: unknown[] = [];
  const updates = { emit: () => undefined, emitJob: () => undefined };
  const work = new PostProcessing({ library, log: (...line) => log.push(line), updates });
  const images = [await savedImage(library), await savedImage(library)];
  for (const { id: imageId, generationId, jobId } of images) {
    work.handle({ type: 'image-saved', imageId, generationId, jobId });
    work.handle({ type: 'saved-late', generationId, jobId });
  }
  work.abort();
  await work.idle();
  expect(due(library)).toHaveLength(2);
  expect(log).toEqual([]);
  await backfill(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
  expect(due(library)).toEqual([]);
});
