import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { BatchRequest } from '../../../electron/contract/rules/batch.ts';
import type { BatchId } from '../../../electron/contract/entities/ids.ts';
import type { Input, JobRequest } from '../../../electron/contract/entities/requests.ts';
import { readBatch, readBatchIntent, recordBatch } from '../../../electron/library/jobs/batches.ts';
import { listJobs, recordIntent, type Intent } from '../../../electron/library/jobs/jobs.ts';
import { intentFor, PROFILE, reportOf, testLibrary } from '../test-library.ts';

const newId = (): BatchId => uuid() as BatchId;

function batchInput(): { request: BatchRequest; intents: (id: BatchId) => Intent[] } {
  const base: JobRequest = {
    operation: 'create',
    profileId: PROFILE,
    parameters: { model: 'gpt-image-2', prompt: 'a {red|green} kite' },
  };
  return {
    request: { base, models: [], qualities: [] },
    intents: (id) =>
      ['a red kite', 'a green kite'].map((prompt, place) => intentFor(prompt, { batch: { id, at: [place] } })),
  };
}

describe('a batch', () => {
  it('is recorded with its jobs, each with its position', async () => {
    const { db } = await testLibrary();
    const id = newId();
    const { request, intents } = batchInput();
    recordIntent(db, intentFor('something else'));
    recordBatch(db, { id, request, createdAt: 7 }, intents(id));
    expect(readBatchIntent(db, id)).toEqual({ id, request, createdAt: 7 });
    const batch = readBatch(db, id);
    expect(batch?.axes).toEqual([{ kind: 'variable', values: ['red', 'green'] }]);
    expect(batch?.cells.map(({ at, job }) => [at, job.batchId, job.request.parameters])).toEqual([
      [[0], id, expect.objectContaining({ prompt: 'a red kite' })],
      [[1], id, expect.objectContaining({ prompt: 'a green kite' })],
    ]);
    expect(readBatch(db, newId())).toBeNull();
  });

  it('is recorded completely or not at all', async () => {
    const { db } = await testLibrary();
    const id = newId();
    const { request, intents } = batchInput();
    const missing: Input = { role: 'image', sha256: 'a'.repeat(64) as Input['sha256'], image: null };
    const [first, second] = intents(id);
    if (!first || !second) throw new Error('Two jobs.');
    const parameters = { model: 'gpt-image-2', prompt: 'an edit' };
    const broken = {
      ...second,
      request: { operation: 'edit' as const, profileId: PROFILE, parameters, inputs: [missing] },
    };
    expect((await reportOf(() => recordBatch(db, { id, request, createdAt: 7 }, [first, broken]))).code).toBe(
      'input-invalid',
    );
    expect(readBatchIntent(db, id)).toBeNull();
    expect(listJobs(db)).toEqual([]);
  });
});
