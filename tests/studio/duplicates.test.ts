import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { makeLibrary } from '../../build/make-library/make-library.ts';
import type { ChangeId } from '../../electron/contract/entities/ids.ts';
import type { DuplicateSearch } from '../../electron/contract/entities/duplicates.ts';
import { emptyFolder, openTestStudio, until } from './test-studio.ts';

test('near duplicates are found in groups, merged with a click, and back after undo', async () => {
  const folder = await emptyFolder();
  await makeLibrary({ dir: join(folder, 'library'), count: 80, thumbnails: 24, until: Date.UTC(2026, 10, 30) });
  const { api } = await openTestStudio({ folder });

  const search = (): Promise<DuplicateSearch> => api.duplicates.search({ again: false });
  await until(async () => (await search()).state !== 'running');
  const found = await search();
  expect(found).toMatchObject({ state: 'done', error: null, progress: 1 });
  expect(found.groups).toBeGreaterThan(0);
  const { groups } = await api.duplicates.groups({ after: null, limit: 8 });
  const [group] = groups;
  if (!group) throw new Error('There is a group.');
  expect(group.images.length).toBeGreaterThan(1);
  expect(group.images.map(({ id }) => id)).toContain(group.keep);
  const best = Math.max(...group.images.filter(({ marks }) => !marks.rejected).map(({ marks }) => marks.rating));
  expect(group.images.find(({ id }) => id === group.keep)?.marks.rating).toBe(best);

  const before = await api.trash.get({});
  const id = uuid() as ChangeId;
  const selection = { kind: 'images' as const, imageIds: group.images.map((image) => image.id) };
  await api.changes.apply({ id, selection, edit: { kind: 'merge', keep: group.keep } });
  const after = await api.duplicates.groups({ after: null, limit: 8 });
  expect(after.groups.map((one) => one.id)).not.toContain(group.id);
  expect((await api.trash.get({})).images).toBe(before.images + group.images.length - 1);

  await api.changes.undo({ id });
  const back = await api.duplicates.groups({ after: null, limit: 8 });
  expect(back.groups[0]?.images.map((image) => image.id)).toEqual(group.images.map((image) => image.id));
});
