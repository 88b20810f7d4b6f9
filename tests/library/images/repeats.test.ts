import { describe, expect, it } from 'vitest';
import { readImage } from '../../../electron/library/image-record.ts';
import { saveImage } from '../../../electron/library/images/save-image.ts';
import { receiveFile, intentFor, recordRequest, savedImage, smallPng, testLibrary } from '../test-library.ts';

describe('an image that repeats another', () => {
  it('names it while it is in the library', async () => {
    const library = await testLibrary();
    const before = await savedImage(library);
    const { request, ...intent } = intentFor('again');
    const generationId = recordRequest(library, { ...intent, request: { ...request, repeats: before.id } });
    const file = await receiveFile(library, await smallPng());
    const after = await saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 1 });
    expect(readImage(library.db, after.id)?.repeats).toBe(before.id);
    expect(readImage(library.db, before.id)).toMatchObject({ repeats: null, repeatedBy: [{ id: after.id }] });
    expect(readImage(library.db, after.id)?.repeatedBy).toEqual([]);
    library.db.prepare('UPDATE images SET deleted_at = 1 WHERE id = ?').run(before.id);
    expect(readImage(library.db, after.id)?.repeats).toBeNull();
    library.db.prepare('UPDATE images SET deleted_at = 1 WHERE id = ?').run(after.id);
    expect(readImage(library.db, before.id)?.repeatedBy).toEqual([]);
  });

  it('is found without scanning all jobs', async () => {
    const { db } = await testLibrary();
    const sql = "EXPLAIN QUERY PLAN SELECT id FROM jobs WHERE json_extract(request, '$.repeats') = ?";
    expect(db.prepare(sql).get('x')).toMatchObject({ detail: expect.stringContaining('jobs_repeating') });
  });
});
