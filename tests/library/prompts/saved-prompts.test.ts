import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import type { SavedPromptId } from '../../../electron/contract/entities/ids.ts';
import type { Library } from '../../../electron/library/library.ts';
import {
  listPromptVersions,
  listSavedPrompts,
  removePrompt,
  restorePrompt,
  savePrompt,
} from '../../../electron/library/prompts/saved-prompts.ts';
import { saveImage } from '../../../electron/library/images/save-image.ts';
import { intentFor, receiveFile, recordRequest, reportOf, smallPng, testLibrary } from '../test-library.ts';

const newId = (): SavedPromptId => uuid() as SavedPromptId;

function save({ db }: Library, text: string, at: number, promptId = newId()): SavedPromptId {
  return savePrompt(db, { promptId, name: 'Fox', tags: ['Animals', 'animals'], text }, at).id;
}

/** An image of a prompt; with the version of a saved prompt that it was made from. */
async function imageOf(library: Library, prompt: string, savedPrompt?: { id: SavedPromptId; version: number }) {
  const intent = intentFor(prompt);
  const request = savedPrompt ? { ...intent.request, savedPrompt } : intent.request;
  const generationId = recordRequest(library, { ...intent, request });
  const file = await receiveFile(library, await smallPng());
  return saveImage(library, { generationId, position: 0, revisedPrompt: null, at: Date.now(), file });
}

function rate({ db }: Library, id: string, rating: number): void {
  db.prepare('UPDATE images SET rating = ? WHERE id = ?').run(rating, id);
}

const best = async ({ db }: Library): Promise<string | undefined> => (await listSavedPrompts(db))[0]?.bestImage?.id;

it('keeps a version for each changed text, newest first, and none for a new name', async () => {
  const library = await testLibrary();
  const id = save(library, 'a fox', 1);
  save(library, 'a red fox', 2, id);
  savePrompt(library.db, { promptId: id, name: 'Red fox', tags: [], text: 'a red fox' }, 3);
  expect(listPromptVersions(library.db, id)).toEqual([
    { version: 2, text: 'a red fox', createdAt: 2 },
    { version: 1, text: 'a fox', createdAt: 1 },
  ]);
  expect(await listSavedPrompts(library.db)).toEqual([
    { id, name: 'Red fox', tags: [], text: 'a red fox', version: 2, createdAt: 1, changedAt: 3, bestImage: null },
  ]);
});

it('stores a tag once, ignoring case', async () => {
  const library = await testLibrary();
  save(library, 'a fox', 1);
  expect((await listSavedPrompts(library.db))[0]?.tags).toEqual(['animals']);
});

it('removes a prompt and restores it with its versions', async () => {
  const library = await testLibrary();
  const id = save(library, 'a fox', 1);
  removePrompt(library.db, id, 2);
  expect(await listSavedPrompts(library.db)).toEqual([]);
  expect(restorePrompt(library.db, id)).toMatchObject({ id, text: 'a fox', version: 1 });
  expect(await listSavedPrompts(library.db)).toHaveLength(1);
  expect(await reportOf(() => restorePrompt(library.db, newId()))).toMatchObject({ code: 'not-found' });
  expect(await reportOf(() => removePrompt(library.db, newId(), 1))).toMatchObject({ code: 'not-found' });
});

it('names the best-rated image of any version, the newest of several, none from the trash', async () => {
  const library = await testLibrary();
  const [first, second] = [await imageOf(library, 'a fox'), await imageOf(library, 'a red fox')];
  const other = await imageOf(library, 'a red fox in the snow');
  rate(library, other.id, 5);
  const id = save(library, 'a fox', 1);
  expect(await best(library)).toBe(first.id);
  save(library, 'a red fox', 2, id);
  expect(await best(library)).toBe(second.id);
  rate(library, first.id, 4);
  expect(await best(library)).toBe(first.id);
  library.db.prepare('UPDATE images SET deleted_at = 1 WHERE id = ?').run(first.id);
  expect(await best(library)).toBe(second.id);
});

it('counts an image whose request named the version, whatever was filled in', async () => {
  const library = await testLibrary();
  const id = save(library, 'a {subject} at dusk', 1);
  await imageOf(library, 'a boat at dusk');
  expect(await best(library)).toBeUndefined();
  const image = await imageOf(library, 'a fox at dusk', { id, version: 1 });
  expect(await best(library)).toBe(image.id);
});

it('sends a request that names a prompt of another library', async () => {
  const library = await testLibrary();
  const image = await imageOf(library, 'a fox', { id: newId(), version: 3 });
  expect(image.prompt).toBe('a fox');
});

it('shows a prompt whose tags can’t be read, without them', async () => {
  const library = await testLibrary();
  save(library, 'a fox', 1);
  library.db.exec(`UPDATE saved_prompts SET tags = '[1]'`);
  expect(await listSavedPrompts(library.db)).toMatchObject([{ text: 'a fox', tags: [] }]);
});
