import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BatchId, GenerationId } from '../../../electron/contract/entities/ids.ts';
import type { StudioError, ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { storeStrictResult } from '../../../electron/library/images/strict-results.ts';
import { listPendingSaves, recordPendingSave } from '../../../electron/library/files/pending-saves.ts';
import { sidecarPath } from '../../../electron/library/files/folders.ts';
import { readInputs } from '../../../electron/library/inputs/read-inputs.ts';
import { readBatch, recordBatch } from '../../../electron/library/jobs/batches.ts';
import { finishGeneration, markSent, readGeneration } from '../../../electron/library/jobs/generations.ts';
import { readJobHistory } from '../../../electron/library/jobs/job-history.ts';
import { finishJob, listJobs, readJob, recordIntent, startJob } from '../../../electron/library/jobs/jobs.ts';
import { interruptUnfinishedJobs } from '../../../electron/library/jobs/interruption.ts';
import { listRecentJobs } from '../../../electron/library/jobs/recent-jobs.ts';
import { readSpending, readSpendingLines } from '../../../electron/library/jobs/spending.ts';
import { tokenHistory } from '../../../electron/library/jobs/token-history.ts';
import { damagedColumns, type Library } from '../../../electron/library/library.ts';
import { readGenerationSidecar } from '../../../electron/library/sidecars/sidecar-schema.ts';
import { writeSidecar } from '../../../electron/library/sidecars/write-sidecar.ts';
import { addFile, noiseImage } from '../input-images.ts';
import {
  receiveFile,
  intentFor,
  recordRequest,
  reportOf,
  savedImage,
  sha256,
  smallPng,
  testLibrary,
} from '../test-library.ts';

const UNDECODABLE: ErrorReport = { code: 'image-undecodable', message: 'Damaged.', billing: 'none' };
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Overwrites a JSON column, bypassing the database's type checks. */
function overwrite({ db }: Library, table: string, column: string, id: string, text: string): void {
  db.pragma('ignore_check_constraints = ON');
  const key = { landings: 'file', input_files: 'sha256', strict_results: 'image_id', answers: 'generation_id' }[table];
  db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key ?? 'id'} = ?`).run(text, id);
  db.pragma('ignore_check_constraints = OFF');
}

/** Errors published about damaged columns during a test. */
function reported(): StudioError[] {
  const errors: StudioError[] = [];
  const listen = (error: unknown): void => void errors.push(error as StudioError);
  damagedColumns.subscribe(listen);
  onTestFinished(() => {
    damagedColumns.unsubscribe(listen);
  });
  return errors;
}

describe('a job whose request can’t be read', () => {
  it('is a typed error that names table, column and row, and doesn’t hide the other jobs', async () => {
    const library = await testLibrary();
    const { db } = library;
    const errors = reported();
    const [damaged, intact] = [intentFor('damaged'), intentFor('intact')];
    for (const intent of [damaged, intact]) recordIntent(db, intent);
    overwrite(library, 'jobs', 'request', damaged.id, '{"operation":"create"}');

    const refused = await reportOf(() => readJob(db, damaged.id));
    expect(refused).toMatchObject({ code: 'library-damaged', billing: 'none' });
    expect(refused.message).toContain(`table jobs, column request, row ${damaged.id}`);
    expect(listJobs(db).map(({ id }) => id)).toEqual([intact.id]);
    expect(listJobs(db)).toHaveLength(1);
    expect(errors.map(({ message }) => message)).toEqual([refused.message]);

    for (const { id } of [damaged, intact]) finishJob(db, id, { state: 'failed', error: null, at: 3 });
    expect(readJobHistory(db, { after: null, limit: 10 }).jobs.map(({ id }) => id)).toEqual([intact.id]);
  });

  it('hides neither the recent jobs beside it nor the other cells of its batch', async () => {
    const library = await testLibrary();
    const { db } = library;
    const [damaged, intact] = [await savedImage(library), await savedImage(library)];
    overwrite(library, 'jobs', 'request', damaged.jobId, '{}');
    expect(listRecentJobs(db, { limit: 10 }).map(({ jobId }) => jobId)).toEqual([intact.jobId]);

    const batch = { id: uuid() as BatchId, request: { base: intentFor('cell').request, models: [], qualities: [] } };
    const intents = [intentFor('one'), intentFor('two')].map((intent, index) => ({
      ...intent,
      batch: { id: batch.id, at: [index] },
    }));
    recordBatch(db, { ...batch, createdAt: 1 }, intents);
    overwrite(library, 'jobs', 'batch_place', intents[0]?.id ?? '', '["first"]');
    expect(readBatch(db, batch.id)?.cells.map(({ at }) => at)).toEqual([[1]]);
  });

  it('can’t be a sidecar either, and leaves the file of an earlier one alone', async () => {
    const library = await testLibrary();
    const { id, jobId, generationId, createdAt } = await savedImage(library);
    const path = sidecarPath(library.folder, generationId, createdAt);
    await writeSidecar(library, generationId);
    overwrite(library, 'jobs', 'request', jobId, '{"operation":"create"}');
    expect((await reportOf(() => writeSidecar(library, generationId))).code).toBe('library-damaged');
    expect((await readGenerationSidecar(path)).images.map((image) => image.id)).toEqual([id]);
  });
});

describe('a request’s columns', () => {
  it('that can’t be read fail that request’s record only', async () => {
    const library = await testLibrary();
    const [damaged, intact] = [await savedImage(library), await savedImage(library)];
    overwrite(library, 'generations', 'parameters', damaged.generationId, '{"prompt":7}');
    const refused = await reportOf(() => readImage(library.db, damaged.id));
    expect(refused.message).toContain(`table generations, column parameters, row ${damaged.generationId}`);
    expect(readImage(library.db, intact.id)?.generation?.parameters).toMatchObject({ prompt: 'a lighthouse at dusk' });
  });

  it('may hold keys of another version, which are kept', async () => {
    const library = await testLibrary();
    const { db } = library;
    const intent = intentFor('from the future');
    recordIntent(db, intent);
    overwrite(library, 'jobs', 'request', intent.id, JSON.stringify({ ...intent.request, later: { a: 1 } }));
    expect(readJob(db, intent.id)?.request).toEqual({ ...intent.request, later: { a: 1 } });
  });

  it('don’t take a billed request off the list of spending, and don’t stop the token history', async () => {
    const library = await testLibrary();
    const { db } = library;
    const billed = (): GenerationId => {
      const id = recordRequest(library, intentFor('billed'));
      markSent(db, id, 2);
      const answer = { usage: { output_tokens: 100 }, size: '1024x1024' };
      const cost = { cost: 40_000, basis: 'usage' as const, prices: null };
      finishGeneration(db, id, { state: 'done', at: 3, answer, billing: 'billed', error: null, cost });
      return id;
    };
    const damaged = billed();
    overwrite(library, 'generations', 'answer', damaged, '{"usage":7}');
    const intact = billed();
    const { lines } = readSpendingLines(db, { span: ALWAYS, after: null, limit: 10 });
    expect(lines.map(({ generationId, cost, outputTokens }) => [generationId, cost, outputTokens])).toEqual([
      [damaged, 40_000, null],
      [intact, 40_000, 100],
    ]);
    expect(() => tokenHistory(db, readGeneration(db, intact)?.parameters.model ?? '')).not.toThrow();
  });
});

describe('an error column', () => {
  it('that can’t be read becomes an error that says so, with the billing of its row, and startup continues', async () => {
    const library = await testLibrary();
    const { db } = library;
    const intent = intentFor('billed and failed');
    const id = recordRequest(library, intent);
    startJob(db, intent.id, 1);
    markSent(db, id, 2);
    finishGeneration(db, id, { state: 'failed', at: 3, answer: null, billing: 'billed', error: UNDECODABLE });
    overwrite(library, 'generations', 'error', id, '{"code":7}');
    expect(interruptUnfinishedJobs(db, 9)).toEqual([intent.id]);
    expect(readJob(db, intent.id)).toMatchObject({
      state: 'failed',
      error: { code: 'library-damaged', billing: 'billed' },
    });
    expect(readGeneration(db, id)?.error).toMatchObject({ code: 'library-damaged', billing: 'billed' });
  });

  it('keeps the stored name of a code, and reads it under its present name', async () => {
    const library = await testLibrary();
    const { db } = library;
    const image = await savedImage(library);
    storeStrictResult(db, image.id, { state: 'failed', feather: 6, error: UNDECODABLE }, 5);
    const stored = db.prepare<[], { code: string }>("SELECT json_extract(error, '$.code') AS code FROM strict_results");
    expect(stored.get()).toEqual({ code: 'picture-undecodable' });
    expect(readImage(db, image.id)?.strict).toEqual({ state: 'failed', feather: 6, error: UNDECODABLE });

    finishGeneration(db, image.generationId, {
      state: 'failed',
      at: 3,
      answer: null,
      billing: 'possible',
      error: { ...UNDECODABLE, billing: 'possible' },
    });
    expect(readSpending(db, { span: ALWAYS, steps: [] }).uncertain).toMatchObject([{ code: 'image-undecodable' }]);

    await writeSidecar(library, image.generationId);
    const record = await readGenerationSidecar(sidecarPath(library.folder, image.generationId, image.createdAt));
    expect([record.error?.code, record.images[0]?.strict]).toMatchObject([
      'image-undecodable',
      { state: 'failed', error: UNDECODABLE },
    ]);
  });
});

describe('a pending save', () => {
  it('keeps its stored names', async () => {
    const library = await testLibrary();
    const file = await receiveFile(library, await smallPng());
    const target = {
      kind: 'image' as const,
      generationId: uuid() as GenerationId,
      position: 0,
      revisedPrompt: null,
      at: 1,
    };
    recordPendingSave(library.db, { file, format: 'png', target });
    const stored = library.db.prepare<[], { target: string }>('SELECT target FROM landings').get();
    expect(JSON.parse(stored?.target ?? '')).toEqual({ ...target, kind: 'picture' });
    expect(listPendingSaves(library.db, library.folder)).toMatchObject([{ target }]);
  });

  it('whose target can’t be read is quarantined, and the next one is completed', async () => {
    const library = await testLibrary();
    const [lost, found] = [await receiveFile(library, await smallPng()), await receiveFile(library, await smallPng())];
    const generationId = recordRequest(library, intentFor('found'));
    const target = { kind: 'image' as const, generationId, revisedPrompt: null, at: 1 };
    recordPendingSave(library.db, { file: lost, format: 'png', target: { ...target, position: 0 } });
    recordPendingSave(library.db, { file: found, format: 'png', target: { ...target, position: 1 } });
    overwrite(library, 'landings', 'target', lost.path.split(/[\\/]/u).at(-1) ?? '', '{"kind":"poem"}');
    library.close();

    const { recovery, folder } = await testLibrary(library.folder);
    expect(recovery.completed).toHaveLength(1);
    expect(readdirSync(join(folder, 'quarantine'))).toEqual(recovery.quarantined);
    expect(recovery.quarantined).toHaveLength(1);
    expect(recovery.failures).toMatchObject([{ code: 'library-damaged' }]);
  });
});

it('an input whose changes can’t be read says so, and stays an input', async () => {
  const library = await testLibrary();
  const bytes = await noiseImage(30, 20).png().toBuffer();
  await addFile(library, bytes);
  overwrite(library, 'input_files', 'deeds', sha256(bytes), '["cropped", 7]');
  const [input] = await readInputs(library, [sha256(bytes)]);
  expect(input?.changes).toEqual(['What was changed in this file can’t be read from the library.']);
});
