import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { CollectionId, GenerationId } from '../../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { addDocument, readDocuments } from '../../../electron/library/jobs/responses.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import { collect, createCollection } from '../../fakes/collections.ts';
import { sidecarPath } from '../../../electron/library/files/folders.ts';
import { finishGeneration, markSent, readGeneration } from '../../../electron/library/jobs/generations.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { savePartial, saveImage } from '../../../electron/library/images/save-image.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { listOutdatedSidecars, writeSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { readGenerationSidecar } from '../../../electron/library/sidecars/sidecar-schema.ts';
import { writeSidecar } from '../../../electron/library/sidecars/write-sidecar.ts';
import {
  receiveFile,
  intentFor,
  PROFILE,
  recordRequest,
  reportOf,
  savedImage,
  smallPng,
  testLibrary,
  withBytes,
} from '../test-library.ts';

const CLICKED = Date.UTC(2026, 10, 30, 23, 59, 59, 123);

describe('a sidecar', () => {
  it('contains everything the rows contain', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const source = await savedImage(library);
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
    const id = recordRequest(library, intent);
    markSent(db, id, CLICKED + 1);
    await savePartial(library, {
      generationId: id,
      index: 0,
      file: await receiveFile(library, await smallPng()),
      at: CLICKED + 2,
    });
    const saved = await saveImage(library, {
      generationId: id,
      position: 0,
      file: await receiveFile(library, await smallPng(20, 10)),
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
    await writeSidecar(library, id);

    const path = join(folder, 'records', '2026', '11', `${id}.json`);
    expect(sidecarPath(folder, id, CLICKED)).toBe(path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      kind: 'emulsion-generation',
      version: 2,
      created_at: '2026-11-30T23:59:59.123Z',
    });

    // The file alone yields the same generation and image as the rows.
    const record = await readGenerationSidecar(path);
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
    const [entry] = record.images;
    const image = readImage(db, saved.id);
    expect(entry).toEqual({
      id: saved.id,
      position: 0,
      sha256: image?.sha256,
      file: `originals/${image?.sha256.slice(0, 2)}/${image?.sha256.slice(2)}.png`,
      format: 'png',
      bytes: saved.bytes,
      cost: null,
      width: 20,
      height: 10,
      revised_prompt: 'a full moon',
      created_at: new Date(CLICKED + 3).toISOString(),
      damaged: false,
      strict: null,
      has_alpha: null,
      thumbhash: null,
      rating: 0,
      favourite: false,
      rejected: false,
      note: '',
      tags: [],
      collections: [],
      stack_cover: false,
      trashed_at: null,
    });
    for (const { file } of [...record.images, ...record.partials, ...record.inputs])
      expect(existsSync(join(folder, file))).toBe(true);
  });

  it('is written for a failed request, and again when something changes', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const id = recordRequest(library, intentFor('refused', { createdAt: CLICKED }));
    const error = {
      code: 'moderation-blocked',
      message: 'The server refused the prompt. Nothing was billed.',
      billing: 'none',
    } as const;
    finishGeneration(db, id, { state: 'failed', at: CLICKED + 5, answer: null, billing: 'none', error });
    expect(listOutdatedSidecars(db)).toEqual([id]);
    await writeSidecar(library, id);
    expect(listOutdatedSidecars(db)).toEqual([]);
    const path = sidecarPath(folder, id, CLICKED);
    expect(await readGenerationSidecar(path)).toMatchObject({ state: 'failed', error, images: [] });
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);

    await saveImage(library, {
      generationId: id,
      position: 0,
      file: await receiveFile(library, await smallPng()),
      revisedPrompt: null,
      at: 1,
    });
    expect(listOutdatedSidecars(db)).toEqual([id]);
    await Promise.all([writeSidecar(library, id), writeSidecar(library, id)]);
    expect((await readGenerationSidecar(path)).images).toHaveLength(1);
  });

  it('that couldn’t be written is written at the next start, with the missing thumbnails', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const image = await savedImage(library, { at: CLICKED });
    finishGeneration(db, image.generationId, {
      state: 'done',
      at: CLICKED,
      answer: null,
      billing: 'billed',
      error: null,
    });
    writeFileSync(join(folder, 'records', '2026'), 'in the way');
    expect((await reportOf(() => writeSidecar(library, image.generationId))).code).toBe('disk-unwritable');
    expect(listOutdatedSidecars(db)).toEqual([image.generationId]);

    const failures: unknown[] = [];
    const onThumbnails = vi.fn();
    await backfill(library, { failed: (thrown) => failures.push(thrown), onThumbnails });
    expect(onThumbnails).toHaveBeenCalledTimes(1);
    expect(failures).toHaveLength(1);
    expect(readImage(db, image.id)?.thumbhash).not.toBeNull();

    rmSync(join(folder, 'records', '2026'));
    await backfill(library, { failed: (thrown) => failures.push(thrown), onThumbnails });
    expect(onThumbnails).toHaveBeenCalledTimes(1);
    expect(failures).toHaveLength(1);
    expect(listOutdatedSidecars(db)).toEqual([]);
    expect(existsSync(sidecarPath(folder, image.generationId, CLICKED))).toBe(true);
  });

  it('is outdated once decoding has found damage, and is written again', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const cut = (await smallPng(200, 200)).subarray(0, 3000);
    const [damaged, sound] = [await savedImage(library, { bytes: cut, at: CLICKED }), await savedImage(library)];
    for (const { generationId } of [damaged, sound]) {
      finishGeneration(db, generationId, { state: 'done', at: CLICKED, answer: null, billing: 'billed', error: null });
      await writeSidecar(library, generationId);
    }
    const path = sidecarPath(folder, damaged.generationId, CLICKED);
    expect((await readGenerationSidecar(path)).images[0]?.damaged).toBe(false);

    for (const { id } of [damaged, sound]) await createThumbnails(library, id);
    // The sound one's lacks its thumbhash.
    expect(listOutdatedSidecars(db).sort()).toEqual([damaged.generationId, sound.generationId].sort());
    for (const { generationId } of [damaged, sound]) await writeSidecar(library, generationId);
    expect((await readGenerationSidecar(path)).images[0]?.damaged).toBe(true);
    // Found a second time, nothing changes.
    await createThumbnails(library, damaged.id);
    expect(listOutdatedSidecars(db)).toEqual([]);
  });

  it('contains damage found at start in images that were never decoded', async () => {
    const library = await testLibrary();
    const cut = (await smallPng(200, 200)).subarray(0, 3000);
    const { generationId } = await savedImage(library, { bytes: cut, at: CLICKED });
    const end = { state: 'done', at: CLICKED, answer: null, billing: 'billed', error: null } as const;
    finishGeneration(library.db, generationId, end);
    await backfill(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
    const record = await readGenerationSidecar(sidecarPath(library.folder, generationId, CLICKED));
    expect(record.images[0]?.damaged).toBe(true);
    expect(listOutdatedSidecars(library.db)).toEqual([]);
  });

  it('names its images’ collections, and is outdated when one changes', async () => {
    const library = await testLibrary();
    const { db, folder } = library;
    const { id: imageId, generationId } = await savedImage(library, { at: CLICKED });
    finishGeneration(db, generationId, { state: 'done', at: CLICKED, answer: null, billing: 'billed', error: null });
    const [ships, boats] = ['Ships', 'Boats'].map((name) => createCollection(db, name, 1).id);
    if (!ships || !boats) throw new Error('Two collections.');
    const fail = (thrown: unknown) => expect.unreachable(String(thrown));
    const put = (collectionId: CollectionId, present = true) => collect(db, collectionId, [imageId], present);
    await writeSidecar(library, generationId);
    put(ships);
    expect(listOutdatedSidecars(db)).toEqual([generationId]);
    put(boats);
    await writeSidecars(library, [generationId], fail);
    expect(listOutdatedSidecars(db)).toEqual([]);
    const named = async () =>
      (await readGenerationSidecar(sidecarPath(folder, generationId, CLICKED))).images[0]?.collections;
    expect(await named()).toEqual([
      { id: boats, name: 'Boats', position: 1, added_at: '1970-01-01T00:00:00.002Z' },
      { id: ships, name: 'Ships', position: 1, added_at: '1970-01-01T00:00:00.002Z' },
    ]);
    // No change, no write.
    put(boats);
    expect(listOutdatedSidecars(db)).toEqual([]);
    put(boats, false);
    await writeSidecars(library, [generationId], fail);
    expect(await named()).toMatchObject([{ id: ships, name: 'Ships' }]);
  });

  it('of an unknown request is rejected', async () => {
    const library = await testLibrary();
    const id = '01890000-0000-7000-8000-000000000000' as GenerationId;
    expect((await reportOf(() => writeSidecar(library, id))).code).toBe('not-found');
  });
});
