import { expect, it } from 'vitest';
import type { ChangeId, ImageId } from '../../../electron/contract/entities/ids.ts';
import { v7 as uuid } from 'uuid';
import { reindexImages } from '../../../electron/library/images/reindex-images.ts';
import type { Library } from '../../../electron/library/library.ts';
import { applyAtOnce, putAtOnce } from '../../../electron/library/order/apply-entry.ts';
import { planEdit } from '../../../electron/library/order/edit-plans.ts';
import { askLibrary } from '../index/ask-library.ts';
import { savedImage, testLibrary } from '../test-library.ts';

function found(library: Library, search: string): ImageId[] {
  return askLibrary(library)
    .find(search)
    .map(({ id }) => id);
}

function timelineOf({ db }: Library, id: ImageId): number {
  return db.prepare<[string], number>('SELECT timeline FROM images WHERE id = ?').pluck().get(id) ?? 0;
}

it('finds an image by its note as soon as it has one, and no more after undo', async () => {
  const library = await testLibrary();
  const { db } = library;
  const image = await savedImage(library, { prompt: 'a lighthouse' });
  const plan = planEdit(db, { kind: 'note', note: 'Für Ánna' }, [timelineOf(library, image.id)], 1);
  const entry = applyAtOnce(db, plan, { id: uuid() as ChangeId, at: 1 });
  expect(found(library, 'anna')).toEqual([image.id]);
  expect(found(library, 'lighthouse')).toEqual([image.id]);
  if (entry) putAtOnce(db, entry, 'back', 2);
  expect(found(library, 'anna')).toEqual([]);
  expect(found(library, 'lighthouse')).toEqual([image.id]);
});

it('finds an image by its revised prompt, but no phrase across two texts', async () => {
  const library = await testLibrary();
  const { db } = library;
  const image = await savedImage(library, { prompt: 'a red house' });
  db.exec("UPDATE images SET revised_prompt = 'boat on a lake', note = 'finished'");
  reindexImages(db, [timelineOf(library, image.id)]);
  for (const search of ['boat', 'house boat', '"red house"', '"on a lake"', 'finished'])
    expect(found(library, search)).toEqual([image.id]);
  for (const search of ['"house boat"', '"lake finished"', '\ue7ff', '"house \ue7ff boat"'])
    expect(found(library, search)).toEqual([]);
});

it('finds a variation by the prompt of the image that it was made from, and an edit by its file’s name', async () => {
  const library = await testLibrary();
  const { db } = library;
  const [first, second, third] = [
    await savedImage(library, { prompt: 'a lighthouse' }),
    await savedImage(library, { prompt: ' ' }),
    await savedImage(library, { prompt: '' }),
  ];
  const input = db.prepare(`INSERT INTO inputs SELECT ?, ?, 'image', sha256, ? FROM images WHERE id = ?`);
  input.run(second.generationId, 0, first.id, first.id);
  input.run(third.generationId, 0, second.id, second.id);
  input.run(third.generationId, 1, null, first.id);
  db.exec(`INSERT INTO input_files (sha256, name, width, height, orientation, frames, has_alpha, deeds, added_at)
    SELECT sha256, 'Casa_Azul-3.png', 1, 1, 1, 1, 0, '[]', 1 FROM images WHERE id = '${first.id}'`);
  reindexImages(
    db,
    [second, third].map(({ id }) => timelineOf(library, id)),
  );
  expect(found(library, 'lighthouse')).toEqual([third.id, second.id, first.id]);
  expect(found(library, 'casa azul')).toEqual([third.id, second.id]);
});
