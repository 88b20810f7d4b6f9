import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { CollectionId, GenerationId, JobRequest } from '../../electron/contract/entities.ts';
import { addDocument, readDocuments } from '../../electron/library/jobs/answers.ts';
import { catchUp } from '../../electron/library/backfill.ts';
import { createCollection, putIntoCollection } from '../../electron/library/images/collections.ts';
import { recordPath } from '../../electron/library/files/folders.ts';
import { finishGeneration, markSent, readGeneration } from '../../electron/library/jobs/generations.ts';
import { developPicture, readPicture, savePartial, savePicture } from '../../electron/library/images/save-image.ts';
import { listUnrecorded, readRecord, writeRecord, writeRecords } from '../../electron/library/sidecars.ts';
import {
  arrive,
  intentFor,
  PROFILE,
  recorded,
  refusal,
  savedPicture,
  smallPng,
  testLibrary,
  withBytes,
} from './test-library.ts';

const CLICKED = Date.UTC(2026, 10, 30, 23, 59, 59, 123);

describe('a sidecar', () => {
  it('says all that the rows say', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const source = await savedPicture(library);
    const request: JobRequest = {
      operation: 'edit',
      profileId: PROFILE,
      parameters: { model: 'gpt-image-2', prompt: 'a moon “over” the sea\n🌊', n: 2, quality: 'high', stream: true },
      inputs: [{ role: 'image', image: source.id, sha256: withBytes(library, source).sha256 }],
    };
    const parameters = { ...request.parameters, n: 1 };
    const intent = intentFor('', { request, createdAt: CLICKED });
    const [first] = intent.generations;
    if (!first) throw new Error('one request');
    intent.generations = [{ id: first.id, parameters, n: 1, estimate: null }];
    const id = recorded(library, intent);
    markSent(db, id, CLICKED + 1);
    await savePartial(library, {
      generationId: id,
      index: 0,
      file: await arrive(library, await smallPng()),
      at: CLICKED + 2,
    });
    const saved = await savePicture(library, {
      generationId: id,
      position: 0,
      file: await arrive(library, await smallPng(20, 10)),
      revisedPrompt: 'a full moon',
      at: CLICKED + 3,
    });
    const answer = { created: 1, usage: { input_tokens: 10, output_tokens: 20, total_tokens: 30 } };
    finishGeneration(db, id, {
      state: 'done',
      at: CLICKED + 4,
      answer,
      requestId: 'req_9',
      status: 200,
      billing: 'billed',
      error: null,
    });
    for (const document of [{ type: 'partial' }, answer]) addDocument(db, id, document);
    await writeRecord(library, id);

    const path = join(folder, 'records', '2026', '11', `${id}.json`);
    expect(recordPath(folder, id, CLICKED)).toBe(path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      kind: 'emulsion-generation',
      version: 1,
      created_at: '2026-11-30T23:59:59.123Z',
    });

    // From the file alone comes the same generation and the same picture as from the rows.
    const record = await readRecord(path);
    const time = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));
    expect({
      id: record.id,
      jobId: record.job.id,
      operation: record.operation,
      state: record.state,
      parameters: record.parameters,
      inputs: record.inputs.map(({ role, position, sha256, image_id: imageId }) => ({
        role,
        position,
        sha256,
        imageId,
      })),
      profileName: record.job.profile_name,
      baseUrl: record.job.base_url,
      createdAt: time(record.created_at),
      sentAt: time(record.sent_at),
      finishedAt: time(record.finished_at),
      requestId: record.request_id,
      status: record.status,
      answer: record.answer,
      billing: record.billing,
      cost: record.cost,
      costBasis: record.cost_basis,
      estimate: record.estimate,
      variation: record.job.request.operation === 'edit' && record.job.request.variation === true,
      strict: (record.job.request.operation === 'edit' && record.job.request.strict) || null,
      error: record.error,
      partials: record.partials.map(({ index, bytes, arrived_at }) => ({
        generationId: id,
        index,
        bytes,
        arrivedAt: time(arrived_at),
      })),
    }).toEqual(readGeneration(db, id));
    expect(record.job.request).toEqual(request);
    expect(record.documents).toEqual([{ type: 'partial' }, answer]);
    expect(record.documents).toEqual(readDocuments(db, id));
    const [image] = record.images;
    const picture = readPicture(db, saved.id);
    expect(image).toEqual({
      id: saved.id,
      position: 0,
      sha256: picture?.sha256,
      file: `originals/${picture?.sha256.slice(0, 2)}/${picture?.sha256.slice(2)}.png`,
      format: 'png',
      bytes: saved.bytes,
      cost: null,
      width: 20,
      height: 10,
      revised_prompt: 'a full moon',
      created_at: new Date(CLICKED + 3).toISOString(),
      damaged: false,
      strict: null,
      collections: [],
    });
    for (const { file } of [...record.images, ...record.partials, ...record.inputs])
      expect(existsSync(join(folder, file))).toBe(true);
  });

  it('is written for a request that failed, and again when something changes', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const id = recorded(library, intentFor('refused', { createdAt: CLICKED }));
    const error = {
      code: 'moderation-blocked',
      message: 'The server refused the prompt. Nothing was billed.',
      billing: 'none',
    } as const;
    finishGeneration(db, id, { state: 'failed', at: CLICKED + 5, answer: null, billing: 'none', error });
    expect(listUnrecorded(db)).toEqual([id]);
    await writeRecord(library, id);
    expect(listUnrecorded(db)).toEqual([]);
    const path = recordPath(folder, id, CLICKED);
    expect(await readRecord(path)).toMatchObject({ state: 'failed', error, images: [] });
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);

    await savePicture(library, {
      generationId: id,
      position: 0,
      file: await arrive(library, await smallPng()),
      revisedPrompt: null,
      at: 1,
    });
    expect(listUnrecorded(db)).toEqual([id]);
    await Promise.all([writeRecord(library, id), writeRecord(library, id)]);
    expect((await readRecord(path)).images).toHaveLength(1);
  });

  it('that could not be written is known and written at the next start, with the thumbnails that are missing', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const picture = await savedPicture(library, { at: CLICKED });
    finishGeneration(db, picture.generationId, {
      state: 'done',
      at: CLICKED,
      answer: null,
      billing: 'billed',
      error: null,
    });
    writeFileSync(join(folder, 'records', '2026'), 'in the way');
    expect((await refusal(() => writeRecord(library, picture.generationId))).code).toBe('disk-unwritable');
    expect(listUnrecorded(db)).toEqual([picture.generationId]);

    const failures: unknown[] = [];
    const developed = vi.fn();
    await catchUp(library, { failed: (thrown) => failures.push(thrown), developed });
    expect(developed).toHaveBeenCalledTimes(1);
    expect(failures).toHaveLength(1);
    expect(readPicture(db, picture.id)?.thumbhash).not.toBeNull();

    rmSync(join(folder, 'records', '2026'));
    await catchUp(library, { failed: (thrown) => failures.push(thrown), developed });
    expect(developed).toHaveBeenCalledTimes(1);
    expect(failures).toHaveLength(1);
    expect(listUnrecorded(db)).toEqual([]);
    expect(existsSync(recordPath(folder, picture.generationId, CLICKED))).toBe(true);
  });

  it('is out of date once decoding has found damage, and is written again', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const cut = (await smallPng(200, 200)).subarray(0, 3000);
    const [damaged, sound] = [await savedPicture(library, { bytes: cut, at: CLICKED }), await savedPicture(library)];
    for (const { generationId } of [damaged, sound]) {
      finishGeneration(db, generationId, { state: 'done', at: CLICKED, answer: null, billing: 'billed', error: null });
      await writeRecord(library, generationId);
    }
    const path = recordPath(folder, damaged.generationId, CLICKED);
    expect((await readRecord(path)).images[0]?.damaged).toBe(false);

    for (const { id } of [damaged, sound]) await developPicture(library, id);
    expect(listUnrecorded(db)).toEqual([damaged.generationId]);
    await writeRecord(library, damaged.generationId);
    expect((await readRecord(path)).images[0]?.damaged).toBe(true);
    // Found a second time, it is nothing new.
    await developPicture(library, damaged.id);
    expect(listUnrecorded(db)).toEqual([]);
  });

  it('knows of the damage that a start finds among pictures which nobody had looked at', async () => {
    const library = await testLibrary();
    const cut = (await smallPng(200, 200)).subarray(0, 3000);
    const { generationId } = await savedPicture(library, { bytes: cut, at: CLICKED });
    const end = { state: 'done', at: CLICKED, answer: null, billing: 'billed', error: null } as const;
    finishGeneration(library.db, generationId, end);
    await catchUp(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
    const record = await readRecord(recordPath(library.folder, generationId, CLICKED));
    expect(record.images[0]?.damaged).toBe(true);
    expect(listUnrecorded(library.db)).toEqual([]);
  });

  it('names the collections of its pictures, and is out of date when one comes or goes', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const { id: imageId, generationId } = await savedPicture(library, { at: CLICKED });
    finishGeneration(db, generationId, { state: 'done', at: CLICKED, answer: null, billing: 'billed', error: null });
    const [ships, boats] = ['Ships', 'Boats'].map((name) => createCollection(db, name, 1).id);
    if (!ships || !boats) throw new Error('Two collections.');
    const fail = (thrown: unknown) => expect.unreachable(String(thrown));
    const put = (collectionId: CollectionId, present = true) =>
      putIntoCollection(db, { collectionId, imageIds: [imageId], present }, 2);
    await writeRecord(library, generationId);
    expect(put(ships)).toEqual([generationId]);
    expect(listUnrecorded(db)).toEqual([generationId]);
    await writeRecords(library, put(boats), fail);
    expect(listUnrecorded(db)).toEqual([]);
    const named = async () => (await readRecord(recordPath(folder, generationId, CLICKED))).images[0]?.collections;
    expect(await named()).toEqual([
      { id: boats, name: 'Boats' },
      { id: ships, name: 'Ships' },
    ]);
    // What changes nothing writes nothing.
    expect(put(boats)).toEqual([]);
    await writeRecords(library, put(boats, false), fail);
    expect(await named()).toEqual([{ id: ships, name: 'Ships' }]);
  });

  it('of an unknown request is refused', async () => {
    const library = await testLibrary();
    const id = '01890000-0000-7000-8000-000000000000' as GenerationId;
    expect((await refusal(() => writeRecord(library, id))).code).toBe('not-found');
  });
});
