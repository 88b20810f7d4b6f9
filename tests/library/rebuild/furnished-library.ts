import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CollectionId, SavedPromptId } from '../../../electron/contract/entities/ids.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { openLibrary } from '../../../electron/library/library.ts';
import { savePrompt } from '../../../electron/library/prompts/saved-prompts.ts';
import { createCollection } from '../../fakes/collections.ts';
import { importedImage } from '../imported-image.ts';
import { openOrder } from '../order/order-fixtures.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder } from '../test-library.ts';
import { endedEdit, endedImage, failedRequest } from './ended-requests.ts';
import { rowsOf } from './library-rows.ts';

/** Removes a library's database with its log. */
export function removeDatabase(folder: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `library.db${end}`), { force: true });
}

/** A library with one of everything, closed. @returns its folder, and its rows as they were */
export async function furnished(): Promise<{ folder: string; rows: Record<string, unknown[]> }> {
  const folder = join(await emptyFolder(), 'library');
  const library = await openLibrary(folder, sharedDecoding);
  const { db } = library;
  const first = await endedImage(library, 'a fox in snow');
  const edited = await endedEdit(library, first, 'the same fox at dusk');
  const second = await endedImage(library, 'a red house', 2);
  const trashed = await endedImage(library, 'a failed attempt');
  failedRequest(library, 'a refused prompt');
  const photo = await importedImage(library, {
    prompt: 'a fox, photographed',
    model: 'sd_xl',
    at: Date.UTC(2025, 3, 1),
  });
  const { apply } = openOrder(library);
  const parent = createCollection(db, 'Client', 1);
  const child = createCollection(db, 'Winter', 2);
  const smart = createCollection(db, 'Best', 3);
  db.prepare('UPDATE collections SET parent = (SELECT key FROM collections WHERE id = ?) WHERE id = ?').run(
    parent.id,
    child.id,
  );
  db.prepare("UPDATE collections SET query = 'rating:>=4' WHERE id = ?").run(smart.id);
  db.prepare('UPDATE collections SET cover = (SELECT timeline FROM images WHERE id = ?) WHERE id = ?').run(
    second.id,
    child.id,
  );
  const collect = async (ids: (typeof first.id)[], collectionId: CollectionId): Promise<unknown> =>
    apply(ids, { kind: 'collect', collectionId, on: true, before: null });
  await apply([first.id, photo.id], { kind: 'rate', rating: 5 });
  await apply([second.id], { kind: 'favourite', on: true });
  await apply([edited.id], { kind: 'reject', on: true });
  await apply([first.id], { kind: 'note', note: 'the client’s choice\n“snow”' });
  await apply([first.id, photo.id], { kind: 'tag', add: ['client/acme', 'Füchse'], remove: [] });
  await collect([second.id, first.id], child.id);
  await collect([photo.id], parent.id);
  await apply([trashed.id], { kind: 'trash' });
  const promptId = '01890000-0000-7000-8000-00000000aaaa' as SavedPromptId;
  savePrompt(db, { promptId, name: 'Fox', tags: ['animals'], text: 'a {colour} fox' }, 5);
  savePrompt(db, { promptId, name: 'Fox', tags: ['animals'], text: 'a {colour} fox in snow' }, 6);
  await backfill(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
  const rows = rowsOf(library);
  library.close();
  return { folder, rows };
}
