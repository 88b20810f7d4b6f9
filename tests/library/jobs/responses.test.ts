import { describe, expect, it } from 'vitest';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import { finishGeneration } from '../../../electron/library/jobs/generations.ts';
import { addDocument, readDocuments } from '../../../electron/library/jobs/responses.ts';
import { listOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { writeSidecar } from '../../../electron/library/sidecars/write-sidecar.ts';
import { intentFor, recordRequest, testLibrary } from '../test-library.ts';

describe('the stored response', () => {
  it('keeps documents in order, whatever they contain', async () => {
    const library = await testLibrary();
    const id = recordRequest(library, intentFor('a fox'));
    const other = recordRequest(library, intentFor('a hare'));
    const documents = [{ a: [1, null, '“ü” \ud800 \u0000'] }, [], 'text', 7, null, { $: '$[#]', '': { deep: [[]] } }];
    for (const document of documents) addDocument(library.db, id, document);
    expect(readDocuments(library.db, id)).toEqual(documents);
    expect(readDocuments(library.db, other)).toEqual([]);
  });

  it('makes an existing sidecar outdated', async () => {
    const library = await testLibrary();
    const id = recordRequest(library, intentFor('a fox'));
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
