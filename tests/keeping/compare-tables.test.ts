import { expect, test } from 'vitest';
import { openLibrary } from '../../electron/library/library.ts';
import { furnished } from '../library/rebuild/furnished-library.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { compareTables, readTables, unknownTables } from './compare-tables.ts';

test('a lost note, another rating, a link less and a tag more are found, and nothing else', async () => {
  const { folder } = await furnished();
  const { db, close } = await openLibrary(folder, sharedDecoding);
  expect(unknownTables(db)).toEqual([]);
  const before = readTables(db);
  const differing = (): string[] =>
    compareTables(before, readTables(db)).flatMap(({ name, before, same, more }) =>
      same === before && more === 0 ? [] : [`${name}: ${same - before}, +${more}`],
    );
  expect(differing()).toEqual([]);
  db.exec('UPDATE images SET note = NULL WHERE note IS NOT NULL');
  db.exec('UPDATE images SET rating = 4 WHERE timeline = (SELECT min(timeline) FROM images WHERE rating = 5)');
  db.exec('UPDATE inputs SET image_id = NULL WHERE image_id IS NOT NULL');
  db.exec(`INSERT INTO image_tags (tag, timeline) SELECT t.key, i.timeline FROM tags t JOIN images i WHERE i.deleted_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM image_tags m WHERE m.tag = t.key AND m.timeline = i.timeline) LIMIT 1`);
  expect(differing()).toEqual([
    'images: -2, +2',
    'inputs: -1, +1',
    // How many images it has.
    'tags: -1, +1',
    'tagged: 0, +1',
    'ratings, favourites, rejects: -1, +1',
    'notes: -1, +0',
    'tags of images: 0, +1',
    'family links: -1, +0',
  ]);
  db.exec('CREATE TABLE unknown (x)');
  expect(unknownTables(db)).toEqual(['unknown']);
  close();
});
