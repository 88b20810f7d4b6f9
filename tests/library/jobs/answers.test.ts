import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { GenerationId, ImageId } from '../../../electron/contract/entities/ids.ts';
import { addDocument, readDocuments } from '../../../electron/library/jobs/answers.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { saveImage } from '../../../electron/library/images/save-image.ts';
import { listOutdatedSidecars, writeSidecar } from '../../../electron/library/sidecars.ts';
import { finishGeneration } from '../../../electron/library/jobs/generations.ts';
import { MAX_SOURCE_LENGTH, readSvgSource } from '../../../electron/library/images/svg-source.ts';
import { arrive, intentFor, recorded, refusal, savedImage, smallPng, testLibrary, withBytes } from '../test-library.ts';

describe('the stored response', () => {
  it('keeps documents in order, whatever they contain', async () => {
    const library = await testLibrary();
    const id = recorded(library, intentFor('a fox'));
    const other = recorded(library, intentFor('a hare'));
    const documents = [{ a: [1, null, '“ü” \ud800 \u0000'] }, [], 'text', 7, null, { $: '$[#]', '': { deep: [[]] } }];
    for (const document of documents) addDocument(library.db, id, document);
    expect(readDocuments(library.db, id)).toEqual(documents);
    expect(readDocuments(library.db, other)).toEqual([]);
  });

  it('makes an existing sidecar outdated', async () => {
    const library = await testLibrary();
    const id = recorded(library, intentFor('a fox'));
    finishGeneration(library.db, id, { state: 'failed', at: 1, answer: null, billing: 'none', error: null });
    await writeSidecar(library, id);
    expect(listOutdatedSidecars(library.db)).toEqual([]);
    addDocument(library.db, id, { late: true });
    expect(listOutdatedSidecars(library.db)).toEqual([id]);
  });

  it('requires an existing request', async () => {
    const { db } = await testLibrary();
    expect(() => addDocument(db, '00000000-0000-7000-8000-000000000001' as GenerationId, {})).toThrow();
  });
});

describe('an SVG’s source', () => {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><title>ü</title></svg>';

  it('is its text', async () => {
    const library = await testLibrary();
    const { id } = await savedImage(library, { bytes: Buffer.from(drawing) });
    expect(await readSvgSource(library, id)).toEqual({ text: drawing, cut: false });
  });

  it('is cut at the limit', async () => {
    const library = await testLibrary();
    const long = drawing.replace('</svg>', `<!--${'é'.repeat(MAX_SOURCE_LENGTH)}--></svg>`);
    const { id } = await savedImage(library, { bytes: Buffer.from(long) });
    const { text, cut } = await readSvgSource(library, id);
    expect([text.length, cut]).toEqual([MAX_SOURCE_LENGTH, true]);
    expect(long.startsWith(text)).toBe(true);
  });

  it('fails for pixel formats, unknown images and missing files', async () => {
    const library = await testLibrary();
    const pixels = await savedImage(library);
    expect(await refusal(() => readSvgSource(library, pixels.id))).toMatchObject({ code: 'unsupported-here' });
    const nobody = '00000000-0000-7000-8000-000000000001' as ImageId;
    expect(await refusal(() => readSvgSource(library, nobody))).toMatchObject({ code: 'not-found' });
    const saved = await savedImage(library, { bytes: Buffer.from(drawing) });
    const path = originalPath(library.folder, withBytes(library, saved).sha256, 'svg');
    rmSync(path);
    expect(await refusal(() => readSvgSource(library, saved.id))).toMatchObject({ code: 'file-missing' });
  });
});

describe('an image that repeats another', () => {
  it('names it while it is in the library', async () => {
    const library = await testLibrary();
    const before = await savedImage(library);
    const { request, ...intent } = intentFor('again');
    const generationId = recorded(library, { ...intent, request: { ...request, repeats: before.id } });
    const file = await arrive(library, await smallPng());
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
