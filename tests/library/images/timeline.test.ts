import { expect, it } from 'vitest';
import { transact } from '../../../electron/library/db/database.ts';
import { intentFor, recordRequest, savedImage, testLibrary } from '../test-library.ts';

it('accepts more images in one millisecond than it has slots', async () => {
  const library = await testLibrary();
  const { id: first } = await savedImage(library, { at: 5 });
  const generationId = recordRequest(library, intentFor('crowd'));
  transact(library.db, () => {
    const insert = library.db.prepare(
      `INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at)
       SELECT @timeline, @id, g.job_id, g.id, @index, i.sha256, 1, 1, 7 FROM generations g, images i
       WHERE g.id = @generationId AND i.id = @first`,
    );
    for (let index = 0; index < 1026; index += 1) {
      const id = `01890000-0000-7000-9000-${index.toString(16).padStart(12, '0')}`;
      insert.run({ timeline: 7 * 1024 + index, id, index, generationId, first });
    }
  });
  const image = await savedImage(library, { at: 7 });
  expect(library.db.prepare('SELECT timeline FROM images WHERE id = ?').pluck().get(image.id)).toBe(7 * 1024 + 1026);
});
