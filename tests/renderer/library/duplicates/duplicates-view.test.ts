import axe from 'axe-core';
import { page } from 'vitest/browser';
import { expect, test, vi } from 'vitest';
import type {
  DuplicateGroup,
  DuplicateImage,
  DuplicateSearch,
} from '../../../../electron/contract/entities/duplicates.ts';
import type { ChangeId, TagId } from '../../../../electron/contract/entities/ids.ts';
import DuplicatesView from '../../../../renderer/library/duplicates/DuplicatesView.svelte';
import { renderInApp } from '../../state/render-in-app.ts';
import { image, scriptedStudio } from '../../state/scripted-studio.ts';

const DONE: DuplicateSearch = { state: 'done', progress: 1, images: 90, groups: 1, error: null };

function duplicate(index: number, change: Partial<DuplicateImage> = {}): DuplicateImage {
  return {
    ...image(index),
    marks: { rating: 0, favourite: false, rejected: false },
    stack: 1,
    tags: [],
    collections: 0,
    ...change,
  };
}

const best = duplicate(2, {
  marks: { rating: 4, favourite: true, rejected: false },
  tags: [{ id: 't1' as TagId, path: 'client/acme' }],
});
const GROUP: DuplicateGroup = { id: 0, images: [duplicate(1), best, duplicate(3)], more: 0, keep: best.id };

function change(images: number) {
  const edit = { kind: 'merge' as const, keep: best.id };
  return {
    id: '' as ChangeId,
    edit,
    state: 'done' as const,
    at: 1,
    images,
    applied: images,
    names: [],
    left: 0,
    undoneAt: null,
  };
}

function open(groups: () => DuplicateGroup[], search: () => DuplicateSearch = () => DONE) {
  const merged = vi.fn((payload: { id: ChangeId }) => ({ ...change(3), id: payload.id }));
  const { studio } = scriptedStudio({
    'duplicates.search': search,
    'duplicates.groups': () => ({ groups: groups(), next: null }),
    'changes.apply': merged,
    'changes.undo': ({ id }: { id: ChangeId }) => ({ ...change(3), id, state: 'undone' }),
  });
  return { merged, rendered: renderInApp(DuplicatesView, { studio }, {}) };
}

test('a group shows its images side by side with a suggestion, and merges only on a click', async () => {
  const { merged, rendered } = open(() => [GROUP]);
  await rendered;
  const keep = page.getByRole('button', { name: 'Keep this' });
  await expect.element(keep.nth(1)).toHaveAttribute('aria-pressed', 'true');
  await expect.element(page.getByText('client/acme')).toBeVisible();
  expect(merged).not.toHaveBeenCalled();
  expect((await axe.run(document.body)).violations.map(({ id }) => id)).toEqual([]);

  await keep.nth(2).click();
  await page.getByRole('button', { name: 'Merge and move 2 to the trash' }).click();
  await expect.element(page.getByText('2 images moved to the trash')).toBeVisible();
  expect(merged.mock.calls[0]?.[0]).toMatchObject({
    selection: { kind: 'images', imageIds: GROUP.images.map(({ id }) => id) },
    edit: { kind: 'merge', keep: GROUP.images[2]?.id },
  });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.element(page.getByRole('button', { name: 'Merge and move 2 to the trash' })).toBeVisible();
});

test('a group that has changed is shown again, and nothing is merged', async () => {
  let groups = [GROUP];
  const { merged, rendered } = open(() => groups);
  await rendered;
  const button = page.getByRole('button', { name: 'Merge and move 2 to the trash' });
  await expect.element(button).toBeVisible();
  groups = [{ ...GROUP, images: GROUP.images.slice(0, 2) }];
  await button.click();
  await expect
    .element(page.getByRole('alert'))
    .toHaveTextContent('This group has changed. Nothing was merged. Check the images and merge again.');
  expect(merged).not.toHaveBeenCalled();
  await page.getByRole('button', { name: 'Merge and move 1 to the trash' }).click();
  await expect.poll(() => merged.mock.calls.length).toBe(1);
});

test('the search tells how far it is; without duplicates it says so', async () => {
  let search: DuplicateSearch = { ...DONE, state: 'running', progress: 0.42 };
  await open(
    () => [],
    () => search,
  ).rendered;
  await expect.element(page.getByRole('progressbar', { name: 'Comparing images… 42%' })).toBeVisible();
  search = { ...DONE, groups: 0 };
  await expect.element(page.getByRole('heading', { name: 'No duplicates' })).toBeVisible();
});
