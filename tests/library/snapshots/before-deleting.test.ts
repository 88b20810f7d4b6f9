import { expect, it, onTestFinished } from 'vitest';
import { LibraryChanges } from '../../../electron/library/order/library-changes.ts';
import { changeId, insertImages } from '../order/order-fixtures.ts';
import { testLibrary } from '../test-library.ts';

it('before many images are deleted for good, and not before a few are, the caller can copy the database', async () => {
  const library = await testLibrary();
  const count = (): number => library.db.prepare<[], number>('SELECT count(*) FROM images').pluck().get() ?? 0;
  const seen: number[] = [];
  const changes = new LibraryChanges({
    library,
    resolve: () => Promise.reject(new Error('No view is asked for.')),
    changed: () => undefined,
    failed: (thrown) => expect.unreachable(String(thrown)),
    beforeDeleting: () => Promise.resolve(void seen.push(count())),
  });
  onTestFinished(() => changes.close());
  const images = insertImages(library.db, 30);
  await changes.apply(changeId(), { kind: 'images', imageIds: images }, { kind: 'trash' });
  for (const imageIds of [images.slice(0, 3), images.slice(3)])
    await changes.ended(await changes.apply(changeId(), { kind: 'images', imageIds }, { kind: 'empty' }));
  expect(count()).toBe(0);
  expect(seen).toEqual([27]);
});
