import { expect, it } from 'vitest';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { NEWEST_SQL, readNewestImages } from '../../../electron/library/images/newest-images.ts';
import { savedImage, testLibrary } from '../test-library.ts';

it('are listed newest first, also within one millisecond, with the number of all', async () => {
  const library = await testLibrary();
  expect(readNewestImages(library.db, { limit: 10 })).toEqual({ images: [], all: 0 });
  const saved: Image[] = [];
  for (const at of [1000, 3000, 2000, 2000, 2000]) saved.push(await savedImage(library, { at }));
  const [oldest, newest, ...middle] = saved;
  expect(readNewestImages(library.db, { limit: 10 })).toEqual({
    images: [newest, ...middle.reverse(), oldest],
    all: 5,
  });
  const { images, all } = readNewestImages(library.db, { limit: 2 });
  expect([images.map(({ createdAt }) => createdAt), all]).toEqual([[3000, 2000], 5]);
});

it('have none that is in the trash', async () => {
  const library = await testLibrary();
  const kept = await savedImage(library, { at: 1 });
  const { id } = await savedImage(library, { at: 2 });
  const trash = library.db.prepare('UPDATE images SET deleted_at = ? WHERE id = ?');
  trash.run(1, id);
  expect(readNewestImages(library.db, { limit: 10 })).toEqual({ images: [kept], all: 1 });
  trash.run(null, id);
  expect(readNewestImages(library.db, { limit: 10 })).toMatchObject({ images: [{ id }, { id: kept.id }], all: 2 });
});

it('are read in order, without a sort, which is fast at any size', async () => {
  const { db } = await testLibrary();
  const plan = db.prepare<[number], { detail: string }>(`EXPLAIN QUERY PLAN ${NEWEST_SQL}`).all(10);
  expect(plan[0]?.detail).toMatch(/^(?:SCAN|SEARCH) i\b/u);
  expect(plan.map(({ detail }) => detail).join(' ')).not.toMatch(/TEMP B-TREE/u);
});
