import { expect, onTestFinished, test } from 'vitest';
import type { Change, OrderEdit } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId, TagId } from '../../../electron/contract/entities/ids.ts';
import { announceChanges } from '../../../renderer/order/announce-changes.ts';
import { Toasts } from '../../../renderer/shared/feedback/toasts.svelte.ts';
import { LibraryChanges } from '../../../renderer/state/library/changes.svelte.ts';
import { scriptedStudio, uuid } from '../state/scripted-studio.ts';

/** What is said after a tag was renamed, with Undo. */
async function saidOf(more: Partial<OrderEdit>): Promise<string | undefined> {
  const edit = { kind: 'tag-rename', tagId: uuid(7) as TagId, from: 'wip', to: 'later', ...more } as OrderEdit;
  const { studio } = scriptedStudio();
  const changes = new LibraryChanges({ studio, view: { patch: () => () => undefined } });
  const toasts = new Toasts();
  onTestFinished(announceChanges(changes, toasts));
  await changes.perform('apply', (id: ChangeId): Promise<Change> =>
    Promise.resolve({
      ...{ id, state: 'done', edit, names: [], images: 0, applied: 0, left: 0, at: 1, undoneAt: null },
    }),
  );
  return toasts.current?.message;
}

test('a rename says which saved queries couldn’t follow it, and nothing where all could', async () => {
  expect(await saidOf({})).toBe('Renamed the tag “wip” to “later”');
  expect(await saidOf({ tooLong: ['Best of'] })).toBe(
    'Renamed the tag “wip” to “later”. The smart collection “Best of” still uses the old name: with the new one, its query would be too long',
  );
  expect(await saidOf({ tooLong: ['Best of', 'Old'] })).toMatch(
    /The smart collections “Best of”, “Old” still use the old name: with the new one, their queries would be too long$/u,
  );
});
